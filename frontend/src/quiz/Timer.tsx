import { Clock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { clock } from '../shared/words';
import type { Quiz } from './state';

const TICK_MS = 500;
const LAST_CALL_S = 2;
const SHORT_S = 60;

/** What the timer tells: at the last call what is typed and not yet sent still counts. */
export interface Ends {
  onLastCall: () => void;
  onEnd: () => void;
}

const leftOf = (allowed: number, since: number): number => Math.max(0, Math.round(allowed - (Date.now() - since) / 1000));

/** How much of the time is left; it runs once all questions are written. */
export function Timer({ quiz, seconds: allowed, ...ends }: Ends & { quiz: Quiz; seconds: number }) {
  const { read_at: since, state } = quiz;
  const told = useRef(ends);
  const [seconds, setSeconds] = useState(() => leftOf(allowed, since));
  useEffect(() => { told.current = ends; });
  useEffect(() => {
    if (state === 'writing') return undefined;
    let isCalled = false;
    const timer = setInterval(() => {
      const left = leftOf(allowed, since);
      setSeconds(left);
      if (left <= LAST_CALL_S && !isCalled) { isCalled = true; told.current.onLastCall(); }
      if (!left) { clearInterval(timer); told.current.onEnd(); }
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [allowed, since, state]);
  const isShort = seconds <= SHORT_S;
  return (
    <>
      <span className={`study-timer ${isShort ? 'is-short' : ''}`} role="timer" aria-label={`${clock(seconds)} left`}>
        <Clock aria-hidden="true" /> {clock(seconds)}
      </span>
      <span className="study-unseen" role="status">{seconds && isShort ? 'Less than a minute left.' : ''}</span>
    </>
  );
}
