import { ArrowLeft, ArrowRight, Flag } from 'lucide-react';
import { Button, Link, Problem } from '../shared/Button';
import { Finish } from './Finish';
import { Cut, Head, Writing } from './Head';
import { useKeys } from './keys';
import { PARTS } from './kinds';
import { Places } from './Places';
import { Keys, Question } from './Question';
import { ReportBad } from './Remark';
import { isAnswered } from './state';
import type { View } from './view';

/** What a learner can do with a question that is marked at the end. */
function actsOf({ round, state, quiz, item, at }: View) {
  const { isTyped } = PARTS[item.kind];
  const draft = state.drafts[item.id];
  const keep = () => { if (isTyped && draft !== undefined) round.save(item, draft); };
  const hasAnswer = !!(draft ?? item.answer)?.trim();
  const open = quiz.items.flatMap((one, i) => (one.reported || isAnswered(one) || (one.id === item.id && hasAnswer) ? [] : [i]));
  const ask = () => round.change({ type: 'ending', isEnding: true });
  return {
    open, hasAnswer, keep, isTyped, value: (isTyped ? draft : undefined) ?? item.answer ?? '', isLast: at + 1 >= quiz.items.length,
    change: (value: string) => (isTyped ? round.draft(item.id, value) : round.save(item, value)),
    next: () => { keep(); if (at + 1 < quiz.items.length) round.go(at + 1); else ask(); },
    finish: () => { keep(); if (open.length || quiz.state === 'writing') ask(); else round.finish(); },
    skip: () => { round.put(item, { skipped: true }); round.go(at + 1); },
    flag: () => round.put(item, { flagged: !item.flagged }),
  };
}

type Acts = ReturnType<typeof actsOf>;

const Moves = ({ view: { round, state, item, at }, acts }: { view: View; acts: Acts }) => (
  <div className="study-row study-moves">
    <Button Icon={ArrowLeft} aria-label="Previous question" disabled={!at} onClick={() => round.go(at - 1)} />
    <Button Icon={Flag} aria-pressed={item.flagged} onClick={acts.flag}>{item.flagged ? 'Flagged' : 'Flag'}</Button>
    <span className="study-space" />
    {!acts.isLast && !acts.hasAnswer ? <Button onClick={acts.skip}>Skip</Button> : null}
    {acts.isLast
      ? <Button look="primary" disabled={state.isBusy} onClick={acts.finish}>Finish</Button>
      : <Button look="primary" onClick={acts.next}>Next <ArrowRight aria-hidden="true" /></Button>}
  </div>
);

/** A round that is marked at its end. */
export function Quiz(view: View) {
  const { round, state, quiz, item, at } = view;
  const acts = actsOf(view);
  const { heading, onKeyDown } = useKeys(quiz, item.id, { round, at, choose: acts.change, enter: acts.next });
  const { Ask } = PARTS[item.kind];
  return (
    <section className="study-card study-quiz" aria-label="Quiz" onKeyDown={onKeyDown}>
      <Head quiz={quiz} at={at} ends={{ onLastCall: acts.keep, onEnd: () => round.late() }} />
      <Writing quiz={quiz} round={round} isBusy={state.isBusy} />
      <Question item={item} at={at} heading={heading} />
      <Ask key={item.id} item={item} value={acts.value} change={acts.change} submit={acts.next} leave={acts.keep} enterKey="next" />
      <Problem>{state.problem}</Problem>
      <Cut isCut={state.isCut} />
      {state.isEnding ? <Finish quiz={quiz} round={round} open={acts.open} isBusy={state.isBusy} /> : <Moves view={view} acts={acts} />}
      <Places quiz={quiz} at={at} go={(i) => round.go(i)} />
      <div className="study-row study-foot">
        <Keys item={item} enter="next" />
        <ReportBad key={item.id} round={round} item={item} isBusy={state.isBusy} isReported={item.reported} />
        {acts.isLast || state.isEnding ? null : <Link onClick={acts.finish}>Finish the quiz</Link>}
      </div>
    </section>
  );
}
