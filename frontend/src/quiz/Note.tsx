import { Square } from 'lucide-react';
import { Button, Problem } from '../shared/Button';
import type { Round } from './round';
import type { RoundState } from './state';

/** A card that has nothing but a sentence to show. */
export const Note = ({ children, isProblem = false }: { children: string; isProblem?: boolean }) => (
  <section className="study-card study-quiz">
    <p className={isProblem ? 'study-problem' : 'study-small'} role="status">{children}</p>
  </section>
);

/** Until the first question is written. */
export const First = ({ round, state }: { round: Round; state: RoundState }) => (
  <section className="study-card study-quiz">
    <div className="study-row study-writing">
      <span className="study-small" role="status">Writing the first question…</span>
      <Button Icon={Square} disabled={state.isBusy} onClick={() => round.stop()}>Stop</Button>
    </div>
    <Problem>{state.problem}</Problem>
  </section>
);
