import { ArrowRight, Lightbulb } from 'lucide-react';
import { Button, Link, Problem } from '../shared/Button';
import type { FeedbackOut } from '../shared/schema';
import { Finish } from './Finish';
import { Cut, Head, Writing } from './Head';
import { useKeys } from './keys';
import { PARTS } from './kinds';
import { Places } from './Places';
import { Keys, Question } from './Question';
import { Challenge, ReportBad } from './Remark';
import { heardOf, isDone, type Quiz, type RoundState } from './state';
import { Told } from './Told';
import type { View } from './view';

/** The next question that is not done yet, from here on and around; none when all are. */
function following(quiz: Quiz, at: number): number | undefined {
  const rest = quiz.items.map((_, i) => (at + 1 + i) % quiz.items.length);
  return rest.find((i) => !isDone(quiz, quiz.items[i]!));
}

const hintOf = ({ hints }: RoundState, itemId: string, heard?: FeedbackOut) => hints[itemId] ?? (heard?.settled ? null : heard?.hint);

/** What a learner can do with a question that is marked at once. */
function actsOf({ round, state, quiz, item, at }: View) {
  const heard = heardOf(quiz, item);
  const isSettled = !!heard?.settled;
  const value = state.drafts[item.id] ?? item.answer ?? '';
  const isNew = !!value.trim() && !(heard && value === item.answer); // the same once more is no further try
  const to = following(quiz, at);
  const next = () => { if (to === undefined) round.change({ type: 'ending', isEnding: true }); else round.go(to); };
  return {
    heard, isSettled, value, isNew, next, isLast: to === undefined,
    open: quiz.items.flatMap((one, i) => (isDone(quiz, one) ? [] : [i])),
    hint: hintOf(state, item.id, heard),
    change: (text: string) => { if (!isSettled) round.draft(item.id, text); },
    check: () => { if (isSettled) next(); else if (isNew) round.check(item, value); },
    skip: () => { round.put(item, { skipped: true }); next(); },
  };
}

type Acts = ReturnType<typeof actsOf>;

const Again = ({ view: { round, state, item }, acts }: { view: View; acts: Acts }) => (
  <div className="study-row study-moves">
    <Button disabled={state.isBusy} onClick={() => void round.another(item, 'same')}>Another like this</Button>
    <Button disabled={state.isBusy} onClick={() => void round.another(item, 'easier')}>Easier</Button>
    <Button disabled={state.isBusy} onClick={() => void round.another(item, 'harder')}>Harder</Button>
    <span className="study-space" />
    <Button look="primary" onClick={acts.next}>{acts.isLast ? 'Finish' : 'Next'} <ArrowRight aria-hidden="true" /></Button>
  </div>
);

const Tries = ({ view: { round, state, item }, acts }: { view: View; acts: Acts }) => (
  <div className="study-row study-moves">
    <Button Icon={Lightbulb} disabled={state.isBusy || !!acts.hint} onClick={() => void round.hint(item)}>Hint</Button>
    <Button disabled={state.isBusy} onClick={() => round.reveal(item)}>Show the answer</Button>
    <span className="study-space" />
    {acts.open.length > 1 ? <Button onClick={acts.skip}>Skip</Button> : null}
    <Button look="primary" disabled={state.isBusy || !acts.isNew} onClick={acts.check}>{acts.heard ? 'Try again' : 'Check'}</Button>
  </div>
);

function Moves({ view, acts }: { view: View; acts: Acts }) {
  const { round, state, quiz } = view;
  if (state.isEnding) return <Finish quiz={quiz} round={round} open={acts.open} isBusy={state.isBusy} />;
  return acts.isSettled ? <Again view={view} acts={acts} /> : <Tries view={view} acts={acts} />;
}

function Foot({ view: { round, state, item }, acts }: { view: View; acts: Acts }) {
  const { heard, isSettled } = acts;
  const about = { round, item, isBusy: state.isBusy };
  return (
    <div className="study-row study-foot">
      <Keys item={item} enter={isSettled ? 'next' : 'check'} />
      {isSettled && heard?.attempt && heard.verdict !== 'correct' ? <Challenge key={`challenge-${item.id}`} {...about} /> : null}
      <ReportBad key={item.id} {...about} isReported={item.reported} />
      {state.isEnding ? null : <Link onClick={() => round.change({ type: 'ending', isEnding: true })}>End practice</Link>}
    </div>
  );
}

/** A round that helps and marks at once. */
export function Practice(view: View) {
  const { round, state, quiz, item, at } = view;
  const acts = actsOf(view);
  const { heading, onKeyDown } = useKeys(quiz, item.id, { round, at, choose: acts.change, enter: acts.check });
  const { Ask } = PARTS[item.kind];
  return (
    <section className="study-card study-quiz" aria-label="Practice" onKeyDown={onKeyDown}>
      <Head quiz={quiz} at={at} />
      <Writing quiz={quiz} round={round} isBusy={state.isBusy} />
      <Question item={item} at={at} heading={heading} />
      <Ask key={item.id} item={item} value={acts.value} heard={acts.heard} isLocked={acts.isSettled} change={acts.change} submit={acts.check}
        enterKey={acts.isSettled ? 'next' : 'done'} />
      <Told key={`told-${item.id}`} heard={acts.heard} hint={acts.hint} />
      <Problem>{state.problem}</Problem>
      <Cut isCut={state.isCut} />
      <p className="study-small" role="status">{state.isAwaiting ? 'Writing a question…' : ''}</p>
      <Moves view={view} acts={acts} />
      {quiz.items.length > 1 || quiz.state === 'writing' ? <Places quiz={quiz} at={at} go={(i) => round.go(i)} /> : null}
      <Foot view={view} acts={acts} />
    </section>
  );
}
