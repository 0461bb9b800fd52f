import type { FeedbackOut, ResultOut } from '../../shared/schema';
import { Text } from '../Text';
import { Options } from './Options';

const nothing = () => undefined;

const heardOf = ({ key, options, verdict, explanation }: ResultOut): FeedbackOut => ({
  settled: true, key, options, verdict, explanation, score: 0, hint: null, evidence: [], attempt: 0, points: [], counts: true,
});

/** The options of a marked question, with the right one and the chosen one. */
export const MarkedOptions = ({ item, explains }: { item: ResultOut; explains: boolean }) => (
  <Options item={item} value={item.answer ?? ''} heard={heardOf(item)} isLocked change={nothing} submit={nothing} explains={explains} />
);

/** A typed answer beside the right one. */
export const MarkedWords = ({ item }: { item: ResultOut }) => (
  <dl className="study-pair">
    <dt>Your answer</dt><dd>{item.answer ? <Text>{item.answer_text ?? item.answer}</Text> : 'none'}</dd>
    <dt>Right answer</dt><dd><Text>{item.accepted[0] ?? item.key}</Text></dd>
  </dl>
);
