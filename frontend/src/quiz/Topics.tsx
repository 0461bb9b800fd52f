import { Link } from '../shared/Button';
import { useKept } from '../shared/kept';
import type { EvidenceOut } from '../shared/schema';
import { Pages } from './Pages';

const FEW = 8;

/** One link a page, without its quotes. */
const pagesOf = (evidence: EvidenceOut[]): EvidenceOut[] => [
  ...new Map(evidence.map((one) => [`${one.document_id}:${one.page_index}`, { ...one, quote: '' }])).values(),
];

/** A topic's result, as the server has it. */
export interface Known {
  topic: string;
  score: number;
  correct: number;
  total: number;
  read_again: EvidenceOut[];
}

function Topic({ topic: { topic, score, correct, total, read_again: again } }: { topic: Known }) {
  const percent = Math.round(100 * score);
  return (
    <tr>
      <th scope="row">{topic || 'Other'}</th>
      <td className="study-share">
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${percent} percent`}>
          <rect width="100" height="8" className="study-track" /><rect width={percent} height="8" className="study-fill" />
        </svg>
      </td>
      <td className="study-number">{correct} of {total}</td>
      <td className="study-again">{again.length ? <Pages evidence={pagesOf(again)} /> : null}</td>
    </tr>
  );
}

/** How each topic went, the weakest first, with the pages to read again; a long list shows its rest on request. */
export function Topics({ topics, id, caption }: { topics: Known[]; id: string; caption: string }) {
  const [all, setAll] = useKept(`topics:${id}`, false);
  const weakest = [...topics].sort((one, other) => one.score - other.score || other.total - one.total);
  const shown = all ? weakest : weakest.slice(0, FEW);
  const hasPages = shown.some(({ read_again: again }) => again.length);
  return (
    <>
      <table className="study-chart">
        <caption>{caption}{hasPages ? <span className="study-small">, with what to read again</span> : null}</caption>
        <thead className="study-unseen"><tr><th>Topic</th><th>Score</th><th>Right</th><th>Read again</th></tr></thead>
        <tbody>{shown.map((topic) => <Topic key={topic.topic} topic={topic} />)}</tbody>
      </table>
      {topics.length > FEW ? (
        <Link aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show fewer topics' : `Show all ${topics.length} topics`}</Link>
      ) : null}
    </>
  );
}
