// Built from frontend/src by `make frontend`: edit there.

// src/chat/UploadCard.tsx
import { Check, FileText, FolderInput, RotateCcw, X } from "lucide-react";
import { useEffect, useState as useState2 } from "react";

// src/library/Filing.tsx
import { useId, useState } from "react";

// src/shared/Button.tsx
var Button = ({ Icon, look, children, ...rest }) => <button type="button" className={`study-button ${look ? `study-${look}` : ""}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>;
var Problem = ({ children }) => children ? <p className="study-problem" role="alert">{children}</p> : null;

// src/library/Filing.tsx
var FIELDS = [["semester", "Semester"], ["subject", "Subject"], ["book", "Book"]];
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
  const [typed, setTyped] = useState({});
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

// src/shared/words.ts
var DAY = 24 * 60 * 60 * 1e3;
var count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

// src/chat/UploadCard.tsx
var ENDED = {
  ready: "Ready",
  failed: "Could not be read",
  refused: "Not accepted",
  cancelled: "Cancelled",
  removed: "Removed from your library"
};
function useWishes(documentId, call) {
  const [waiting, setWaiting] = useState2("");
  const [problem, setProblem] = useState2("");
  const wish = async (what) => {
    setProblem("");
    setWaiting(what.do);
    const reply = await call({ name: "upload", payload: { document_id: documentId, ...what } });
    setWaiting("");
    setProblem(reply?.response?.error ?? "");
    return !reply?.response?.error;
  };
  return { waiting, problem, wish };
}
function Placing({ suggestion, problem, file, close }) {
  const [semesters, setSemesters] = useState2([]);
  useEffect(() => {
    request("/api/library").then((library) => setSemesters(library.semesters), () => null);
  }, []);
  const start = { semester: semesters.at(-1)?.name ?? "This semester", subject: "", book: suggestion };
  return <Filing start={start} semesters={semesters} submit="File it" cancel="Not now" onSubmit={file} onCancel={close}>
      <Problem>{problem}</Problem>
    </Filing>;
}
function stateOf({ state, pages, fraction }, waiting, isOpen) {
  if (isOpen) return waiting === "cancel" ? "Cancelling…" : `${Math.round(100 * fraction)} %`;
  return `${ENDED[state]}${state === "ready" && pages ? ` · ${count(pages, "page")}` : ""}`;
}
function Progress({ filename, stage, done, total, fraction }) {
  const percent = Math.round(100 * fraction);
  const counted = total > 1 ? ` · ${done.toLocaleString("en")} of ${total.toLocaleString("en")} pages` : "";
  return <>
      <div className="study-bar" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-label={`Progress of ${filename}`}>
        <div style={{ width: `${Math.max(2, percent)}%` }} />
      </div>
      <p className="study-small">{stage}{counted}</p>
    </>;
}
var Shelved = ({ place, open }) => <div className="study-row">
    <span className="study-small">{place ? `In your library: ${place}` : "Used in this chat only."}</span>
    <Button Icon={FolderInput} onClick={open}>{place ? "Move" : "File it under…"}</Button>
  </div>;
var Notes = ({ state, error, again, notes }) => <>
    {error ? <p className="study-problem">{error}</p> : null}
    {again && state === "ready" ? <p className="study-small">You already had this file, so nothing had to be read again.</p> : null}
    {notes.map((note) => <p key={note} className="study-small">{note}</p>)}
  </>;
function Next({ state, place, suggestion, waiting, problem, wish }) {
  const [isFiling, setFiling] = useState2(false);
  const file = (to) => void wish({ do: "file", ...to }).then((isDone) => {
    if (isDone) setFiling(false);
  });
  if (isFiling) return <Placing suggestion={suggestion} problem={problem} close={() => setFiling(false)} file={file} />;
  return <>
      {state === "ready" ? <Shelved place={place} open={() => setFiling(true)} /> : null}
      {state === "failed" ? <div className="study-row"><Button Icon={RotateCcw} disabled={!!waiting} onClick={() => void wish({ do: "retry" })}>Try again</Button></div> : null}
      <Problem>{problem}</Problem>
    </>;
}
function UploadCard({ call, ...file }) {
  const { filename, state } = file;
  const wishes = useWishes(file.document_id, call);
  const { waiting, wish } = wishes;
  const isOpen = state === "queued" || state === "running";
  const Icon = state === "ready" ? Check : FileText;
  return <section className={`study-card study-upload is-${state}`} aria-label={`File ${filename}`}>
      <div className="study-head">
        <Icon className="study-icon" aria-hidden="true" />
        <span className="study-name" title={filename}>{filename}</span>
        <span className="study-state">{stateOf(file, waiting, isOpen)}</span>
        {isOpen ? <Button
    Icon={X}
    look="quiet"
    disabled={waiting === "cancel"}
    aria-label={`Cancel reading ${filename}`}
    title="Cancel"
    onClick={() => void wish({ do: "cancel" })}
  /> : null}
      </div>
      {isOpen ? <Progress {...file} /> : null}
      <Notes {...file} error={isOpen ? "" : file.error} />
      <Next {...file} {...wishes} />
    </section>;
}

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/UploadCard.tsx
var Card = once("UploadCard", UploadCard);
var UploadCard_default = <Card {...props} call={callAction} />;
export {
  UploadCard_default as default
};
