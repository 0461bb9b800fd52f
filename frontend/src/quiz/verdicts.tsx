import { Check, CircleDashed, CircleHelp, CircleSlash, type LucideIcon, Minus, X } from 'lucide-react';
import type { Outcome } from '../shared/schema';

interface Look {
  name: string;
  Icon: LucideIcon;
  tone: 'right' | 'partly' | 'wrong' | 'open';
}

/** How each outcome is named and shown, the best first. */
export const OUTCOMES: Record<Outcome, Look> = {
  correct: { name: 'Right', Icon: Check, tone: 'right' },
  partly: { name: 'Partly right', Icon: CircleDashed, tone: 'partly' },
  wrong: { name: 'Wrong', Icon: X, tone: 'wrong' },
  cannot_tell: { name: 'Not marked', Icon: CircleHelp, tone: 'open' },
  none: { name: 'No answer', Icon: CircleSlash, tone: 'open' },
  helped: { name: 'Right with help', Icon: CircleDashed, tone: 'partly' },
  untried: { name: 'Not tried', Icon: Minus, tone: 'open' },
};

/** An outcome in words and with its sign. */
export function Verdict({ outcome, children }: { outcome: Outcome; children?: string | null }) {
  const { name, Icon, tone } = OUTCOMES[outcome];
  return <span className={`study-verdict is-${tone}`}><Icon aria-hidden="true" /> {children || name}</span>;
}
