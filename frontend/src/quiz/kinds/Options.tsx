import { Check, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { FeedbackOut, OptionOut } from '../../shared/schema';
import { Text } from '../Text';
import type { AskProps } from './part';

interface Shown {
  isMine: boolean;
  isKey: boolean;
  isWrong: boolean;
}

// Of an answer that was marked; one that was only chosen is neither right nor wrong yet.
function shownOf(option: OptionOut, { item, value, heard }: AskProps): Shown {
  const isMine = option.id === value;
  const isKey = !!heard?.settled && option.id === heard.key;
  const isMarked = !!heard && (heard.settled || heard.verdict === 'wrong') && item.answer === value;
  return { isMine, isKey, isWrong: isMine && !isKey && isMarked };
}

function wordOf({ isMine, isKey, isWrong }: Shown): string {
  if (isKey) return isMine ? 'Right' : 'The right answer';
  return isWrong ? 'Not right' : '';
}

/** Why the chosen option is not right, unless the explanation has said it already. */
function reasonOf(option: OptionOut, heard: FeedbackOut, { isMine, isKey }: Shown): string {
  const reason = isMine && !isKey ? heard.options.find(({ id }) => id === option.id)?.rationale ?? '' : '';
  const quoted = /“(.+)”/s.exec(reason)?.[1] ?? reason;
  return heard.explanation.includes(quoted) ? '' : reason;
}

const Letter = ({ at, isKey, isWrong }: Shown & { at: number }) => (
  <span className="study-letter" aria-hidden="true">{isKey ? <Check /> : isWrong ? <X /> : at + 1}</span>
);

function Words({ option, shown, reason }: { option: OptionOut; shown: Shown; reason: string }) {
  const word = wordOf(shown);
  return (
    <span className="study-option-text">
      <span className="study-said"><Text>{option.text}</Text></span>
      {word ? <em>{word}</em> : null}
      {reason ? <small><Text>{reason}</Text></small> : null}
    </span>
  );
}

// Radio buttons as screen readers know them: one of them takes the focus, the arrows up and down move it.
function move(event: KeyboardEvent<HTMLElement>, i: number) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = event.currentTarget.parentElement?.children;
  if (!step || !buttons) return;
  event.preventDefault();
  (buttons[(i + step + buttons.length) % buttons.length] as HTMLElement).focus();
}

const classesOf = ({ isMine, isKey, isWrong }: Shown) => (
  `study-option ${isMine ? 'is-mine' : ''} ${isKey ? 'is-right' : ''} ${isWrong ? 'is-wrong' : ''}`
);

/** One of several options; `explains`: each has its own reason. */
export function Options({ explains, ...ask }: AskProps & { explains: boolean }) {
  const { item, value, heard, isLocked, change } = ask;
  const inFocus = Math.max(0, item.options.findIndex(({ id }) => id === value));
  return (
    <div className="study-options" role="radiogroup" aria-labelledby={`study-stem-${item.id}`}>
      {item.options.map((option, i) => {
        const shown = shownOf(option, ask);
        return (
          <button key={option.id} data-option={option.id} type="button" role="radio" aria-checked={shown.isMine} disabled={isLocked}
            tabIndex={i === inFocus ? 0 : -1} className={classesOf(shown)} onKeyDown={(event) => move(event, i)} onClick={() => change(option.id)}>
            <Letter at={i} {...shown} />
            <Words option={option} shown={shown} reason={explains && heard?.settled ? reasonOf(option, heard, shown) : ''} />
          </button>
        );
      })}
    </div>
  );
}
