import { useEffect, useRef } from 'react';
import { Button } from '../shared/Button';
import { count } from '../shared/words';
import type { Round } from './round';
import type { Quiz } from './state';

const NAMED = 12;

interface Props {
  quiz: Quiz;
  round: Round;
  /** Where the questions without an answer stand. */
  open: number[];
  isBusy: boolean;
}

function said({ state, mode }: Quiz, open: number[]): string {
  const named = open.slice(0, NAMED).map((at) => at + 1).join(', ') + (open.length > NAMED ? ', …' : '');
  const isWriting = state === 'writing';
  const asks = open.length || isWriting ? 'Finish anyway?' : mode === 'quiz' ? 'You can still go back and change an answer.' : '';
  return [
    open.length ? `${count(open.length, 'question is', 'questions are')} still open (${named}).` : 'Every question is answered.',
    isWriting ? 'More are still being written.' : '',
    asks,
  ].filter(Boolean).join(' ');
}

/** “Finish anyway?” */
export function Finish({ quiz, round, open, isBusy }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('button')?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const back = () => {
    round.change({ type: 'ending', isEnding: false });
    if (open[0] !== undefined) round.go(open[0]);
  };
  return (
    <div ref={box} className="study-form study-row study-sure" role="alertdialog" aria-label={`Finish this ${quiz.mode}?`}>
      <span>{said(quiz, open)}</span>
      <Button look="primary" disabled={isBusy} onClick={() => round.finish()}>Finish now</Button>
      <Button onClick={back}>Go back</Button>
    </div>
  );
}
