import { useEffect, useState } from 'react';
import { FileText, X, RotateCcw, FolderInput, Check } from 'lucide-react';

const ENDED = { ready: 'Ready', failed: 'Could not be read', refused: 'Not accepted', cancelled: 'Cancelled', removed: 'Removed from your library' };

function Names({ id, values }) {
  return <datalist id={id}>{[...new Set(values)].map((value) => <option key={value} value={value} />)}</datalist>;
}

function Filing({ suggestion, onDone, onSubmit, problem }) {
  const [tree, setTree] = useState([]);
  const [place, setPlace] = useState({ semester: '', subject: '', book: suggestion });
  useEffect(() => {
    fetch('/api/library').then((reply) => reply.json()).then((library) => {
      setTree(library.semesters || []);
      const semester = (library.semesters || []).at(-1);
      setPlace((now) => ({ ...now, semester: now.semester || semester?.name || 'This semester' }));
    });
  }, []);
  const subjects = tree.flatMap((semester) => semester.subjects);
  const books = subjects.flatMap((subject) => subject.books);
  const field = (name, label, list) => (
    <label>
      {label}
      <input value={place[name]} list={list} maxLength={200} required
        onChange={(event) => setPlace({ ...place, [name]: event.target.value })} />
    </label>
  );
  return (
    <form className="study-form" onSubmit={(event) => { event.preventDefault(); onSubmit(place); }}>
      <div className="study-fields">
        {field('semester', 'Semester', 'study-semesters')}
        {field('subject', 'Subject', 'study-subjects')}
        {field('book', 'Book', 'study-books')}
      </div>
      <Names id="study-semesters" values={tree.map((node) => node.name)} />
      <Names id="study-subjects" values={subjects.map((node) => node.name)} />
      <Names id="study-books" values={books.map((node) => node.name)} />
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      <div className="study-row">
        <button type="submit" className="study-button study-primary">File it</button>
        <button type="button" className="study-button" onClick={onDone}>Not now</button>
      </div>
    </form>
  );
}

export default function UploadCard() {
  const [filing, setFiling] = useState(false);
  const [waiting, setWaiting] = useState('');
  const [problem, setProblem] = useState('');
  const open = props.state === 'queued' || props.state === 'running';
  const percent = Math.round(100 * (props.fraction || 0));

  const change = async (wish) => {
    setProblem('');
    setWaiting(wish.do);
    const reply = await callAction({ name: 'upload', payload: { document_id: props.document_id, ...wish } });
    setWaiting('');
    const error = reply?.response?.error;
    if (error) setProblem(error);
    return !error;
  };

  const pages = props.pages === 1 ? '1 page' : `${(props.pages || 0).toLocaleString('en')} pages`;
  const counted = props.total > 1 ? `${props.done.toLocaleString('en')} of ${props.total.toLocaleString('en')} pages` : '';

  return (
    <section className={`study-card study-upload is-${props.state}`} aria-label={`File ${props.filename}`}>
      <div className="study-head">
        {props.state === 'ready' ? <Check className="study-icon" /> : <FileText className="study-icon" />}
        <span className="study-name" title={props.filename}>{props.filename}</span>
        <span className="study-state">
          {open ? (waiting === 'cancel' ? 'Cancelling…' : `${percent} %`) : ENDED[props.state]}
          {props.state === 'ready' && props.pages ? ` · ${pages}` : ''}
        </span>
        {open ? (
          <button type="button" className="study-button study-quiet" disabled={waiting === 'cancel'}
            aria-label={`Cancel reading ${props.filename}`} title="Cancel" onClick={() => change({ do: 'cancel' })}>
            <X />
          </button>
        ) : null}
      </div>
      {open ? (
        <>
          <div className="study-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent}
            aria-label={`Progress of ${props.filename}`}>
            <div style={{ width: `${Math.max(2, percent)}%` }} />
          </div>
          <p className="study-small">{props.stage}{counted ? ` · ${counted}` : ''}</p>
        </>
      ) : null}
      {props.error && !open ? <p className="study-problem">{props.error}</p> : null}
      {props.again && props.state === 'ready' ? (
        <p className="study-small">You already had this file, so nothing had to be read again.</p>
      ) : null}
      {(props.notes || []).map((note) => <p key={note} className="study-small">{note}</p>)}
      {props.state === 'ready' && !filing ? (
        <div className="study-row">
          <span className="study-small">{props.place ? `In your library: ${props.place}` : 'Used in this chat only.'}</span>
          <button type="button" className="study-button" onClick={() => setFiling(true)}>
            <FolderInput /> {props.place ? 'Move' : 'File it under…'}
          </button>
        </div>
      ) : null}
      {props.state === 'failed' ? (
        <div className="study-row">
          <button type="button" className="study-button" disabled={!!waiting} onClick={() => change({ do: 'retry' })}>
            <RotateCcw /> Try again
          </button>
        </div>
      ) : null}
      {filing ? (
        <Filing suggestion={props.suggestion} problem={problem} onDone={() => setFiling(false)}
          onSubmit={async (place) => { if (await change({ do: 'file', ...place })) setFiling(false); }} />
      ) : problem ? <p className="study-problem" role="alert">{problem}</p> : null}
    </section>
  );
}
