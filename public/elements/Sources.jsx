// Built from frontend/src by `make frontend`: edit there.

// src/chat/Sources.tsx
import { BookOpen, ChevronDown, Info } from "lucide-react";

// src/shared/kept.ts
import { useCallback, useState } from "react";
var kept = /* @__PURE__ */ new Map();
function useKept(key, start) {
  const [value, setValue] = useState(() => kept.has(key) ? kept.get(key) : start);
  const set = useCallback((next) => {
    kept.set(key, next);
    setValue(next);
  }, [key]);
  return [value, set];
}

// src/shared/words.ts
var DAY = 24 * 60 * 60 * 1e3;
function beginning(text, length) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
}

// src/chat/Sources.tsx
var Where = ({ book, page }) => <span className="study-where"><span className="study-book">{book},</span> {page}</span>;
var Removed = ({ source }) => <span className="study-chip is-removed">
    <b>{source.n}</b> <Where {...source} />
    <span className="study-quote">source removed</span>
  </span>;
var Chip = ({ source, thread }) => <a className="study-chip" href={`/cite/${thread}/${source.n}`} title={`“${beginning(source.quote, 300)}”`}>
    <b>{source.n}</b> <Where {...source} />
    <span className="study-quote">“{beginning(source.quote, 60)}”</span>
  </a>;
var Hit = ({ passage }) => <li>
    <a href={`/view/${passage.document_id}/${passage.page_index}?start=${passage.start}&end=${passage.end}`}>
      {passage.book}, {passage.page}
    </a>
    <span className="study-small"> · score {passage.score.toFixed(2)}{passage.section ? ` · ${passage.section}` : ""}</span>
    <blockquote>{passage.text}</blockquote>
  </li>;
var How = ({ found, model }) => <div className="study-found">
    <dl>
      <dt>Searched for</dt><dd>{found.question}</dd>
      <dt>In</dt><dd>{found.scope || "all your books"}</dd>
      <dt>Took</dt><dd>{(found.milliseconds / 1e3).toFixed(2)} s, answered by {model}</dd>
    </dl>
    <ol>{found.passages.map((passage, i) => <Hit key={i} passage={passage} />)}</ol>
  </div>;
var Notices = ({ notices }) => notices.map((notice) => <p key={notice} className="study-notice"><Info aria-hidden="true" /> <span>{notice}</span></p>);
var Chips = ({ sources, thread }) => <ul className="study-chips" aria-label="Sources">
    {sources.map((source) => <li key={source.n}>{source.removed ? <Removed source={source} /> : <Chip source={source} thread={thread} />}</li>)}
  </ul>;
function Sources({ thread_id: thread, sources, notices, scope, confidence, model, found }) {
  const [isOpen, setOpen] = useKept(`found:${thread}:${sources.map(({ n }) => n).join()}:${found?.question}`, false);
  const line = [scope ? `Scope: ${scope}` : "", confidence, model].filter(Boolean);
  return <div className="study-sources">
      <Notices notices={notices} />
      {sources.length ? <Chips sources={sources} thread={thread} /> : null}
      <p className="study-line">
        <span><BookOpen aria-hidden="true" /> {line.join(" · ")}</span>
        {found ? <button type="button" className="study-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            How was this found? <ChevronDown className={isOpen ? "is-open" : ""} aria-hidden="true" />
          </button> : null}
      </p>
      {found && isOpen ? <How found={found} model={model} /> : null}
    </div>;
}

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/Sources.tsx
var Card = once("Sources", Sources);
var Sources_default = <Card {...props} />;
export {
  Sources_default as default
};
