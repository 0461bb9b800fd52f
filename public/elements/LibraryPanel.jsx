import { useCallback, useEffect, useState } from 'react';
import { FolderInput, Pencil, Trash2, Upload } from 'lucide-react';

const STATES = { queued: 'waiting', running: 'being read', failed: 'could not be read', cancelled: 'cancelled' };
const pages = (document) => (document.page_count === 1 ? '1 page' : `${document.page_count.toLocaleString('en')} pages`);

async function ask(address, options) {
  const reply = await fetch(address, options);
  if (reply.ok) return reply.status === 204 ? null : reply.json();
  const problem = await reply.json().catch(() => ({}));
  throw new Error(problem.message || 'Something went wrong on our side. Please try again.');
}

const json = (method, body) => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

function Place({ start, label, onSubmit, onCancel, children }) {
  const [place, setPlace] = useState(start);
  const field = (name, title) => (
    <label>
      {title}
      <input value={place[name]} list={`study-panel-${name}`} maxLength={200} required
        onChange={(event) => setPlace({ ...place, [name]: event.target.value })} />
    </label>
  );
  return (
    <form className="study-form" onSubmit={(event) => { event.preventDefault(); onSubmit(place); }}>
      <div className="study-fields">{field('semester', 'Semester')}{field('subject', 'Subject')}{field('book', 'Book')}</div>
      {children}
      <div className="study-row">
        <button type="submit" className="study-button study-primary">{label}</button>
        <button type="button" className="study-button" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}

function Rename({ name, onSubmit, onCancel }) {
  const [text, setText] = useState(name);
  return (
    <form className="study-form study-row" onSubmit={(event) => { event.preventDefault(); onSubmit(text.trim()); }}>
      <input aria-label={`New name for ${name}`} value={text} maxLength={200} required autoFocus
        onChange={(event) => setText(event.target.value)} />
      <button type="submit" className="study-button study-primary">Rename</button>
      <button type="button" className="study-button" onClick={onCancel}>Cancel</button>
    </form>
  );
}

function File({ document, place, doing, setDoing, act }) {
  const mine = doing?.id === document.id ? doing.what : '';
  const done = () => setDoing(null);
  const button = (what, title, Icon) => (
    <button type="button" className="study-button study-quiet" title={title} aria-label={`${title} ${document.filename}`}
      onClick={() => setDoing({ id: document.id, what })}><Icon /></button>
  );
  return (
    <li className="study-file">
      {document.status === 'ready'
        ? <a className="study-name" href={`/view/${document.id}/1`}>{document.filename}</a>
        : <span className="study-name">{document.filename}</span>}
      <div className="study-head">
        <span className={`study-state is-${document.status}`}>{STATES[document.status] || pages(document)}</span>
        {button('rename', 'Rename', Pencil)}{button('move', 'Move', FolderInput)}{button('delete', 'Delete', Trash2)}
      </div>
      {document.error ? <p className="study-problem">{document.error}</p> : null}
      {mine === 'rename' ? (
        <Rename name={document.filename} onCancel={done}
          onSubmit={(filename) => act(() => ask(`/api/documents/${document.id}`, json('PATCH', { filename })))} />
      ) : null}
      {mine === 'move' ? (
        <Place start={place} label="Move" onCancel={done}
          onSubmit={(to) => act(() => ask(`/api/documents/${document.id}`, json('PATCH', to)))} />
      ) : null}
      {mine === 'delete' ? (
        <div className="study-form study-row" role="alertdialog" aria-label={`Delete ${document.filename}?`}>
          <span>Delete this file and everything read from it? Old answers keep their text.</span>
          <button type="button" className="study-button study-danger"
            onClick={() => act(() => ask(`/api/documents/${document.id}`, { method: 'DELETE' }))}>Delete</button>
          <button type="button" className="study-button" onClick={done}>Keep it</button>
        </div>
      ) : null}
    </li>
  );
}

function Branch({ node, kind, doing, setDoing, act, children }) {
  const renaming = doing?.id === node.id;
  return (
    <details open className={`study-branch is-${kind}`}>
      <summary>
        <span className="study-name" title={node.name}>{node.name}</span>
        <button type="button" className="study-button study-quiet" title={`Rename this ${kind}`} aria-label={`Rename ${node.name}`}
          onClick={(event) => { event.preventDefault(); setDoing({ id: node.id, what: 'rename' }); }}><Pencil /></button>
      </summary>
      {renaming ? (
        <Rename name={node.name} onCancel={() => setDoing(null)}
          onSubmit={(name) => act(() => ask(`/api/library/${node.id}`, json('PATCH', { name })))} />
      ) : null}
      {children}
    </details>
  );
}

export default function LibraryPanel() {
  const kept = (window.studyrag ||= { kept: {} }).kept;
  const [library, setLibrary] = useState(kept.library);
  const [doing, setDoing] = useState(null);
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState('');
  const [files, setFiles] = useState([]);

  const load = useCallback(async () => {
    try {
      kept.library = await ask('/api/library');
      setLibrary(kept.library);
    } catch (error) { setProblem(error.message); }
  }, []);
  const all = library ? [...library.unfiled, ...library.semesters.flatMap((s) => s.subjects.flatMap((j) => j.books.flatMap((b) => b.documents)))] : [];
  const reading = all.some((document) => document.status === 'queued' || document.status === 'running');
  useEffect(() => { load(); }, []);
  useEffect(() => {
    if (!reading) return undefined;
    const timer = setInterval(load, 2000);
    return () => clearInterval(timer);
  }, [reading]);

  const act = async (call) => {
    setProblem('');
    try { await call(); setDoing(null); } catch (error) { setProblem(error.message); }
    await load();
  };

  const upload = async (place) => {
    setProblem('');
    const form = new FormData();
    for (const file of files) form.append('file', file);
    for (const part of ['semester', 'subject', 'book']) form.append(part, place[part]);
    setSending(files.length === 1 ? `Uploading ${files[0].name}…` : `Uploading ${files.length} files…`);
    try {
      const { documents } = await ask('/api/documents/upload', { method: 'POST', body: form });
      setProblem(documents.filter((one) => one.error || one.duplicate_of).map((one) => (
        one.error ? `${one.filename}: ${one.error}` : `You already have ${one.filename}, so it was not added again.`
      )).join(' '));
      setFiles([]);
    } catch (error) { setProblem(error.message); }
    setSending('');
    await load();
  };

  if (!library) return <p className="study-small">{problem || 'Opening your library…'}</p>;
  const shared = { doing, setDoing, act };
  const newest = library.semesters.at(-1);
  const blank = { semester: newest?.name || 'This semester', subject: newest?.subjects.at(-1)?.name || '', book: '' };
  const subjects = library.semesters.flatMap((s) => s.subjects);
  const names = { semester: library.semesters, subject: subjects, book: subjects.flatMap((j) => j.books) };
  return (
    <div className="study-library">
      {Object.entries(names).map(([name, nodes]) => (
        <datalist key={name} id={`study-panel-${name}`}>
          {[...new Set(nodes.map((node) => node.name))].map((value) => <option key={value} value={value} />)}
        </datalist>
      ))}
      <label className="study-button study-primary study-pick">
        <Upload /> {sending || 'Upload into the library'}
        <input type="file" multiple hidden disabled={!!sending} data-testid="library-files"
          accept=".pdf,.docx,.pptx,.html,.htm,.md,.markdown,.epub,.txt"
          onChange={(event) => { setFiles([...event.target.files]); event.target.value = ''; }} />
      </label>
      {files.length && !sending ? (
        <Place start={{ ...blank, book: files[0].name.replace(/\.[^.]+$/, '') }} label="Upload" onSubmit={upload} onCancel={() => setFiles([])}>
          <p className="study-small">{files.map((file) => file.name).join(', ')}</p>
        </Place>
      ) : null}
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      {!all.length && !files.length ? <p className="study-small">Nothing here yet. Upload a book, or drop one into the chat.</p> : null}
      {library.semesters.map((semester) => (
        <Branch key={semester.id} node={semester} kind="semester" {...shared}>
          {semester.subjects.map((subject) => (
            <Branch key={subject.id} node={subject} kind="subject" {...shared}>
              {subject.books.map((book) => (
                <Branch key={book.id} node={book} kind="book" {...shared}>
                  <ul>
                    {book.documents.map((document) => (
                      <File key={document.id} document={document} {...shared}
                        place={{ semester: semester.name, subject: subject.name, book: book.name }} />
                    ))}
                  </ul>
                </Branch>
              ))}
            </Branch>
          ))}
        </Branch>
      ))}
      {library.unfiled.length ? (
        <details open className="study-branch is-semester">
          <summary><span className="study-name">Not filed yet</span></summary>
          <p className="study-small">Dropped into a chat, and used only there until you move them into a book.</p>
          <ul>
            {library.unfiled.map((document) => (
              <File key={document.id} document={document} place={{ ...blank, book: document.title || document.filename.replace(/\.[^.]+$/, '') }} {...shared} />
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
