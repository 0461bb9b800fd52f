// Built from frontend/src by `make frontend`: edit there.

// src/library/LibraryPanel.tsx
import { Upload } from "lucide-react";
import { useState as useState5 } from "react";

// src/shared/Button.tsx
var Button = ({ Icon, look, children, ...rest }) => <button type="button" className={`study-button ${look ? `study-${look}` : ""}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>;
var Problem = ({ children }) => children ? <p className="study-problem" role="alert">{children}</p> : null;

// src/shared/files.ts
var titleOf = (filename) => filename.replace(/\.[^.]+$/, "");

// src/shared/schema.ts
var SUFFIXES = ".pdf,.docx,.pptx,.htm,.html,.xhtml,.md,.markdown,.epub,.txt,.text";

// src/library/Branch.tsx
import { Pencil } from "lucide-react";

// src/shared/request.ts
var UNFORESEEN = "Something went wrong on our side. Please try again.";
var CUT_OFF = "There is no connection to StudyRAG right now.";
var PASSING = /* @__PURE__ */ new Set([0, 429, 502, 503, 504]);
var RequestError = class extends Error {
  constructor(message, status, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
  /** Whether the same request can do better in a moment. */
  get isPassing() {
    return PASSING.has(this.status);
  }
};
function sent(method, body) {
  if (body === void 0 || body instanceof FormData) return { method, body };
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive: true };
}
async function failure(reply) {
  const problem = await reply.json().catch(() => ({}));
  return new RequestError(problem.message || UNFORESEEN, reply.status, problem.retry_after);
}
var request = async (address, method = "GET", body) => {
  const reply = await fetch(address, sent(method, body)).catch(() => {
    throw new RequestError(CUT_OFF, 0);
  });
  if (!reply.ok) throw await failure(reply);
  return reply.status === 204 ? void 0 : await reply.json();
};
var told = (error) => error instanceof RequestError ? error.message : UNFORESEEN;

// src/library/Rename.tsx
import { useState } from "react";

// src/shared/focus.ts
var takeFocus = (element) => element?.focus({ preventScroll: true });

// src/library/Rename.tsx
function Rename({ name, onSubmit, onCancel }) {
  const [text, setText] = useState(name);
  const send = (event) => {
    event.preventDefault();
    onSubmit(text.trim());
  };
  return <form className="study-form study-row" onSubmit={send}>
      <input
    ref={takeFocus}
    aria-label={`New name for ${name}`}
    value={text}
    maxLength={200}
    required
    onChange={(event) => setText(event.target.value)}
  />
      <Button type="submit" look="primary">Rename</Button>
      <Button onClick={onCancel}>Cancel</Button>
    </form>;
}

// src/library/Branch.tsx
function Branch({ node, kind, shelves, children }) {
  const { doing, setDoing, act } = shelves;
  return <details open className={`study-branch is-${kind}`}>
      <summary>
        <span className="study-name" title={node.name}>{node.name}</span>
        <Button
    Icon={Pencil}
    look="quiet"
    title={`Rename this ${kind}`}
    aria-label={`Rename ${node.name}`}
    onClick={(event) => {
      event.preventDefault();
      setDoing({ id: node.id, what: "rename" });
    }}
  />
      </summary>
      {doing?.id === node.id ? <Rename
    name={node.name}
    onCancel={() => setDoing(null)}
    onSubmit={(name) => void act(() => request(`/api/library/${node.id}`, "PATCH", { name }))}
  /> : null}
      {children}
    </details>;
}

// src/library/File.tsx
import { FolderInput, Pencil as Pencil2, Trash2 } from "lucide-react";

// src/shared/words.ts
var DAY = 24 * 60 * 60 * 1e3;
var count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

// src/library/Filing.tsx
import { useId, useState as useState2 } from "react";
var FIELDS = [["semester", "Semester"], ["subject", "Subject"], ["book", "Book"]];
function placeFor(semesters, book) {
  const newest = semesters.at(-1);
  return { semester: newest?.name ?? "This semester", subject: newest?.subjects.at(-1)?.name ?? "", book };
}
function known(semesters) {
  const subjects = semesters.flatMap((semester) => semester.subjects);
  const books = subjects.flatMap((subject) => subject.books);
  return {
    semester: semesters.map(({ name }) => name),
    subject: subjects.map(({ name }) => name),
    book: books.map(({ name }) => name)
  };
}
function Field({ label, value, names, change }) {
  const list = useId();
  return <label>
      {label}
      <input value={value} list={list} maxLength={200} required onChange={(event) => change(event.target.value)} />
      <datalist id={list}>{[...new Set(names)].map((name) => <option key={name} value={name} />)}</datalist>
    </label>;
}
function Filing({ start, semesters, submit, cancel = "Cancel", onSubmit, onCancel, children }) {
  const [typed, setTyped] = useState2({});
  const place = { ...start, ...typed };
  const names = known(semesters);
  const send = (event) => {
    event.preventDefault();
    onSubmit(place);
  };
  return <form className="study-form" onSubmit={send}>
      <div className="study-fields">
        {FIELDS.map(([field, label]) => <Field key={field} label={label} value={place[field]} names={names[field]} change={(value) => setTyped({ ...typed, [field]: value })} />)}
      </div>
      {children}
      <div className="study-row">
        <Button type="submit" look="primary">{submit}</Button>
        <Button onClick={onCancel}>{cancel}</Button>
      </div>
    </form>;
}

// src/library/File.tsx
var STATES = {
  queued: "waiting",
  running: "being read",
  failed: "could not be read",
  cancelled: "cancelled"
};
var WISHES = [["rename", "Rename", Pencil2], ["move", "Move", FolderInput], ["delete", "Delete", Trash2]];
var Delete = ({ filename, onSubmit, onCancel }) => <div className="study-form study-row" role="alertdialog" aria-label={`Delete ${filename}?`}>
    <span>Delete this file and everything read from it? Old answers keep their text.</span>
    <Button look="danger" onClick={onSubmit}>Delete</Button>
    <Button onClick={onCancel}>Keep it</Button>
  </div>;
function Form({ document, place, shelves }) {
  const { doing, setDoing, act } = shelves;
  const address = `/api/documents/${document.id}`;
  const close = () => setDoing(null);
  const change = (values) => void act(() => request(address, "PATCH", values));
  if (doing?.id !== document.id) return null;
  if (doing.what === "rename") return <Rename name={document.filename} onCancel={close} onSubmit={(filename) => change({ filename })} />;
  if (doing.what === "move") return <Filing start={place} semesters={shelves.library.semesters} submit="Move" onCancel={close} onSubmit={change} />;
  return <Delete filename={document.filename} onCancel={close} onSubmit={() => void act(() => request(address, "DELETE"))} />;
}
function File({ document, place, shelves }) {
  const { id, filename, status, error } = document;
  return <li className="study-file">
      {status === "ready" ? <a className="study-name" href={`/view/${id}/1`}>{filename}</a> : <span className="study-name">{filename}</span>}
      <div className="study-head">
        <span className={`study-state is-${status}`}>{STATES[status] ?? count(document.page_count, "page")}</span>
        {WISHES.map(([what, title, Icon]) => <Button key={what} Icon={Icon} look="quiet" title={title} aria-label={`${title} ${filename}`} onClick={() => shelves.setDoing({ id, what })} />)}
      </div>
      {error ? <p className="study-problem">{error}</p> : null}
      <Form document={document} place={place} shelves={shelves} />
    </li>;
}

// src/library/shelves.ts
import { useCallback as useCallback2, useEffect, useState as useState4 } from "react";

// src/shared/kept.ts
import { useCallback, useState as useState3 } from "react";
var kept = /* @__PURE__ */ new Map();
function useKept(key, start) {
  const [value, setValue] = useState3(() => kept.has(key) ? kept.get(key) : start);
  const set = useCallback((next) => {
    kept.set(key, next);
    setValue(next);
  }, [key]);
  return [value, set];
}

// src/library/shelves.ts
var READING_MS = 2e3;
var documentsOf = (library) => [
  ...library.unfiled,
  ...library.semesters.flatMap(({ subjects }) => subjects.flatMap(({ books }) => books.flatMap(({ documents }) => documents)))
];
var isReading = ({ status }) => status === "queued" || status === "running";
function form(files, place) {
  const filled = new FormData();
  for (const file of files) filled.append("file", file);
  for (const [name, value] of Object.entries(place)) filled.append(name, value);
  return filled;
}
var refusals = ({ documents }) => documents.flatMap(({ filename, error, duplicate_of: twin }) => {
  if (error) return [`${filename}: ${error}`];
  return twin ? [`You already have ${filename}, so it was not added again.`] : [];
}).join(" ");
function useLibrary(opened) {
  const [library, setLibrary] = useKept("library", null);
  const [problem, setProblem] = useState4("");
  const load = useCallback2(() => request("/api/library").then(setLibrary, (error) => setProblem(told(error))), [setLibrary]);
  const documents = library ? documentsOf(library) : [];
  const isBusy = documents.some(isReading);
  useEffect(() => {
    void load();
  }, [load, opened]);
  useEffect(() => {
    if (!isBusy) return void 0;
    const timer = setInterval(() => void load(), READING_MS);
    return () => clearInterval(timer);
  }, [isBusy, load]);
  return { library, documents, problem, setProblem, load };
}
function useShelves(opened) {
  const { library, documents, problem, setProblem, load } = useLibrary(opened);
  const [doing, setDoing] = useState4(null);
  const [sending, setSending] = useState4("");
  const trying = async (what) => {
    setProblem("");
    const isDone = await what().then((said) => {
      setProblem(said);
      return true;
    }, (error) => {
      setProblem(told(error));
      return false;
    });
    await load();
    return isDone;
  };
  const act = async (change) => {
    if (await trying(async () => {
      await change();
      return "";
    })) setDoing(null);
  };
  const upload = async (files, place) => {
    setSending(files.length === 1 ? `Uploading ${files[0].name}…` : `Uploading ${count(files.length, "file")}…`);
    const isDone = await trying(async () => refusals(await request("/api/documents/upload", "POST", form(files, place))));
    setSending("");
    return isDone;
  };
  if (!library) return { shelves: null, problem };
  return { shelves: { library, isEmpty: !documents.length, problem, sending, doing, setDoing, act, upload }, problem };
}

// src/library/LibraryPanel.tsx
var Semester = ({ semester, shelves }) => <Branch node={semester} kind="semester" shelves={shelves}>
    {semester.subjects.map((subject) => <Branch key={subject.id} node={subject} kind="subject" shelves={shelves}>
        {subject.books.map((book) => <Branch key={book.id} node={book} kind="book" shelves={shelves}>
            <ul>
              {book.documents.map((document) => <File
  key={document.id}
  document={document}
  shelves={shelves}
  place={{ semester: semester.name, subject: subject.name, book: book.name }}
/>)}
            </ul>
          </Branch>)}
      </Branch>)}
  </Branch>;
var Unfiled = ({ shelves }) => <details open className="study-branch is-semester">
    <summary><span className="study-name">Not filed yet</span></summary>
    <p className="study-small">Dropped into a chat, and used only there until you move them into a book.</p>
    <ul>
      {shelves.library.unfiled.map((document) => <File
  key={document.id}
  document={document}
  shelves={shelves}
  place={placeFor(shelves.library.semesters, document.title || titleOf(document.filename))}
/>)}
    </ul>
  </details>;
function Add({ shelves, files, setFiles }) {
  const { library, sending, upload } = shelves;
  const [first] = files;
  return <>
      <label className="study-button study-primary study-pick">
        <Upload aria-hidden="true" /> {sending || "Upload into the library"}
        <input
    type="file"
    multiple
    className="study-unseen"
    disabled={!!sending}
    data-testid="library-files"
    accept={SUFFIXES}
    onChange={(event) => {
      setFiles([...event.target.files ?? []]);
      event.target.value = "";
    }}
  />
      </label>
      {first && !sending ? <Filing
    start={placeFor(library.semesters, titleOf(first.name))}
    semesters={library.semesters}
    submit="Upload"
    onSubmit={(place) => void upload(files, place).then((isDone) => {
      if (isDone) setFiles([]);
    })}
    onCancel={() => setFiles([])}
  >
          <p className="study-small">{files.map(({ name }) => name).join(", ")}</p>
        </Filing> : null}
    </>;
}
function Shelf({ shelves }) {
  const [files, setFiles] = useState5([]);
  const { semesters, unfiled } = shelves.library;
  return <div className="study-library">
      <Add shelves={shelves} files={files} setFiles={setFiles} />
      <Problem>{shelves.problem}</Problem>
      {shelves.isEmpty && !files.length ? <p className="study-small">Nothing here yet. Upload a book, or drop one into the chat.</p> : null}
      {semesters.map((semester) => <Semester key={semester.id} semester={semester} shelves={shelves} />)}
      {unfiled.length ? <Unfiled shelves={shelves} /> : null}
    </div>;
}
function LibraryPanel({ opened }) {
  const { shelves, problem } = useShelves(opened);
  return shelves ? <Shelf shelves={shelves} /> : <p className="study-small">{problem || "Opening your library…"}</p>;
}

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/LibraryPanel.tsx
var Panel = once("LibraryPanel", LibraryPanel);
var LibraryPanel_default = <Panel {...props} />;
export {
  LibraryPanel_default as default
};
