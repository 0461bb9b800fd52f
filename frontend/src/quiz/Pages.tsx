import { BookOpen } from 'lucide-react';
import type { EvidenceOut } from '../shared/schema';

// The beginning of a quote tells whether it was said; its end may have been tidied.
const SAME = 40;

const pageOf = ({ page_kind: kind, page_label: label }: EvidenceOut): string => (kind === 'page' ? `p. ${label}` : `${kind} ${label}`);

const Page = ({ evidence, isSaid }: { evidence: EvidenceOut; isSaid: boolean }) => (
  <a className="study-chip" href={evidence.view_url} title={evidence.quote ? `“${evidence.quote}”` : undefined}>
    <b><BookOpen aria-hidden="true" /></b>
    <span className="study-where"><span className="study-book">{evidence.book},</span> {pageOf(evidence)}</span>
    {evidence.quote && !isSaid ? <span className="study-quote">“{evidence.quote}”</span> : null}
  </a>
);

/** Links to pages; what was said beside them is not quoted once more. */
export const Pages = ({ evidence, said = '' }: { evidence: EvidenceOut[]; said?: string }) => (
  <ul className="study-chips" aria-label="Pages">
    {evidence.map((one, i) => <li key={i}><Page evidence={one} isSaid={said.includes(one.quote.slice(0, SAME))} /></li>)}
  </ul>
);
