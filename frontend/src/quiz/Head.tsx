import { Square } from 'lucide-react';
import { Button } from '../shared/Button';
import type { Round } from './round';
import { isDone, type Quiz } from './state';
import { type Ends, Timer } from './Timer';

const LABELS = { quiz: 'Quiz', practice: 'Practice' };

/** A name in one line; one that is too long for it can be read by pointing at it. */
export const Name = ({ children }: { children: string }) => <span className="study-name" title={children}>{children}</span>;

interface Props {
  quiz: Quiz;
  at: number;
  ends?: Ends;
}

/** What the round is about, the time left, and how far the learner is. */
export function Head({ quiz, at, ends }: Props) {
  const { mode, topic, items, requested, state, seconds_left: seconds } = quiz;
  const done = items.filter((item) => isDone(quiz, item)).length;
  const of = Math.max(state === 'writing' ? requested : 0, items.length);
  return (
    <>
      <div className="study-head">
        <Name>{topic ? `${LABELS[mode]} · ${topic}` : LABELS[mode]}</Name>
        {seconds !== null && ends ? <Timer quiz={quiz} seconds={seconds} {...ends} /> : null}
        <span className="study-state">{at + 1} of {of}</span>
      </div>
      <div className="study-bar" role="progressbar" aria-valuemin={0} aria-valuemax={of} aria-valuenow={done}
        aria-label={`${done} of ${of} ${mode === 'practice' ? 'done' : 'answered'}`}>
        <div style={{ width: `${of ? (100 * done) / of : 0}%` }} />
      </div>
    </>
  );
}

/** How far the writing is, or why there are fewer questions than asked for. */
export function Writing({ quiz, round, isBusy }: { quiz: Quiz; round: Round; isBusy: boolean }) {
  if (quiz.state !== 'writing') return quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null;
  return (
    <div className="study-row study-writing">
      <span className="study-small">Writing questions: {quiz.items.length} of {quiz.requested} are ready.</span>
      <Button Icon={Square} disabled={isBusy} onClick={() => round.stop()}>Stop here</Button>
    </div>
  );
}

/** That something waits for the network. */
export const Cut = ({ isCut }: { isCut: boolean }) => (
  <p className="study-small" role="status">
    {isCut ? 'No connection to StudyRAG. What you answer is kept here and sent as soon as it is back.' : ''}
  </p>
);
