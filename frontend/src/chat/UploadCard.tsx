import { Check, FileText, FolderInput, RotateCcw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Filing, type Place } from '../library/Filing';
import { Button, Problem } from '../shared/Button';
import { request } from '../shared/request';
import type { JobState, LibraryOut, SemesterOut } from '../shared/schema';
import { count } from '../shared/words';

export interface UploadProps {
  document_id: string;
  filename: string;
  state: JobState | 'refused' | 'removed';
  stage: string;
  done: number;
  total: number;
  fraction: number;
  error: string;
  notes: string[];
  pages: number;
  place: string;
  suggestion: string;
  again: boolean;
}

type Call = (action: { name: string; payload: Record<string, unknown> }) => Promise<ActionReply | undefined>;
type Wish = { do: 'cancel' | 'retry' } | ({ do: 'file' } & Place);

const ENDED: Partial<Record<UploadProps['state'], string>> = {
  ready: 'Ready', failed: 'Could not be read', refused: 'Not accepted', cancelled: 'Cancelled', removed: 'Removed from your library',
};

/** Wishes about one file, one at a time; `waiting` names the one that is under way. */
function useWishes(documentId: string, call: Call) {
  const [waiting, setWaiting] = useState('');
  const [problem, setProblem] = useState('');
  const wish = async (what: Wish): Promise<boolean> => {
    setProblem('');
    setWaiting(what.do);
    const reply = await call({ name: 'upload', payload: { document_id: documentId, ...what } });
    setWaiting('');
    setProblem(reply?.response?.error ?? '');
    return !reply?.response?.error;
  };
  return { waiting, problem, wish };
}

interface PlacingProps {
  suggestion: string;
  problem: string;
  file: (place: Place) => void;
  close: () => void;
}

function Placing({ suggestion, problem, file, close }: PlacingProps) {
  const [semesters, setSemesters] = useState<SemesterOut[]>([]);
  useEffect(() => {
    request<LibraryOut>('/api/library').then((library) => setSemesters(library.semesters), () => null); // names can be typed
  }, []);
  const start = { semester: semesters.at(-1)?.name ?? 'This semester', subject: '', book: suggestion };
  return (
    <Filing start={start} semesters={semesters} submit="File it" cancel="Not now" onSubmit={file} onCancel={close}>
      <Problem>{problem}</Problem>
    </Filing>
  );
}

function stateOf({ state, pages, fraction }: UploadProps, waiting: string, isOpen: boolean): string {
  if (isOpen) return waiting === 'cancel' ? 'Cancelling…' : `${Math.round(100 * fraction)} %`;
  return `${ENDED[state]}${state === 'ready' && pages ? ` · ${count(pages, 'page')}` : ''}`;
}

function Progress({ filename, stage, done, total, fraction }: UploadProps) {
  const percent = Math.round(100 * fraction);
  const counted = total > 1 ? ` · ${done.toLocaleString('en')} of ${total.toLocaleString('en')} pages` : '';
  return (
    <>
      <div className="study-bar" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-label={`Progress of ${filename}`}>
        <div style={{ width: `${Math.max(2, percent)}%` }} />
      </div>
      <p className="study-small">{stage}{counted}</p>
    </>
  );
}

const Shelved = ({ place, open }: { place: string; open: () => void }) => (
  <div className="study-row">
    <span className="study-small">{place ? `In your library: ${place}` : 'Used in this chat only.'}</span>
    <Button Icon={FolderInput} onClick={open}>{place ? 'Move' : 'File it under…'}</Button>
  </div>
);

const Notes = ({ state, error, again, notes }: UploadProps) => (
  <>
    {error ? <p className="study-problem">{error}</p> : null}
    {again && state === 'ready' ? <p className="study-small">You already had this file, so nothing had to be read again.</p> : null}
    {notes.map((note) => <p key={note} className="study-small">{note}</p>)}
  </>
);

function Next({ state, place, suggestion, waiting, problem, wish }: UploadProps & ReturnType<typeof useWishes>) {
  const [isFiling, setFiling] = useState(false);
  const file = (to: Place) => void wish({ do: 'file', ...to }).then((isDone) => { if (isDone) setFiling(false); });
  if (isFiling) return <Placing suggestion={suggestion} problem={problem} close={() => setFiling(false)} file={file} />;
  return (
    <>
      {state === 'ready' ? <Shelved place={place} open={() => setFiling(true)} /> : null}
      {state === 'failed' ? (
        <div className="study-row"><Button Icon={RotateCcw} disabled={!!waiting} onClick={() => void wish({ do: 'retry' })}>Try again</Button></div>
      ) : null}
      <Problem>{problem}</Problem>
    </>
  );
}

/** A file that was dropped into the chat: how far it is, what became of it, where it is filed. */
export function UploadCard({ call, ...file }: UploadProps & { call: Call }) {
  const { filename, state } = file;
  const wishes = useWishes(file.document_id, call);
  const { waiting, wish } = wishes;
  const isOpen = state === 'queued' || state === 'running';
  const Icon = state === 'ready' ? Check : FileText;
  return (
    <section className={`study-card study-upload is-${state}`} aria-label={`File ${filename}`}>
      <div className="study-head">
        <Icon className="study-icon" aria-hidden="true" />
        <span className="study-name" title={filename}>{filename}</span>
        <span className="study-state">{stateOf(file, waiting, isOpen)}</span>
        {isOpen ? (
          <Button Icon={X} look="quiet" disabled={waiting === 'cancel'} aria-label={`Cancel reading ${filename}`} title="Cancel"
            onClick={() => void wish({ do: 'cancel' })} />
        ) : null}
      </div>
      {isOpen ? <Progress {...file} /> : null}
      <Notes {...file} error={isOpen ? '' : file.error} />
      <Next {...file} {...wishes} />
    </section>
  );
}
