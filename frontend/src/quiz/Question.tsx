import type { RefObject } from 'react';
import type { AskedOut } from '../shared/schema';
import { PARTS } from './kinds';
import { Text } from './Text';

const DIFFICULTY = { easy: 'Easy', medium: 'Medium', hard: 'Hard' };

/** What is asked, without the answer. */
export const Question = ({ item, at, heading }: { item: AskedOut; at: number; heading: RefObject<HTMLHeadingElement> }) => (
  <>
    <p className="study-small study-tags">
      {[item.difficulty && DIFFICULTY[item.difficulty], PARTS[item.kind].tag, item.topic].filter(Boolean).join(' · ')}
    </p>
    <h3 className="study-stem" id={`study-stem-${item.id}`} ref={heading} tabIndex={-1}>
      <span className="study-unseen">Question {at + 1}: </span><Text>{item.stem}</Text>
    </h3>
  </>
);

/** The keys of this question; in a field the arrows and figures belong to the text. */
export const Keys = ({ item, enter }: { item: AskedOut; enter: string }) => (
  <span className="study-small study-keys">
    {item.options.length ? <span><kbd>1</kbd>–<kbd>{item.options.length}</kbd> choose</span> : null}
    <span><kbd>Enter</kbd> {enter}</span>
    {item.options.length ? <span><kbd>←</kbd> <kbd>→</kbd> move</span> : null}
  </span>
);
