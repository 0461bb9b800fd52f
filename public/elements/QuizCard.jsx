// Built from frontend/src by `make frontend`: edit there.

// src/quiz/Note.tsx
import { Square } from "lucide-react";

// src/shared/Button.tsx
var Button = ({ Icon, look, children, ...rest }) => <button type="button" className={`study-button ${look ? `study-${look}` : ""}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>;
var Link = ({ children, ...rest }) => <button type="button" className="study-link study-small" {...rest}>{children}</button>;
var Problem = ({ children }) => children ? <p className="study-problem" role="alert">{children}</p> : null;

// src/quiz/Note.tsx
var Note = ({ children, isProblem = false }) => <section className="study-card study-quiz">
    <p className={isProblem ? "study-problem" : "study-small"} role="status">{children}</p>
  </section>;
var First = ({ round, state }) => <section className="study-card study-quiz">
    <div className="study-row study-writing">
      <span className="study-small" role="status">Writing the first question…</span>
      <Button Icon={Square} disabled={state.isBusy} onClick={() => round.stop()}>Stop</Button>
    </div>
    <Problem>{state.problem}</Problem>
  </section>;

// src/quiz/Practice.tsx
import { ArrowRight, Lightbulb as Lightbulb2 } from "lucide-react";

// src/quiz/Finish.tsx
import { useEffect, useRef } from "react";

// src/shared/words.ts
var DAY = 24 * 60 * 60 * 1e3;
var count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
var two = (number) => String(number).padStart(2, "0");
function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  const head = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : minutes;
  return `${head}:${two(seconds % 60)}`;
}
var midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);
function soon(moment, now = /* @__PURE__ */ new Date()) {
  const then = new Date(moment);
  const days = Math.round((midnight(then) - midnight(now)) / DAY);
  if (days > 1) return `on ${then.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" })}`;
  return `${days > 0 ? "tomorrow" : "today"} at ${two(then.getHours())}:${two(then.getMinutes())}`;
}

// src/quiz/Finish.tsx
var NAMED = 12;
function said({ state, mode }, open2) {
  const named = open2.slice(0, NAMED).map((at) => at + 1).join(", ") + (open2.length > NAMED ? ", …" : "");
  const isWriting = state === "writing";
  const asks = open2.length || isWriting ? "Finish anyway?" : mode === "quiz" ? "You can still go back and change an answer." : "";
  return [
    open2.length ? `${count(open2.length, "question is", "questions are")} still open (${named}).` : "Every question is answered.",
    isWriting ? "More are still being written." : "",
    asks
  ].filter(Boolean).join(" ");
}
function Finish({ quiz, round, open: open2, isBusy }) {
  const box = useRef(null);
  useEffect(() => {
    box.current?.querySelector("button")?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const back = () => {
    round.change({ type: "ending", isEnding: false });
    if (open2[0] !== void 0) round.go(open2[0]);
  };
  return <div ref={box} className="study-form study-row study-sure" role="alertdialog" aria-label={`Finish this ${quiz.mode}?`}>
      <span>{said(quiz, open2)}</span>
      <Button look="primary" disabled={isBusy} onClick={() => round.finish()}>Finish now</Button>
      <Button onClick={back}>Go back</Button>
    </div>;
}

// src/quiz/Head.tsx
import { Square as Square2 } from "lucide-react";

// src/quiz/state.ts
var START = {
  quiz: null,
  report: null,
  isGone: false,
  problem: "",
  isBusy: false,
  isCut: false,
  place: null,
  drafts: {},
  hints: {},
  ahead: {},
  isEnding: false,
  isLate: false,
  hasEnded: false,
  isAwaiting: false
};
function over(quiz, ahead) {
  return { ...quiz, items: quiz.items.map((item) => ahead[item.id] ? { ...item, ...ahead[item.id] } : item) };
}
function read(state, { quiz, report, at }) {
  const first = quiz.items[Math.min(quiz.current, quiz.items.length - 1)];
  const shown = over({ ...quiz, read_at: at }, state.ahead);
  return { ...state, quiz: shown, report, isGone: false, isCut: false, place: state.place ?? first?.id ?? null };
}
function did(state, item, done) {
  const ahead = { ...state.ahead, [item]: { ...state.ahead[item], ...done } };
  return { ...state, ahead, quiz: state.quiz && over(state.quiz, ahead) };
}
function reduce(state, change) {
  switch (change.type) {
    case "read":
      return read(state, change);
    case "gone":
      return { ...state, isGone: true };
    case "failed":
      return { ...state, problem: change.problem };
    case "begun":
      return { ...state, isBusy: true, problem: "" };
    case "ended":
      return { ...state, isBusy: false };
    case "cut":
      return { ...state, isCut: change.isCut };
    case "did":
      return { ...did(state, change.item, change.done), problem: "" };
    case "confirmed":
      return { ...state, ahead: {} };
    case "moved":
      return { ...state, place: change.item, isEnding: false };
    case "drafted":
      return { ...state, drafts: { ...state.drafts, [change.item]: change.text } };
    case "hinted":
      return { ...state, hints: { ...state.hints, [change.item]: change.hint } };
    case "ending":
      return { ...state, isEnding: change.isEnding };
    case "finishing":
      return { ...state, hasEnded: true };
    case "late":
      return { ...state, isLate: true };
    case "seen":
      return { ...state, hasEnded: false };
    case "awaiting":
      return { ...state, isAwaiting: change.isAwaiting };
  }
}
var isAnswered = (item) => !!item.answer;
var placeOf = ({ quiz, place }) => Math.max(0, quiz?.items.findIndex(({ id }) => id === place) ?? 0);
var heardOf = (quiz, item) => quiz.explained[item.id];
function isDone(quiz, item) {
  if (item.reported) return true;
  return quiz.mode === "practice" ? !!heardOf(quiz, item)?.settled : isAnswered(item);
}

// src/quiz/Timer.tsx
import { Clock } from "lucide-react";
import { useEffect as useEffect2, useRef as useRef2, useState } from "react";
var TICK_MS = 500;
var LAST_CALL_S = 2;
var SHORT_S = 60;
var leftOf = (allowed, since) => Math.max(0, Math.round(allowed - (Date.now() - since) / 1e3));
function Timer({ quiz, seconds: allowed, ...ends }) {
  const { read_at: since, state } = quiz;
  const told2 = useRef2(ends);
  const [seconds, setSeconds] = useState(() => leftOf(allowed, since));
  useEffect2(() => {
    told2.current = ends;
  });
  useEffect2(() => {
    if (state === "writing") return void 0;
    let isCalled = false;
    const timer = setInterval(() => {
      const left = leftOf(allowed, since);
      setSeconds(left);
      if (left <= LAST_CALL_S && !isCalled) {
        isCalled = true;
        told2.current.onLastCall();
      }
      if (!left) {
        clearInterval(timer);
        told2.current.onEnd();
      }
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [allowed, since, state]);
  const isShort = seconds <= SHORT_S;
  return <>
      <span className={`study-timer ${isShort ? "is-short" : ""}`} role="timer" aria-label={`${clock(seconds)} left`}>
        <Clock aria-hidden="true" /> {clock(seconds)}
      </span>
      <span className="study-unseen" role="status">{seconds && isShort ? "Less than a minute left." : ""}</span>
    </>;
}

// src/quiz/Head.tsx
var LABELS = { quiz: "Quiz", practice: "Practice" };
var Name = ({ children }) => <span className="study-name" title={children}>{children}</span>;
function Head({ quiz, at, ends }) {
  const { mode, topic, items, requested, state, seconds_left: seconds } = quiz;
  const done = items.filter((item) => isDone(quiz, item)).length;
  const of = Math.max(state === "writing" ? requested : 0, items.length);
  return <>
      <div className="study-head">
        <Name>{topic ? `${LABELS[mode]} · ${topic}` : LABELS[mode]}</Name>
        {seconds !== null && ends ? <Timer quiz={quiz} seconds={seconds} {...ends} /> : null}
        <span className="study-state">{at + 1} of {of}</span>
      </div>
      <div
    className="study-bar"
    role="progressbar"
    aria-valuemin={0}
    aria-valuemax={of}
    aria-valuenow={done}
    aria-label={`${done} of ${of} ${mode === "practice" ? "done" : "answered"}`}
  >
        <div style={{ width: `${of ? 100 * done / of : 0}%` }} />
      </div>
    </>;
}
function Writing({ quiz, round, isBusy }) {
  if (quiz.state !== "writing") return quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null;
  return <div className="study-row study-writing">
      <span className="study-small">Writing questions: {quiz.items.length} of {quiz.requested} are ready.</span>
      <Button Icon={Square2} disabled={isBusy} onClick={() => round.stop()}>Stop here</Button>
    </div>;
}
var Cut = ({ isCut }) => <p className="study-small" role="status">
    {isCut ? "No connection to StudyRAG. What you answer is kept here and sent as soon as it is back." : ""}
  </p>;

// src/quiz/keys.ts
import { useEffect as useEffect3, useRef as useRef3 } from "react";
var NEW_MS = 3e4;
var FIELD = /^(INPUT|TEXTAREA)$/;
var HEADROOM = 64;
var COMFORT = 0.7;
var isField = (element) => FIELD.test(element?.tagName ?? "");
var isKeyboardWelcome = () => !matchMedia("(pointer: coarse)").matches || isField(document.activeElement);
var sectionOf = (heading) => heading.current?.closest("section") ?? null;
function focusOn(heading) {
  const field = isKeyboardWelcome() ? sectionOf(heading)?.querySelector(".study-typed input, .study-typed textarea") : null;
  (field ?? heading.current)?.focus({ preventScroll: true });
}
function useFollowing(heading, itemId) {
  const shown = useRef3(itemId);
  useEffect3(() => {
    if (shown.current === itemId) return;
    shown.current = itemId;
    focusOn(heading);
    const place = heading.current?.getBoundingClientRect();
    if (place && (place.top < HEADROOM || place.bottom > window.innerHeight * COMFORT)) sectionOf(heading)?.scrollIntoView({ block: "start" });
  }, [heading, itemId]);
}
var begun = /* @__PURE__ */ new Set();
function useBeginning(heading, { id, created_at: created }) {
  useEffect3(() => {
    if (begun.has(id) || Date.now() - Date.parse(created) > NEW_MS) return;
    begun.add(id);
    focusOn(heading);
    sectionOf(heading)?.scrollIntoView({ block: "nearest" });
  }, [heading, id, created]);
}
function useKeptFocus(heading) {
  const isHere = useRef3(false);
  useEffect3(() => {
    const moved2 = ({ target }) => {
      isHere.current = !!sectionOf(heading)?.contains(target);
    };
    document.addEventListener("pointerdown", moved2, true);
    document.addEventListener("focusin", moved2, true);
    return () => {
      document.removeEventListener("pointerdown", moved2, true);
      document.removeEventListener("focusin", moved2, true);
    };
  }, [heading]);
  useEffect3(() => {
    const focused = document.activeElement;
    if (isHere.current && (focused === document.body || focused instanceof HTMLButtonElement && focused.disabled)) focusOn(heading);
  });
}
function chosen(event, { round, choose }) {
  const option = round.item?.options[Number(event.key) - 1];
  if (!option) return false;
  choose(option.id);
  const target = event.target;
  if (target.closest(".study-option")) event.currentTarget.querySelector(`[data-option="${option.id}"]`)?.focus();
  return true;
}
function moved({ key: key2 }, { round, at }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key2];
  if (step) round.go(at + step);
  return !!step;
}
function entered(event, { enter }) {
  const control = event.target.closest("button, a");
  if (event.key !== "Enter" || control && control.getAttribute("aria-checked") !== "true") return false;
  enter();
  return true;
}
var onKeyDown = (acts) => (event) => {
  if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (chosen(event, acts) || moved(event, acts) || entered(event, acts)) event.preventDefault();
};
function useKeys(quiz, itemId, acts) {
  const heading = useRef3(null);
  useFollowing(heading, itemId);
  useBeginning(heading, quiz);
  useKeptFocus(heading);
  return { heading, onKeyDown: onKeyDown(acts) };
}

// src/quiz/Text.tsx
import { Markdown } from "@/components/markdown";
import { Fragment } from "react";
var FORMULA = /(?<!\\)\$\$([\s\S]+?)(?<!\\)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(?<![\\$])\$(?=\S)((?:\\.|[^\\$])+?)(?<=\S)\$(?![\d$])/g;
function Formula({ match }) {
  const [, dollars, brackets, round, inline] = match;
  const tex = (dollars ?? brackets ?? round ?? inline ?? "").trim().replace(/\s*\n\s*/g, " ");
  const isDisplay = dollars !== void 0 || brackets !== void 0;
  return <Markdown latex className={isDisplay ? "study-formula is-display" : "study-formula"}>{`$$${tex}$$`}</Markdown>;
}
function Gaps({ text }) {
  const [first, ...rest] = text.replace(/\bp\. (?=\w)/g, "p. ").split(/_{3,}/);
  return <>
      {first}
      {rest.map((part, i) => {
    const stop = /^[^\s\w]*/.exec(part)?.[0] ?? "";
    return <Fragment key={i}>
            <span className="study-kept"><span className="study-gap" role="img" aria-label="blank" />{stop}</span>
            {part.slice(stop.length)}
          </Fragment>;
  })}
    </>;
}
function Text({ children: text }) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(FORMULA)) {
    parts.push(<Gaps key={`text-${at}`} text={text.slice(at, match.index)} />, <Formula key={match.index} match={match} />);
    at = match.index + match[0].length;
  }
  return <>{parts}<Gaps text={text.slice(at)} /></>;
}

// src/quiz/kinds/Options.tsx
import { Check, X } from "lucide-react";
function shownOf(option, { item, value, heard }) {
  const isMine = option.id === value;
  const isKey = !!heard?.settled && option.id === heard.key;
  const isMarked = !!heard && (heard.settled || heard.verdict === "wrong") && item.answer === value;
  return { isMine, isKey, isWrong: isMine && !isKey && isMarked };
}
function wordOf({ isMine, isKey, isWrong }) {
  if (isKey) return isMine ? "Right" : "The right answer";
  return isWrong ? "Not right" : "";
}
function reasonOf(option, heard, { isMine, isKey }) {
  const reason = isMine && !isKey ? heard.options.find(({ id }) => id === option.id)?.rationale ?? "" : "";
  const quoted = /“(.+)”/s.exec(reason)?.[1] ?? reason;
  return heard.explanation.includes(quoted) ? "" : reason;
}
var Letter = ({ at, isKey, isWrong }) => <span className="study-letter" aria-hidden="true">{isKey ? <Check /> : isWrong ? <X /> : at + 1}</span>;
function Words({ option, shown, reason }) {
  const word = wordOf(shown);
  return <span className="study-option-text">
      <span className="study-said"><Text>{option.text}</Text></span>
      {word ? <em>{word}</em> : null}
      {reason ? <small><Text>{reason}</Text></small> : null}
    </span>;
}
function move(event, i) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = event.currentTarget.parentElement?.children;
  if (!step || !buttons) return;
  event.preventDefault();
  buttons[(i + step + buttons.length) % buttons.length].focus();
}
var classesOf = ({ isMine, isKey, isWrong }) => `study-option ${isMine ? "is-mine" : ""} ${isKey ? "is-right" : ""} ${isWrong ? "is-wrong" : ""}`;
function Options({ explains, ...ask }) {
  const { item, value, heard, isLocked, change } = ask;
  const inFocus = Math.max(0, item.options.findIndex(({ id }) => id === value));
  return <div className="study-options" role="radiogroup" aria-labelledby={`study-stem-${item.id}`}>
      {item.options.map((option, i) => {
    const shown = shownOf(option, ask);
    return <button
      key={option.id}
      data-option={option.id}
      type="button"
      role="radio"
      aria-checked={shown.isMine}
      disabled={isLocked}
      tabIndex={i === inFocus ? 0 : -1}
      className={classesOf(shown)}
      onKeyDown={(event) => move(event, i)}
      onClick={() => change(option.id)}
    >
            <Letter at={i} {...shown} />
            <Words option={option} shown={shown} reason={explains && heard?.settled ? reasonOf(option, heard, shown) : ""} />
          </button>;
  })}
    </div>;
}

// src/quiz/kinds/marked.tsx
var nothing = () => void 0;
var heardOf2 = ({ key: key2, options, verdict, explanation }) => ({
  settled: true,
  key: key2,
  options,
  verdict,
  explanation,
  score: 0,
  hint: null,
  evidence: [],
  attempt: 0,
  points: [],
  counts: true
});
var MarkedOptions = ({ item, explains }) => <Options item={item} value={item.answer ?? ""} heard={heardOf2(item)} isLocked change={nothing} submit={nothing} explains={explains} />;
var MarkedWords = ({ item }) => <dl className="study-pair">
    <dt>Your answer</dt><dd>{item.answer ? <Text>{item.answer_text ?? item.answer}</Text> : "none"}</dd>
    <dt>Right answer</dt><dd><Text>{item.accepted[0] ?? item.key}</Text></dd>
  </dl>;

// src/quiz/kinds/Typed.tsx
function sends(event, isLong) {
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return false;
  return !isLong || event.ctrlKey || event.metaKey;
}
function Typed({ item, value, isLocked, change, submit, leave, enterKey, label, isLong = false }) {
  const field = {
    "aria-labelledby": `study-stem-${item.id} study-typed-${item.id}`,
    value,
    readOnly: isLocked,
    maxLength: 8e3,
    autoComplete: "off",
    autoCorrect: "off",
    onChange: (event) => change(event.target.value),
    onBlur: leave,
    onKeyDown: (event) => {
      if (!sends(event, isLong)) return;
      event.preventDefault();
      event.stopPropagation();
      submit();
    }
  };
  return <label className="study-typed">
      <span id={`study-typed-${item.id}`}>{label}</span>
      {isLong ? <textarea rows={5} spellCheck {...field} /> : <input autoCapitalize="none" spellCheck={false} enterKeyHint={enterKey} {...field} />}
    </label>;
}

// src/quiz/kinds/gap.tsx
var gap = {
  Ask: (ask) => <Typed {...ask} label="What belongs in the gap?" />,
  Marked: MarkedWords,
  isTyped: true,
  tag: ""
};

// src/quiz/kinds/open.tsx
var open = {
  Ask: (ask) => <Typed {...ask} label="Your answer, in a few sentences" isLong />,
  Marked: MarkedWords,
  isTyped: true,
  tag: ""
};

// src/quiz/kinds/short_answer.tsx
var shortAnswer = {
  Ask: (ask) => <Typed {...ask} label="Your answer" />,
  Marked: MarkedWords,
  isTyped: true,
  tag: ""
};

// src/quiz/kinds/single_choice.tsx
var singleChoice = {
  Ask: (ask) => <Options {...ask} explains={true} />,
  Marked: ({ item }) => <MarkedOptions item={item} explains={true} />,
  isTyped: false,
  tag: ""
};

// src/quiz/kinds/true_false.tsx
var trueFalse = {
  Ask: (ask) => <Options {...ask} explains={false} />,
  Marked: ({ item }) => <MarkedOptions item={item} explains={false} />,
  isTyped: false,
  tag: "True or false?"
};

// src/quiz/kinds/index.ts
var PARTS = {
  single_choice: singleChoice,
  true_false: trueFalse,
  gap,
  short_answer: shortAnswer,
  open
};

// src/quiz/Places.tsx
import { Flag } from "lucide-react";
import { useEffect as useEffect4, useRef as useRef4 } from "react";

// src/quiz/verdicts.tsx
import { Check as Check2, CircleDashed, CircleHelp, CircleSlash, Minus, X as X2 } from "lucide-react";
var OUTCOMES = {
  correct: { name: "Right", Icon: Check2, tone: "right" },
  partly: { name: "Partly right", Icon: CircleDashed, tone: "partly" },
  wrong: { name: "Wrong", Icon: X2, tone: "wrong" },
  cannot_tell: { name: "Not marked", Icon: CircleHelp, tone: "open" },
  none: { name: "No answer", Icon: CircleSlash, tone: "open" },
  helped: { name: "Right with help", Icon: CircleDashed, tone: "partly" },
  untried: { name: "Not tried", Icon: Minus, tone: "open" }
};
function Verdict({ outcome, children }) {
  const { name, Icon, tone } = OUTCOMES[outcome];
  return <span className={`study-verdict is-${tone}`}><Icon aria-hidden="true" /> {children || name}</span>;
}

// src/quiz/Places.tsx
var outcomeOf = (quiz, item) => {
  const heard = heardOf(quiz, item);
  return heard?.settled ? OUTCOMES[heard.verdict ?? "none"] : null;
};
function stateOf(quiz, item) {
  const outcome = outcomeOf(quiz, item);
  if (item.reported) return ["reported", "is-reported"];
  if (outcome) return [outcome.name, `is-${outcome.tone}`];
  if (isAnswered(item)) return ["answered", "is-answered"];
  return item.skipped ? ["skipped", "is-skipped"] : ["open", ""];
}
function Place({ quiz, item, at, isHere, go }) {
  const [word, look] = stateOf(quiz, item);
  const outcome = outcomeOf(quiz, item);
  const says = item.flagged ? `${word}, flagged` : word;
  return <button
    type="button"
    className={`study-place ${look}`}
    aria-current={isHere ? "step" : void 0}
    aria-label={`Question ${at + 1}: ${says}`}
    title={says}
    onClick={() => go(at)}
  >
      {outcome ? <outcome.Icon aria-hidden="true" /> : at + 1}
      {item.flagged ? <Flag className="study-flagged" aria-hidden="true" /> : null}
    </button>;
}
function useInView(at) {
  const list = useRef4(null);
  useEffect4(() => {
    const place = list.current?.children[at];
    if (!list.current || !(place instanceof HTMLElement)) return;
    list.current.scrollTop = place.offsetTop - list.current.offsetTop - list.current.clientHeight / 2 + place.clientHeight / 2;
  }, [at]);
  return list;
}
function Places({ quiz, at, go }) {
  const { items, requested } = quiz;
  const list = useInView(at);
  const missing = quiz.state === "writing" ? Math.max(0, requested - items.length) : 0;
  return <ol className="study-places" aria-label="Questions" ref={list}>
      {items.map((item, i) => <li key={item.id}><Place quiz={quiz} item={item} at={i} isHere={i === at} go={go} /></li>)}
      {Array.from({ length: missing }, (_, i) => <li key={`missing-${i}`} aria-hidden="true"><span className="study-place is-missing">{items.length + i + 1}</span></li>)}
    </ol>;
}

// src/quiz/Question.tsx
var DIFFICULTY = { easy: "Easy", medium: "Medium", hard: "Hard" };
var Question = ({ item, at, heading }) => <>
    <p className="study-small study-tags">
      {[item.difficulty && DIFFICULTY[item.difficulty], PARTS[item.kind].tag, item.topic].filter(Boolean).join(" · ")}
    </p>
    <h3 className="study-stem" id={`study-stem-${item.id}`} ref={heading} tabIndex={-1}>
      <span className="study-unseen">Question {at + 1}: </span><Text>{item.stem}</Text>
    </h3>
  </>;
var Keys = ({ item, enter }) => <span className="study-small study-keys">
    {item.options.length ? <span><kbd>1</kbd>–<kbd>{item.options.length}</kbd> choose</span> : null}
    <span><kbd>Enter</kbd> {enter}</span>
    {item.options.length ? <span><kbd>←</kbd> <kbd>→</kbd> move</span> : null}
  </span>;

// src/quiz/Remark.tsx
import { useState as useState2 } from "react";

// src/shared/focus.ts
var takeFocus = (element) => element?.focus({ preventScroll: true });

// src/quiz/Remark.tsx
function Remark({ name, question, placeholder, submit, isBusy, send }) {
  const [isOpen, setOpen] = useState2(false);
  const [reason, setReason] = useState2("");
  const onSubmit = (event) => {
    event.preventDefault();
    setOpen(false);
    send(reason);
  };
  if (!isOpen) return <Link disabled={isBusy} onClick={() => setOpen(true)}>{name}</Link>;
  return <form className="study-form study-row" onSubmit={onSubmit}>
      <input
    ref={takeFocus}
    aria-label={question}
    placeholder={placeholder}
    maxLength={1e3}
    value={reason}
    onChange={(event) => setReason(event.target.value)}
  />
      <Button type="submit" disabled={isBusy}>{submit}</Button>
      <Button onClick={() => setOpen(false)}>Cancel</Button>
    </form>;
}
function ReportBad({ round, item, isBusy, isReported }) {
  const [thanks, setThanks] = useState2("");
  const send = (reason) => void round.report(item, reason).then((done) => done && setThanks(done.message));
  if (thanks || isReported) return <span className="study-small" role="status">{thanks || "Reported: it does not count."}</span>;
  return <Remark
    name="Report this question"
    question="What is wrong with this question?"
    placeholder="What is wrong with it? (optional)"
    submit="Report"
    isBusy={isBusy}
    send={send}
  />;
}
function Challenge({ round, item, isBusy, isListed = false }) {
  const [told2, setTold] = useState2(null);
  const send = (reason) => void round.challenge(item, reason).then((done) => done && setTold(done));
  if (told2 && !isListed) {
    return <span className="study-small" role="status">Marked again: {OUTCOMES[told2.again.verdict].name}. {told2.again.explanation}</span>;
  }
  return <Remark
    name="Challenge the mark"
    question="Why is your answer right?"
    placeholder="Why is your answer right? (optional)"
    submit="Mark again"
    isBusy={isBusy}
    send={send}
  />;
}

// src/quiz/Told.tsx
import { Lightbulb } from "lucide-react";
import { useEffect as useEffect5, useRef as useRef5 } from "react";

// src/quiz/Pages.tsx
import { BookOpen } from "lucide-react";
var SAME = 40;
var pageOf = ({ page_kind: kind, page_label: label }) => kind === "page" ? `p. ${label}` : `${kind} ${label}`;
var Page = ({ evidence, isSaid }) => <a className="study-chip" href={evidence.view_url} title={evidence.quote ? `“${evidence.quote}”` : void 0}>
    <b><BookOpen aria-hidden="true" /></b>
    <span className="study-where"><span className="study-book">{evidence.book},</span> {pageOf(evidence)}</span>
    {evidence.quote && !isSaid ? <span className="study-quote">“{evidence.quote}”</span> : null}
  </a>;
var Pages = ({ evidence, said: said2 = "" }) => <ul className="study-chips" aria-label="Pages">
    {evidence.map((one, i) => <li key={i}><Page evidence={one} isSaid={said2.includes(one.quote.slice(0, SAME))} /></li>)}
  </ul>;

// src/quiz/Told.tsx
function verdictIn({ verdict, settled }) {
  if (!verdict) return "The answer";
  return settled || verdict !== "wrong" ? null : "Not yet";
}
var isSame = (one, other) => one?.attempt === other?.attempt && one?.settled === other?.settled;
function bring(told2, isSettled) {
  const card = told2.closest("section");
  card.querySelector(".study-moves")?.scrollIntoView({ block: "nearest" });
  told2.scrollIntoView({ block: "nearest" });
  if (isSettled && card.contains(document.activeElement)) told2.focus({ preventScroll: true });
}
function useAttention(box, heard) {
  const last = useRef5(heard);
  useEffect5(() => {
    const isNew = !isSame(heard, last.current);
    last.current = heard;
    if (isNew && box.current) bring(box.current, !!heard?.settled);
  }, [box, heard]);
}
var Explained = ({ heard, box }) => <div className={`study-told is-${OUTCOMES[heard.verdict ?? "none"].tone}`} ref={box} tabIndex={-1}>
    <Verdict outcome={heard.verdict ?? "none"}>{verdictIn(heard)}</Verdict>
    <p><Text>{heard.explanation}</Text></p>
    {heard.settled ? <Pages evidence={heard.evidence} said={heard.explanation} /> : null}
  </div>;
function Told({ heard, hint }) {
  const box = useRef5(null);
  useAttention(box, heard);
  return <div aria-live="polite">
      {hint ? <p className="study-hint"><Lightbulb aria-hidden="true" /> <span><Text>{hint}</Text></span></p> : null}
      {heard ? <Explained heard={heard} box={box} /> : null}
    </div>;
}

// src/quiz/Practice.tsx
function following(quiz, at) {
  const rest = quiz.items.map((_, i) => (at + 1 + i) % quiz.items.length);
  return rest.find((i) => !isDone(quiz, quiz.items[i]));
}
var hintOf = ({ hints }, itemId, heard) => hints[itemId] ?? (heard?.settled ? null : heard?.hint);
function actsOf({ round, state, quiz, item, at }) {
  const heard = heardOf(quiz, item);
  const isSettled = !!heard?.settled;
  const value = state.drafts[item.id] ?? item.answer ?? "";
  const isNew = !!value.trim() && !(heard && value === item.answer);
  const to = following(quiz, at);
  const next = () => {
    if (to === void 0) round.change({ type: "ending", isEnding: true });
    else round.go(to);
  };
  return {
    heard,
    isSettled,
    value,
    isNew,
    next,
    isLast: to === void 0,
    open: quiz.items.flatMap((one, i) => isDone(quiz, one) ? [] : [i]),
    hint: hintOf(state, item.id, heard),
    change: (text) => {
      if (!isSettled) round.draft(item.id, text);
    },
    check: () => {
      if (isSettled) next();
      else if (isNew) round.check(item, value);
    },
    skip: () => {
      round.put(item, { skipped: true });
      next();
    }
  };
}
var Again = ({ view: { round, state, item }, acts }) => <div className="study-row study-moves">
    <Button disabled={state.isBusy} onClick={() => void round.another(item, "same")}>Another like this</Button>
    <Button disabled={state.isBusy} onClick={() => void round.another(item, "easier")}>Easier</Button>
    <Button disabled={state.isBusy} onClick={() => void round.another(item, "harder")}>Harder</Button>
    <span className="study-space" />
    <Button look="primary" onClick={acts.next}>{acts.isLast ? "Finish" : "Next"} <ArrowRight aria-hidden="true" /></Button>
  </div>;
var Tries = ({ view: { round, state, item }, acts }) => <div className="study-row study-moves">
    <Button Icon={Lightbulb2} disabled={state.isBusy || !!acts.hint} onClick={() => void round.hint(item)}>Hint</Button>
    <Button disabled={state.isBusy} onClick={() => round.reveal(item)}>Show the answer</Button>
    <span className="study-space" />
    {acts.open.length > 1 ? <Button onClick={acts.skip}>Skip</Button> : null}
    <Button look="primary" disabled={state.isBusy || !acts.isNew} onClick={acts.check}>{acts.heard ? "Try again" : "Check"}</Button>
  </div>;
function Moves({ view, acts }) {
  const { round, state, quiz } = view;
  if (state.isEnding) return <Finish quiz={quiz} round={round} open={acts.open} isBusy={state.isBusy} />;
  return acts.isSettled ? <Again view={view} acts={acts} /> : <Tries view={view} acts={acts} />;
}
function Foot({ view: { round, state, item }, acts }) {
  const { heard, isSettled } = acts;
  const about = { round, item, isBusy: state.isBusy };
  return <div className="study-row study-foot">
      <Keys item={item} enter={isSettled ? "next" : "check"} />
      {isSettled && heard?.attempt && heard.verdict !== "correct" ? <Challenge key={`challenge-${item.id}`} {...about} /> : null}
      <ReportBad key={item.id} {...about} isReported={item.reported} />
      {state.isEnding ? null : <Link onClick={() => round.change({ type: "ending", isEnding: true })}>End practice</Link>}
    </div>;
}
function Practice(view) {
  const { round, state, quiz, item, at } = view;
  const acts = actsOf(view);
  const { heading, onKeyDown: onKeyDown2 } = useKeys(quiz, item.id, { round, at, choose: acts.change, enter: acts.check });
  const { Ask } = PARTS[item.kind];
  return <section className="study-card study-quiz" aria-label="Practice" onKeyDown={onKeyDown2}>
      <Head quiz={quiz} at={at} />
      <Writing quiz={quiz} round={round} isBusy={state.isBusy} />
      <Question item={item} at={at} heading={heading} />
      <Ask
    key={item.id}
    item={item}
    value={acts.value}
    heard={acts.heard}
    isLocked={acts.isSettled}
    change={acts.change}
    submit={acts.check}
    enterKey={acts.isSettled ? "next" : "done"}
  />
      <Told key={`told-${item.id}`} heard={acts.heard} hint={acts.hint} />
      <Problem>{state.problem}</Problem>
      <Cut isCut={state.isCut} />
      <p className="study-small" role="status">{state.isAwaiting ? "Writing a question…" : ""}</p>
      <Moves view={view} acts={acts} />
      {quiz.items.length > 1 || quiz.state === "writing" ? <Places quiz={quiz} at={at} go={(i) => round.go(i)} /> : null}
      <Foot view={view} acts={acts} />
    </section>;
}

// src/quiz/Quiz.tsx
import { ArrowLeft, ArrowRight as ArrowRight2, Flag as Flag2 } from "lucide-react";
function actsOf2({ round, state, quiz, item, at }) {
  const { isTyped } = PARTS[item.kind];
  const draft = state.drafts[item.id];
  const keep2 = () => {
    if (isTyped && draft !== void 0) round.save(item, draft);
  };
  const hasAnswer = !!(draft ?? item.answer)?.trim();
  const open2 = quiz.items.flatMap((one, i) => one.reported || isAnswered(one) || one.id === item.id && hasAnswer ? [] : [i]);
  const ask = () => round.change({ type: "ending", isEnding: true });
  return {
    open: open2,
    hasAnswer,
    keep: keep2,
    isTyped,
    value: (isTyped ? draft : void 0) ?? item.answer ?? "",
    isLast: at + 1 >= quiz.items.length,
    change: (value) => isTyped ? round.draft(item.id, value) : round.save(item, value),
    next: () => {
      keep2();
      if (at + 1 < quiz.items.length) round.go(at + 1);
      else ask();
    },
    finish: () => {
      keep2();
      if (open2.length || quiz.state === "writing") ask();
      else round.finish();
    },
    skip: () => {
      round.put(item, { skipped: true });
      round.go(at + 1);
    },
    flag: () => round.put(item, { flagged: !item.flagged })
  };
}
var Moves2 = ({ view: { round, state, item, at }, acts }) => <div className="study-row study-moves">
    <Button Icon={ArrowLeft} aria-label="Previous question" disabled={!at} onClick={() => round.go(at - 1)} />
    <Button Icon={Flag2} aria-pressed={item.flagged} onClick={acts.flag}>{item.flagged ? "Flagged" : "Flag"}</Button>
    <span className="study-space" />
    {!acts.isLast && !acts.hasAnswer ? <Button onClick={acts.skip}>Skip</Button> : null}
    {acts.isLast ? <Button look="primary" disabled={state.isBusy} onClick={acts.finish}>Finish</Button> : <Button look="primary" onClick={acts.next}>Next <ArrowRight2 aria-hidden="true" /></Button>}
  </div>;
function Quiz(view) {
  const { round, state, quiz, item, at } = view;
  const acts = actsOf2(view);
  const { heading, onKeyDown: onKeyDown2 } = useKeys(quiz, item.id, { round, at, choose: acts.change, enter: acts.next });
  const { Ask } = PARTS[item.kind];
  return <section className="study-card study-quiz" aria-label="Quiz" onKeyDown={onKeyDown2}>
      <Head quiz={quiz} at={at} ends={{ onLastCall: acts.keep, onEnd: () => round.late() }} />
      <Writing quiz={quiz} round={round} isBusy={state.isBusy} />
      <Question item={item} at={at} heading={heading} />
      <Ask key={item.id} item={item} value={acts.value} change={acts.change} submit={acts.next} leave={acts.keep} enterKey="next" />
      <Problem>{state.problem}</Problem>
      <Cut isCut={state.isCut} />
      {state.isEnding ? <Finish quiz={quiz} round={round} open={acts.open} isBusy={state.isBusy} /> : <Moves2 view={view} acts={acts} />}
      <Places quiz={quiz} at={at} go={(i) => round.go(i)} />
      <div className="study-row study-foot">
        <Keys item={item} enter="next" />
        <ReportBad key={item.id} round={round} item={item} isBusy={state.isBusy} isReported={item.reported} />
        {acts.isLast || state.isEnding ? null : <Link onClick={acts.finish}>Finish the quiz</Link>}
      </div>
    </section>;
}

// src/quiz/Report.tsx
import { Download, Repeat } from "lucide-react";
import { useEffect as useEffect6, useRef as useRef6 } from "react";

// src/shared/kept.ts
import { useCallback, useState as useState3 } from "react";
var kept = /* @__PURE__ */ new Map();
function useKept(key2, start) {
  const [value, setValue] = useState3(() => kept.has(key2) ? kept.get(key2) : start);
  const set = useCallback((next) => {
    kept.set(key2, next);
    setValue(next);
  }, [key2]);
  return [value, set];
}

// src/quiz/Marked.tsx
var Marks = ({ marks }) => <ol className="study-marks">
    {marks.map(({ verdict, explanation }, i) => <li key={i}>{i ? "Marked again" : "First mark"}: {OUTCOMES[verdict].name}. {explanation}</li>)}
  </ol>;
var Inside = ({ item, round, isBusy }) => {
  const { Marked: Answer } = PARTS[item.kind];
  const about = { round, item, isBusy };
  return <div className="study-inside">
      <Answer item={item} />
      <p><Text>{item.explanation}</Text></p>
      <div aria-live="polite">{item.marks.length > 1 ? <Marks marks={item.marks} /> : null}</div>
      <Pages evidence={item.evidence} said={item.explanation} />
      <div className="study-row study-foot">
        {item.answer && item.verdict !== "correct" ? <Challenge {...about} isListed /> : null}
        <ReportBad {...about} isReported={item.reported} />
      </div>
    </div>;
};
function Marked(props2) {
  const { item, at, round } = props2;
  const [isOpen, setOpen] = useKept(`open:${round.id}:${item.id}`, false);
  return <details className="study-marked" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Verdict outcome={item.outcome} />
        <span className="study-asked" id={`study-stem-${item.id}`}>{at + 1}. <Text>{item.stem}</Text></span>
      </summary>
      <Inside {...props2} />
    </details>;
}

// src/quiz/Topics.tsx
var FEW = 8;
var pagesOf = (evidence) => [
  ...new Map(evidence.map((one) => [`${one.document_id}:${one.page_index}`, { ...one, quote: "" }])).values()
];
function Topic({ topic: { topic, score, correct, total, read_again: again } }) {
  const percent = Math.round(100 * score);
  return <tr>
      <th scope="row">{topic || "Other"}</th>
      <td className="study-share">
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${percent} percent`}>
          <rect width="100" height="8" className="study-track" /><rect width={percent} height="8" className="study-fill" />
        </svg>
      </td>
      <td className="study-number">{correct} of {total}</td>
      <td className="study-again">{again.length ? <Pages evidence={pagesOf(again)} /> : null}</td>
    </tr>;
}
function Topics({ topics, id, caption }) {
  const [all, setAll] = useKept(`topics:${id}`, false);
  const weakest = [...topics].sort((one, other) => one.score - other.score || other.total - one.total);
  const shown = all ? weakest : weakest.slice(0, FEW);
  const hasPages = shown.some(({ read_again: again }) => again.length);
  return <>
      <table className="study-chart">
        <caption>{caption}{hasPages ? <span className="study-small">, with what to read again</span> : null}</caption>
        <thead className="study-unseen"><tr><th>Topic</th><th>Score</th><th>Right</th><th>Read again</th></tr></thead>
        <tbody>{shown.map((topic) => <Topic key={topic.topic} topic={topic} />)}</tbody>
      </table>
      {topics.length > FEW ? <Link aria-expanded={all} onClick={() => setAll(!all)}>{all ? "Show fewer topics" : `Show all ${topics.length} topics`}</Link> : null}
    </>;
}

// src/quiz/Report.tsx
var FORMATS = {
  anki: ["Anki", "Flash cards for Anki"],
  pdf: ["PDF", "To print, with the answers on a page of their own"],
  markdown: ["Markdown", "Text, with the answers at the end"],
  csv: ["CSV", "A table for a spreadsheet"],
  moodle: ["Moodle", "Moodle XML, for a question bank"],
  gift: ["GIFT", "GIFT, for Moodle and other course systems"]
};
var NAMES = {
  quiz: { round: "Quiz", without: "", again: "Quiz me" },
  practice: { round: "Practice", without: " without help", again: "Practice with me" }
};
var Tally = ({ outcomes }) => <ul className="study-tally" aria-label="Answers">
    {Object.keys(OUTCOMES).filter((outcome) => outcomes[outcome]).map((outcome) => <li key={outcome}><Verdict outcome={outcome}>{`${outcomes[outcome]} ${OUTCOMES[outcome].name.toLowerCase()}`}</Verdict></li>)}
  </ul>;
function Score({ report, score }) {
  const { total, correct, mode } = report;
  return <p className="study-score" ref={score} tabIndex={-1}>
      <strong>{total ? `${Math.round(100 * report.score)} %` : "–"}</strong>
      <span>{total ? `${correct} of ${total} right${NAMES[mode].without}` : "Nothing was answered that counts."}</span>
    </p>;
}
function useArrival({ round, state: { hasEnded, isLate } }) {
  const score = useRef6(null);
  useEffect6(() => {
    if (!hasEnded && !isLate) return;
    score.current?.focus({ preventScroll: true });
    score.current?.closest("section")?.scrollIntoView({ block: "start" });
    round.change({ type: "seen" });
  }, []);
  return score;
}
var Notices = ({ state, quiz }) => <>
    {state.isLate ? <p className="study-notice">Time is up. What you had answered by then was marked.</p> : null}
    {quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null}
  </>;
var Exports = ({ id }) => <div className="study-row study-exports" role="group" aria-label="Take it away">
    <span className="study-small"><Download aria-hidden="true" /> Take it away:</span>
    {Object.entries(FORMATS).map(([format, [name, what]]) => <a key={format} className="study-button" title={what} download href={`/api/quizzes/${id}/export?format=${format}`}>{name}</a>)}
  </div>;
function Questions({ round, state, report, missed }) {
  const [isOnly, setOnly] = useKept(`only:${round.id}`, false);
  return <>
      <div className="study-head study-questions">
        <h4>Questions</h4>
        {missed.length && missed.length < report.items.length ? <label className="study-only">
            <input type="checkbox" checked={isOnly} onChange={(event) => setOnly(event.target.checked)} /> Only what was not right
          </label> : null}
      </div>
      {(isOnly ? missed : report.items).map((item) => <Marked key={item.id} item={item} at={report.items.indexOf(item)} round={round} isBusy={state.isBusy} />)}
    </>;
}
function Report(props2) {
  const { quiz, report, state, say } = props2;
  const { round, again } = NAMES[quiz.mode];
  const missed = report.items.filter((item) => item.missed);
  const score = useArrival(props2);
  return <section className="study-card study-quiz study-report" aria-label={`${round} report`}>
      <div className="study-head">
        <Name>{quiz.topic ? `${round} finished · ${quiz.topic}` : `${round} finished`}</Name>
        <span className="study-state" title={quiz.scope_label}>{quiz.scope_label}</span>
      </div>
      <Score report={report} score={score} />
      {report.total > 1 ? <Tally outcomes={report.outcomes} /> : null}
      <Notices {...props2} />
      {report.by_topic.length ? <Topics topics={report.by_topic} id={quiz.id} caption="Score by topic" /> : null}
      <div className="study-row study-moves">
        {missed.length ? <Button look="primary" Icon={Repeat} onClick={() => say("Repeat my mistakes")}>Repeat my mistakes</Button> : null}
        <Button onClick={() => say(`${again}${quiz.topic ? ` on ${quiz.topic}` : ""}, ${count(quiz.requested, "question")}`)}>New questions</Button>
      </div>
      <Questions {...props2} missed={missed} />
      <Problem>{state.problem}</Problem>
      <Exports id={quiz.id} />
    </section>;
}

// src/quiz/Review.tsx
import { Repeat as Repeat2 } from "lucide-react";
import { useCallback as useCallback2, useEffect as useEffect7, useState as useState4 } from "react";

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

// src/quiz/Review.tsx
var PAUSE_MS = 500;
function queryOf(scope) {
  return new URLSearchParams(Object.entries(scope).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))).toString();
}
function useDue(query, send) {
  const [found, setFound] = useState4(null);
  const [topics, setTopics] = useState4([]);
  const [problem, setProblem] = useState4("");
  const read2 = useCallback2(async () => {
    try {
      setFound(await send(`/api/review/due?${query}`));
      setTopics((await send(`/api/review/topics?${query}`)).topics);
      setProblem("");
    } catch (error) {
      setProblem(told(error));
    }
  }, [query, send]);
  useEffect7(() => {
    const changes = new BroadcastChannel("studyrag");
    let soonest;
    const later = () => {
      clearTimeout(soonest);
      soonest = setTimeout(() => void read2(), PAUSE_MS);
    };
    const again = () => {
      if (!document.hidden) void read2();
    };
    changes.addEventListener("message", later);
    document.addEventListener("visibilitychange", again);
    void read2();
    return () => {
      clearTimeout(soonest);
      changes.close();
      document.removeEventListener("visibilitychange", again);
    };
  }, [read2]);
  const takeUp = ({ id, due }) => send(`/api/review/${id}`, "POST", { rating: "again", due }).then(read2, (error) => setProblem(told(error)));
  return { found, topics, problem, takeUp };
}
function Books({ due }) {
  const byBook = /* @__PURE__ */ new Map();
  for (const { book } of due) byBook.set(book, (byBook.get(book) ?? 0) + 1);
  if (byBook.size < 2) return null;
  return <p className="study-small">{[...byBook].map(([book, n]) => `${book}: ${n}`).join(" · ")}</p>;
}
var nextIn = ({ next_due: next }) => next ? `The next one comes back ${soon(next)}.` : "Answer some questions first: what you answer comes back here just before you would forget it.";
var Now = ({ found, say }) => found.count ? <div className="study-row"><Button look="primary" Icon={Repeat2} onClick={() => say("Repeat what is due")}>Start the review</Button></div> : <>
    <p className="study-small">{nextIn(found)}</p>
    <div className="study-row"><Button onClick={() => say("Practice with me")}>Practice something new</Button></div>
  </>;
var Leeches = ({ leeches, takeUp }) => <div className="study-leeches">
    <h4>Set aside: read these pages first</h4>
    {leeches.map((item) => <div key={item.id} className="study-leech">
        <p><Text>{item.stem}</Text> <span className="study-small">forgotten {item.lapses} times</span></p>
        <div className="study-row">
          <Pages evidence={item.evidence} /><Button onClick={() => void takeUp(item)}>I have read it: ask me again</Button>
        </div>
      </div>)}
  </div>;
function Review({ scope, say, send = request }) {
  const { found, topics, problem, takeUp } = useDue(queryOf(scope), send);
  if (!found) return <Note isProblem={!!problem}>{problem || "Looking what is due…"}</Note>;
  const weak = topics.filter(({ score }) => score < 1).map((one) => ({ ...one, total: one.answers }));
  return <section className="study-card study-quiz study-review" aria-label="Review">
      <div className="study-head"><span className="study-name">Review</span><span className="study-state">{found.scope_label}</span></div>
      <p className="study-score" role="status">
        <strong>{found.count}</strong><span>{found.count === 1 ? "question is due today" : "questions are due today"}</span>
      </p>
      <Books due={found.due} />
      <Now found={found} say={say} />
      {weak.length ? <Topics topics={weak} id="review" caption="What you know least" /> : null}
      {found.leeches.length ? <Leeches leeches={found.leeches} takeUp={takeUp} /> : null}
      <Problem>{problem}</Problem>
    </section>;
}

// src/quiz/line.ts
var PAUSES_MS = [1e3, 2e3, 4e3, 8e3, 15e3];
var Line = class {
  /** `onCut` hears when the network swallows something, and when it is back. */
  constructor(onCut) {
    this.onCut = onCut;
  }
  last = Promise.resolve();
  waiting = [];
  wake = () => void 0;
  get isEmpty() {
    return !this.waiting.length;
  }
  /** The reply, once all that was added before has had its own. */
  add(job) {
    let begun2 = null;
    const one = { start: () => begun2 ??= job.send() };
    const fresh = () => {
      begun2 = null;
    };
    this.waiting.push(one);
    const done = this.last.then(() => this.through(one, fresh, job.isRepeatable)).finally(() => this.waiting.shift());
    this.last = done.catch(() => null);
    return done;
  }
  /** Send all that waits at once: the page is being left. */
  flush() {
    for (const one of this.waiting) one.start().catch(() => null);
  }
  /** Try now what waits for the network. */
  retry() {
    this.wake();
  }
  async through(one, fresh, isRepeatable) {
    for (let tries = 0; ; tries += 1) {
      try {
        const reply = await one.start();
        if (tries) this.onCut(false);
        return reply;
      } catch (error) {
        if (!isRepeatable || !(error instanceof RequestError) || !error.isPassing) {
          if (tries) this.onCut(false);
          throw error;
        }
        fresh();
        this.onCut(true);
        await this.pause(error.retryAfter, tries);
      }
    }
  }
  pause(retryAfter, tries) {
    const milliseconds = retryAfter ? retryAfter * 1e3 : PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
};

// src/quiz/unsent.ts
var key = (quizId) => `studyrag:unsent:${quizId}`;
function unsent(quizId) {
  const text = localStorage.getItem(key(quizId));
  return text ? JSON.parse(text) : [];
}
var write = (quizId, answers) => {
  if (answers.length) localStorage.setItem(key(quizId), JSON.stringify(answers));
  else localStorage.removeItem(key(quizId));
};
var isSame2 = (one, other) => one.item_id === other.item_id && one.attempt === other.attempt;
var keep = (quizId, answer) => write(quizId, [...unsent(quizId).filter((one) => !isSame2(one, answer)), answer]);
var drop = (quizId, answer) => write(quizId, unsent(quizId).filter((one) => !isSame2(one, answer)));

// src/quiz/round.ts
var WRITING_MS = 800;
var CUT_MS = 5e3;
var GONE = 404;
var CONFLICT = 409;
var Round = class {
  constructor(id, send = request) {
    this.id = id;
    this.send = send;
    for (const answer of unsent(id)) this.resume(answer);
  }
  state = START;
  listeners = /* @__PURE__ */ new Set();
  line = new Line((isCut) => this.change({ type: "cut", isCut }));
  changes = 0;
  tabs = null;
  // Watching
  get = () => this.state;
  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  change = (change) => {
    this.state = reduce(this.state, change);
    for (const listener of this.listeners) listener();
  };
  /** Keep the round true while a card shows it; the reply ends that. */
  watch = () => {
    const tabs = new BroadcastChannel("studyrag");
    const stop = new AbortController();
    const on = (target, event, react) => target.addEventListener(event, react, { signal: stop.signal });
    const heard = (event) => {
      if ([this.id, `studyrag:quiz:${this.id}`].includes(event.data)) void this.read();
    };
    const front = () => {
      if (!document.hidden) void this.read();
    };
    on(tabs, "message", heard);
    on(window, "message", heard);
    on(window, "focus", front);
    on(document, "visibilitychange", front);
    on(window, "online", () => this.line.retry());
    on(window, "pagehide", () => this.line.flush());
    const timers = [
      setInterval(() => {
        if (this.state.quiz?.state === "writing") void this.read();
      }, WRITING_MS),
      setInterval(() => {
        if (this.state.isCut) void this.read();
      }, CUT_MS)
    ];
    this.tabs = tabs;
    void this.read();
    return () => {
      stop.abort();
      timers.forEach(clearInterval);
      tabs.close();
      this.tabs = null;
    };
  };
  read = async () => {
    const before = this.changes;
    try {
      const quiz = await this.send(this.address);
      const isOver = quiz.state === "finished" && quiz.delivered > 0;
      const report = isOver ? await this.send(`${this.address}/report`) : null;
      if (before === this.changes) this.change({ type: "read", quiz, report, at: Date.now() });
    } catch (error) {
      this.unread(error);
    }
  };
  // Doing
  go(i) {
    const item = this.state.quiz?.items[i];
    if (item) this.change({ type: "moved", item: item.id });
  }
  draft(item, text) {
    this.change({ type: "drafted", item, text });
  }
  /** In a quiz: keep an answer, which may be changed until the end. */
  save(item, text) {
    const answer = text.trim();
    if (answer === (item.answer ?? "")) return;
    const last = unsent(this.id).filter((one) => one.item_id === item.id).at(-1);
    const attempt = Math.max(item.attempts, last?.attempt ?? 0) + 1;
    this.change({ type: "did", item: item.id, done: { answer, skipped: false } });
    void this.deliver({ item_id: item.id, answer, attempt });
  }
  /** In practice: have an answer marked. */
  check(item, answer) {
    const body = { item_id: item.id, answer, attempt: item.attempts + 1 };
    void this.wait(() => this.send(`${this.address}/answers`, "POST", body));
  }
  /** Flag a question, or leave it out. */
  put(item, done) {
    this.change({ type: "did", item: item.id, done });
    void this.pass({ send: () => this.send(this.of(item), "PATCH", done), isRepeatable: true });
  }
  async hint(item) {
    const said2 = await this.wait(() => this.send(`${this.of(item)}/hint`, "POST"));
    if (said2) this.change({ type: "hinted", item: item.id, hint: said2.hint });
  }
  reveal(item) {
    void this.wait(() => this.send(`${this.of(item)}/reveal`, "POST"));
  }
  /** A new question like this one, which is then the one on screen. */
  async another(item, step) {
    this.change({ type: "awaiting", isAwaiting: true });
    const made = await this.wait(() => this.send(`${this.of(item)}/another`, "POST", { step }), false);
    this.change({ type: "awaiting", isAwaiting: false });
    if (made) this.change({ type: "moved", item: made.id });
  }
  stop() {
    void this.wait(() => this.send(`${this.address}/stop`, "POST"));
  }
  finish() {
    this.change({ type: "finishing" });
    void this.wait(() => this.send(`${this.address}/finish`, "POST"));
  }
  /** The time is up: the server has ended it. */
  late() {
    this.change({ type: "late" });
    void this.read();
  }
  /** Have the last answer marked again; both marks, or nothing where that failed. */
  challenge(item, reason) {
    return this.wait(() => this.send(`${this.of(item)}/challenge`, "POST", { reason }), false);
  }
  report(item, reason) {
    return this.wait(() => this.send(`${this.of(item)}/report`, "POST", { reason }));
  }
  /** The question on screen. */
  get item() {
    return this.state.quiz?.items[placeOf(this.state)];
  }
  // Inside
  get address() {
    return `/api/quizzes/${this.id}`;
  }
  of(item) {
    return `${this.address}/items/${item.id}`;
  }
  unread(error) {
    if (error instanceof RequestError && error.status === GONE) this.change({ type: "gone" });
    else if (error instanceof RequestError && error.isPassing) this.change({ type: "cut", isCut: true });
    else this.change({ type: "failed", problem: told(error) });
  }
  /** An answer of an earlier visit; where the quiz has ended meanwhile it comes too late. */
  resume(answer) {
    this.change({ type: "did", item: answer.item_id, done: { answer: answer.answer } });
    void this.deliver(answer, (error) => {
      if (!(error instanceof RequestError) || error.isPassing) throw error;
    });
  }
  async deliver(answer, doubt) {
    keep(this.id, answer);
    const send = () => doubt ? this.post(answer).catch(doubt) : this.post(answer);
    await this.pass({ send, isRepeatable: true });
    drop(this.id, answer);
  }
  /** Another window may have taken the number: then the answer given last gets the next one. */
  async post(answer) {
    try {
      return await this.send(`${this.address}/answers`, "POST", answer);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== CONFLICT) throw error;
      const quiz = await this.send(this.address);
      const attempts = quiz.items.find(({ id }) => id === answer.item_id)?.attempts;
      if (quiz.state === "finished" || attempts === void 0) throw error;
      return this.send(`${this.address}/answers`, "POST", { ...answer, attempt: attempts + 1 });
    }
  }
  /** Do something that the learner waits for; a second click meanwhile does nothing. */
  async wait(send, isRepeatable = true) {
    if (this.state.isBusy) return void 0;
    this.change({ type: "begun" });
    const done = await this.pass({ send, isRepeatable });
    this.change({ type: "ended" });
    return done;
  }
  /** Send it in its turn, then read what has become of the round and let the other tabs know. */
  async pass(job) {
    this.changes += 1;
    let done;
    try {
      done = await this.line.add(job);
    } catch (error) {
      this.change({ type: "failed", problem: told(error) });
    }
    this.changes += 1;
    this.tell();
    if (this.line.isEmpty) await this.settle();
    return done;
  }
  async settle() {
    this.change({ type: "confirmed" });
    await this.read();
  }
  tell() {
    const through = this.tabs ?? new BroadcastChannel("studyrag");
    through.postMessage(this.id);
    if (!this.tabs) through.close();
  }
};
var rounds = /* @__PURE__ */ new Map();
function roundOf(id) {
  const found = rounds.get(id) ?? new Round(id);
  rounds.set(id, found);
  return found;
}

// src/quiz/view.ts
import { useEffect as useEffect8, useSyncExternalStore } from "react";
function useRound(round) {
  useEffect8(() => round.watch(), [round]);
  return useSyncExternalStore(round.subscribe, round.get);
}

// src/quiz/QuizCard.tsx
var isBeginning = ({ state, items }) => state === "writing" && !items.length;
var ABSENT = "There is no connection to StudyRAG right now.";
var unread = ({ isCut, problem }) => problem || (isCut ? ABSENT : "Opening the questions…");
function noteOf({ quiz, report, isGone, isCut, problem }) {
  if (isGone) return "These questions are no longer here.";
  if (!quiz) return unread({ isCut, problem });
  if (!quiz.items.length) return quiz.reason ?? "There is no question here.";
  return quiz.state === "finished" && !report ? problem || "Marking…" : "";
}
function Shown({ round, state, quiz, say }) {
  const at = placeOf(state);
  const View = quiz.mode === "practice" ? Practice : Quiz;
  if (state.report) return <Report round={round} state={state} quiz={quiz} report={state.report} say={say} />;
  return <View round={round} state={state} quiz={quiz} item={quiz.items[at]} at={at} />;
}
function RoundCard({ round, say }) {
  const state = useRound(round);
  const { quiz } = state;
  if (quiz && isBeginning(quiz)) return <First round={round} state={state} />;
  const note = noteOf(state);
  return quiz && !note ? <Shown round={round} state={state} quiz={quiz} say={say} /> : <Note isProblem={note === state.problem}>{note}</Note>;
}
function QuizCard({ say, ...card }) {
  return card.mode === "review" ? <Review scope={card.scope ?? {}} say={say} /> : <RoundCard round={roundOf(card.quiz_id)} say={say} />;
}

// src/shared/once.ts
var defined = window.studyragParts ??= {};
function once(name, component) {
  return defined[name] ??= component;
}

// src/elements/QuizCard.tsx
var Card = once("QuizCard", QuizCard);
var QuizCard_default = <Card {...props} say={sendUserMessage} />;
export {
  QuizCard_default as default
};
