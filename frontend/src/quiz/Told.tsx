import { Lightbulb } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import type { FeedbackOut } from '../shared/schema';
import { Pages } from './Pages';
import { Text } from './Text';
import { OUTCOMES, Verdict } from './verdicts';

function verdictIn({ verdict, settled }: FeedbackOut): string | null {
  if (!verdict) return 'The answer';
  return settled || verdict !== 'wrong' ? null : 'Not yet';
}

const isSame = (one?: FeedbackOut, other?: FeedbackOut) => one?.attempt === other?.attempt && one?.settled === other?.settled;

/** What comes next is in view, and above all what was said; once settled it takes the focus, for its button is gone. */
function bring(told: HTMLElement, isSettled: boolean) {
  const card = told.closest('section')!;
  card.querySelector('.study-moves')?.scrollIntoView({ block: 'nearest' });
  told.scrollIntoView({ block: 'nearest' });
  if (isSettled && card.contains(document.activeElement)) told.focus({ preventScroll: true });
}

/** Follows what is said to the answers of one question. */
function useAttention(box: RefObject<HTMLElement>, heard: FeedbackOut | undefined) {
  const last = useRef(heard);
  useEffect(() => {
    const isNew = !isSame(heard, last.current);
    last.current = heard;
    if (isNew && box.current) bring(box.current, !!heard?.settled);
  }, [box, heard]);
}

interface Props {
  heard: FeedbackOut | undefined;
  hint: string | null | undefined;
}

const Explained = ({ heard, box }: { heard: FeedbackOut; box: RefObject<HTMLDivElement> }) => (
  <div className={`study-told is-${OUTCOMES[heard.verdict ?? 'none'].tone}`} ref={box} tabIndex={-1}>
    <Verdict outcome={heard.verdict ?? 'none'}>{verdictIn(heard)}</Verdict>
    <p><Text>{heard.explanation}</Text></p>
    {heard.settled ? <Pages evidence={heard.evidence} said={heard.explanation} /> : null}
  </div>
);

/** What was said to the last answer in practice: a hint, a verdict, the explanation with its pages. */
export function Told({ heard, hint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useAttention(box, heard);
  return (
    <div aria-live="polite">
      {hint ? <p className="study-hint"><Lightbulb aria-hidden="true" /> <span><Text>{hint}</Text></span></p> : null}
      {heard ? <Explained heard={heard} box={box} /> : null}
    </div>
  );
}
