// Built from frontend/src by `make frontend`: edit there.

// src/chat/Welcome.tsx
import { useAuth, useChatInteract } from "@chainlit/react-client";
import { BookOpen, CalendarClock, GraduationCap, ListChecks, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";

// src/shared/Button.tsx
var Button = ({ Icon, look, children, ...rest }) => <button type="button" className={`study-button ${look ? `study-${look}` : ""}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>;
var Problem = ({ children }) => children ? <p className="study-problem" role="alert">{children}</p> : null;

// src/shared/schema.ts
var SUFFIXES = ".pdf,.docx,.pptx,.htm,.html,.xhtml,.md,.markdown,.epub,.txt,.text";

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

// src/chat/Welcome.tsx
var newId = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (+digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> +digit / 4).toString(16));
function useSay() {
  const { sendMessage } = useChatInteract();
  const { user } = useAuth();
  return (output, files, command) => sendMessage({
    threadId: "",
    id: newId(),
    name: user?.identifier || "User",
    type: "user_message",
    output,
    command,
    createdAt: (/* @__PURE__ */ new Date()).toISOString()
  }, files);
}
function useUpload(say) {
  const { uploadFile } = useChatInteract();
  const [sending, setSending] = useState("");
  const [problem, setProblem] = useState("");
  const one = async (file) => {
    setSending(`Uploading ${file.name}…`);
    try {
      const { promise } = uploadFile(file, (percent) => setSending(`Uploading ${file.name}: ${Math.round(percent)} %`));
      return [{ id: (await promise).id }];
    } catch (error) {
      setProblem(`${file.name} could not be uploaded: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
  const upload = async (files) => {
    setProblem("");
    const sent2 = [];
    for (const file of files) sent2.push(...await one(file));
    setSending("");
    if (sent2.length) say("", sent2);
  };
  return { sending, problem, upload };
}
function useDue() {
  const [due, setDue] = useState(0);
  useEffect(() => {
    request("/api/review/due?limit=1").then((found) => setDue(found.count), () => null);
  }, []);
  return due;
}
var Empty = () => <>
    <h1>Study with your own books</h1>
    <p>
      Upload your textbooks and handouts, then ask about them. Every answer comes from their pages, and each claim links to the place
      where it stands.
    </p>
  </>;
var Holds = ({ books, pages, reading, scope }) => <>
    <h1>What would you like to know?</h1>
    <p>
      {`Your library holds ${count(books, "book")} with ${count(pages, "page")}.`}
      {reading ? ` ${count(reading, "file is", "files are")} being read.` : ""}
      <br /><span className="study-small">Scope: {scope}</span>
    </p>
  </>;
var openLibrary = () => window.postMessage("studyrag:library", location.origin);
function WithBooks({ say }) {
  const due = useDue();
  return <>
      <Button Icon={ListChecks} onClick={() => say("Quiz me")}>Quiz me</Button>
      {due ? <Button Icon={CalendarClock} onClick={() => say("Repeat what is due")}>Review {count(due, "question")}</Button> : null}
      <Button Icon={BookOpen} onClick={openLibrary}>Open the library</Button>
    </>;
}
function Welcome(library) {
  const say = useSay();
  const { sending, problem, upload } = useUpload(say);
  const picker = useRef(null);
  const isEmpty = !library.books && !library.reading;
  return <div className="study-welcome">
      {isEmpty ? <Empty /> : <Holds {...library} />}
      {library.questions.length ? <div className="study-suggestions">
          {library.questions.map((question) => <Button key={question} onClick={() => say(question)}>{question}</Button>)}
        </div> : null}
      <div className="study-actions">
        <Button Icon={Upload} look={isEmpty ? "primary" : void 0} disabled={!!sending} onClick={() => picker.current?.click()}>
          {sending || "Upload a book"}
        </Button>
        {isEmpty ? <Button Icon={GraduationCap} disabled={!!sending} onClick={() => say("Add the sample course to my library", [], "Sample course")}>
            Try the sample course
          </Button> : <WithBooks say={say} />}
      </div>
      <input
    ref={picker}
    type="file"
    multiple
    hidden
    data-testid="welcome-files"
    accept={SUFFIXES}
    onChange={(event) => {
      const files = [...event.target.files ?? []];
      event.target.value = "";
      void upload(files);
    }}
  />
      <Problem>{problem}</Problem>
      {isEmpty ? <p className="study-small">PDF, Word, PowerPoint, HTML, Markdown, EPUB or plain text.</p> : null}
    </div>;
}

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/Welcome.tsx
var Card = once("Welcome", Welcome);
var Welcome_default = <Card {...props} />;
export {
  Welcome_default as default
};
