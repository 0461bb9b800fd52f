import { BookOpen, ChevronDown, Info } from 'lucide-react';
import { useKept } from '../shared/kept';
import { beginning } from '../shared/words';

interface Place {
  book: string;
  page: string;
}

interface Cited extends Place {
  n: number;
  quote: string;
  removed: boolean;
}

interface Passage extends Place {
  document_id: string;
  page_index: number;
  start: number;
  end: number;
  section: string;
  score: number;
  text: string;
}

interface Found {
  question: string;
  scope: string;
  milliseconds: number;
  passages: Passage[];
}

export interface SourcesProps {
  thread_id: string;
  sources: Cited[];
  notices: string[];
  scope: string;
  model: string;
  confidence: string;
  found: Found | null;
}

// A long title gives way, the page never does.
const Where = ({ book, page }: Place) => (
  <span className="study-where"><span className="study-book">{book},</span> {page}</span>
);

const Removed = ({ source }: { source: Cited }) => (
  <span className="study-chip is-removed">
    <b>{source.n}</b> <Where {...source} />
    <span className="study-quote">source removed</span>
  </span>
);

const Chip = ({ source, thread }: { source: Cited; thread: string }) => (
  <a className="study-chip" href={`/cite/${thread}/${source.n}`} title={`“${beginning(source.quote, 300)}”`}>
    <b>{source.n}</b> <Where {...source} />
    <span className="study-quote">“{beginning(source.quote, 60)}”</span>
  </a>
);

const Hit = ({ passage }: { passage: Passage }) => (
  <li>
    <a href={`/view/${passage.document_id}/${passage.page_index}?start=${passage.start}&end=${passage.end}`}>
      {passage.book}, {passage.page}
    </a>
    <span className="study-small"> · score {passage.score.toFixed(2)}{passage.section ? ` · ${passage.section}` : ''}</span>
    <blockquote>{passage.text}</blockquote>
  </li>
);

const How = ({ found, model }: { found: Found; model: string }) => (
  <div className="study-found">
    <dl>
      <dt>Searched for</dt><dd>{found.question}</dd>
      <dt>In</dt><dd>{found.scope || 'all your books'}</dd>
      <dt>Took</dt><dd>{(found.milliseconds / 1000).toFixed(2)} s, answered by {model}</dd>
    </dl>
    <ol>{found.passages.map((passage, i) => <Hit key={i} passage={passage} />)}</ol>
  </div>
);

const Notices = ({ notices }: { notices: string[] }) => notices.map((notice) => (
  <p key={notice} className="study-notice"><Info aria-hidden="true" /> <span>{notice}</span></p>
));

const Chips = ({ sources, thread }: { sources: Cited[]; thread: string }) => (
  <ul className="study-chips" aria-label="Sources">
    {sources.map((source) => (
      <li key={source.n}>{source.removed ? <Removed source={source} /> : <Chip source={source} thread={thread} />}</li>
    ))}
  </ul>
);

/** What stands below an answer: its sources, and how they were found. */
export function Sources({ thread_id: thread, sources, notices, scope, confidence, model, found }: SourcesProps) {
  const [isOpen, setOpen] = useKept(`found:${thread}:${sources.map(({ n }) => n).join()}:${found?.question}`, false);
  const line = [scope ? `Scope: ${scope}` : '', confidence, model].filter(Boolean);
  return (
    <div className="study-sources">
      <Notices notices={notices} />
      {sources.length ? <Chips sources={sources} thread={thread} /> : null}
      <p className="study-line">
        <span><BookOpen aria-hidden="true" /> {line.join(' · ')}</span>
        {found ? (
          <button type="button" className="study-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            How was this found? <ChevronDown className={isOpen ? 'is-open' : ''} aria-hidden="true" />
          </button>
        ) : null}
      </p>
      {found && isOpen ? <How found={found} model={model} /> : null}
    </div>
  );
}
