import { useEffect, useRef, useState } from 'react';
import {
  ArrowLeft, ArrowRight, BookOpen, Check, CircleDashed, CircleHelp, CircleSlash, Clock, Download, Flag, Lightbulb, Minus, Repeat, Square, X,
} from 'lucide-react';
import { Markdown } from '@/components/markdown';

// A new message in the chat renders every card anew: what must outlast that is kept here. The quiz itself is in the database.
const kept = (window.studyrag ||= { kept: {} }).kept;

function useKept(key, start) {
  const [value, set] = useState(key in kept ? kept[key] : start);
  return [value, (next) => { kept[key] = next; set(next); }];
}

async function ask(address, method = 'GET', body = undefined) {
  const json = { 'Content-Type': 'application/json' };
  const reply = await fetch(address, body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body), keepalive: true });
  if (reply.ok) return reply.json();
  const problem = await reply.json().catch(() => ({}));
  throw Object.assign(new Error(problem.message || 'Something went wrong on our side. Please try again.'), { status: reply.status });
}

const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const pageOf = (evidence) => {
  const label = evidence.page_label;
  return evidence.page_kind === 'page' ? `p. ${label}` : `${evidence.page_kind} ${label}`;
};
const isTyped = (item) => !item.options.length;
const isAnswered = (item) => !!item.answer;
const DIFFICULTY = { easy: 'Easy', medium: 'Medium', hard: 'Hard' };
const VERDICTS = {
  correct: { name: 'Right', Icon: Check, is: 'right' },
  partly: { name: 'Partly right', Icon: CircleDashed, is: 'partly' },
  wrong: { name: 'Wrong', Icon: X, is: 'wrong' },
  cannot_tell: { name: 'Not marked', Icon: CircleHelp, is: 'open' },
  none: { name: 'No answer', Icon: CircleSlash, is: 'open' },
  helped: { name: 'Right with help', Icon: CircleDashed, is: 'partly' },
  untried: { name: 'Not tried', Icon: Minus, is: 'open' },
};
// As the report has it: what was not answered is wrong in a quiz and nothing in practice, where help takes its share.
const verdictOf = ({ verdict, score }) => {
  if (verdict === 'correct' && score !== null && score < 1) return 'helped';
  return verdict || (score === null ? 'untried' : 'none');
};

// Text with its formulas. Only these go through Markdown: in the rest a star or an underscore is what the book prints.
const FORMULA = /(?<!\\)\$\$([\s\S]+?)(?<!\\)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(?<![\\$])\$(?=\S)((?:\\.|[^\\$])+?)(?<=\S)\$(?![\d$])/g;

function Text({ children }) {
  const text = children || '';
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(FORMULA)) {
    parts.push(text.slice(at, match.index));
    const tex = (match[1] || match[2] || match[3] || match[4]).trim().replace(/\s*\n\s*/g, ' ');
    const display = match[1] !== undefined || match[2] !== undefined;
    parts.push(<Markdown key={match.index} latex className={display ? 'study-formula is-display' : 'study-formula'}>{`$$${tex}$$`}</Markdown>);
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts.map((part, i) => (typeof part === 'string' ? <Gaps key={`text-${i}`} text={part} /> : part));
}

// A page's number stays beside its “p.”, and a gap's full stop beside the gap.
function Gaps({ text }) {
  return text.replace(/\bp\. (?=\w)/g, 'p.\u00a0').split(/_{3,}/).map((part, i) => {
    if (!i) return part;
    const [stop] = /^[^\s\w]*/.exec(part);
    const gap = <span className="study-gap" role="img" aria-label="blank" />;
    return [<span key={`gap-${i}`} className="study-kept">{gap}{stop}</span>, part.slice(stop.length)];
  });
}

function Page({ evidence, quoted }) {
  return (
    <a className="study-chip" href={evidence.view_url} title={evidence.quote ? `“${evidence.quote}”` : undefined}>
      <b><BookOpen aria-hidden="true" /></b>
      <span className="study-where"><span className="study-book">{evidence.book}</span>, {pageOf(evidence)}</span>
      {evidence.quote && !quoted ? <span className="study-quote">“{evidence.quote}”</span> : null}
    </a>
  );
}

// What was said beside the link is not quoted in it once more; the beginning tells, for its end may have been tidied.
const SAME = 40;

const Pages = ({ evidence, said = '' }) => (
  <ul className="study-chips" aria-label="Pages">
    {evidence.map((one, i) => <li key={i}><Page evidence={one} quoted={said.includes(one.quote.slice(0, SAME))} /></li>)}
  </ul>
);

function Verdict({ verdict, children }) {
  const { name, Icon, is } = VERDICTS[verdict || 'none'];
  return <span className={`study-verdict is-${is}`}><Icon aria-hidden="true" /> {children || name}</span>;
}

const Button = ({ Icon, primary, children, ...rest }) => (
  <button type="button" className={`study-button ${primary ? 'study-primary' : ''}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>
);

// To all cards of this quiz but the one that owns the channel, in every tab.
function tell(id, channel) {
  const through = channel || new BroadcastChannel('studyrag');
  through.postMessage(id);
  if (!channel) through.close();
}

// The quiz as the database has it: read again while it is being written, when the window comes back to the front, and
// when another tab or the chat itself has changed it.
function useQuiz(id) {
  const [quiz, setQuiz] = useKept(`quiz:${id}`, null);
  const [report, setReport] = useKept(`report:${id}`, null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  // What is on its way when the card is rendered anew belongs to the new card as well.
  const sent = (kept[`sent:${id}`] ||= { line: Promise.resolve(), waiting: [], changes: 0 });
  const tabs = useRef(null);

  const read = async () => {
    const before = sent.changes;
    try {
      const now = await ask(`/api/quizzes/${id}`);
      const told = now.state === 'finished' && now.delivered ? await ask(`/api/quizzes/${id}/report`) : null;
      if (before !== sent.changes) return; // an answer overtook it
      setReport(told);
      setQuiz({ ...now, read_at: Date.now() });
    } catch (error) {
      setProblem(error.message);
      if (error.status === 404) setQuiz({ gone: error.message });
    }
  };
  // One after the other, so that the last answer given is the last that counts.
  const act = (what, { quietly = false } = {}) => {
    sent.changes += 1;
    setProblem('');
    if (!quietly) setBusy(true);
    let begun;
    const send = () => (begun ||= what());
    sent.waiting.push(send);
    sent.line = sent.line.then(async () => {
      let done;
      try {
        done = await send();
      } catch (error) {
        setProblem(error.message);
      }
      sent.changes += 1;
      sent.waiting.shift();
      if (tabs.current && !sent.waiting.length) await read();
      tell(id, tabs.current);
      setBusy(false);
      return done;
    });
    return sent.line;
  };
  useEffect(() => {
    tabs.current = new BroadcastChannel('studyrag');
    const again = () => { if (!document.hidden) read(); };
    const flush = () => sent.waiting.forEach((send) => send().catch(() => null)); // whoever leaves takes nothing along
    const heard = (event) => { if (event.data === id || event.data === `studyrag:quiz:${id}`) read(); };
    tabs.current.addEventListener('message', heard);
    window.addEventListener('message', heard);
    window.addEventListener('focus', again);
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', again);
    read();
    return () => {
      tabs.current.close();
      tabs.current = null;
      window.removeEventListener('message', heard);
      window.removeEventListener('focus', again);
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', again);
    };
  }, [id]);
  useEffect(() => {
    if (quiz?.state !== 'writing') return undefined;
    const timer = setInterval(read, 800);
    return () => clearInterval(timer);
  }, [quiz?.state]);
  const change = (item_id, values) => setQuiz({
    ...quiz, items: quiz.items.map((item) => (item.id === item_id ? { ...item, ...values } : item)),
  });
  return { quiz, report, problem, busy, act, read, change };
}

const two = (number) => String(number).padStart(2, '0');

function Timer({ quiz, onLast, onEnd }) {
  const last = useRef(onLast);
  last.current = onLast;
  const left = () => Math.max(0, Math.round(quiz.seconds_left - (Date.now() - quiz.read_at) / 1000));
  const [seconds, setSeconds] = useState(left());
  useEffect(() => {
    if (quiz.state === 'writing') return undefined;
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 2) last.current(); // what is typed and not yet sent still counts
      if (!left()) { clearInterval(timer); onEnd(); }
    }, 500);
    return () => clearInterval(timer);
  }, [quiz.read_at, quiz.state]);
  const minutes = Math.floor(seconds / 60);
  const text = `${minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : minutes}:${two(seconds % 60)}`;
  return (
    <>
      <span className={`study-timer ${seconds <= 60 ? 'is-short' : ''}`} role="timer" aria-label={`${text} left`}>
        <Clock aria-hidden="true" /> {text}
      </span>
      <span className="study-unseen" role="status">{seconds && seconds <= 60 ? 'Less than a minute left.' : ''}</span>
    </>
  );
}

function Places({ quiz, at, go }) {
  const { items, explained } = quiz;
  const missing = quiz.state === 'writing' ? Math.max(0, quiz.requested - items.length) : 0;
  const list = useRef(null);
  useEffect(() => { // of a hundred, the present one is in view; the chat itself stays where it is
    const place = list.current.children[at];
    if (place) list.current.scrollTop = place.offsetTop - list.current.offsetTop - list.current.clientHeight / 2 + place.clientHeight / 2;
  }, [at]);
  return (
    <ol className="study-places" aria-label="Questions" ref={list}>
      {items.map((item, i) => {
        const heard = explained[item.id];
        const state = heard?.settled ? VERDICTS[heard.verdict || 'none'] : null;
        const says = [
          item.reported ? 'reported' : state ? state.name : isAnswered(item) ? 'answered' : item.skipped ? 'skipped' : 'open',
          item.flagged ? 'flagged' : '',
        ].filter(Boolean).join(', ');
        const looks = item.reported ? 'is-reported' : state ? `is-${state.is}` : isAnswered(item) ? 'is-answered' : item.skipped ? 'is-skipped' : '';
        return (
          <li key={item.id}>
            <button type="button" className={`study-place ${looks}`} aria-current={i === at ? 'step' : undefined}
              aria-label={`Question ${i + 1}: ${says}`} title={says} onClick={() => go(i)}>
              {state ? <state.Icon aria-hidden="true" /> : i + 1}
              {item.flagged ? <Flag className="study-flagged" aria-hidden="true" /> : null}
            </button>
          </li>
        );
      })}
      {Array.from({ length: missing }, (_, i) => (
        <li key={`missing-${i}`} aria-hidden="true"><span className="study-place is-missing">{items.length + i + 1}</span></li>
      ))}
    </ol>
  );
}

function Head({ quiz, at, label, ...ends }) {
  const done = quiz.items.filter((item) => item.reported || (quiz.mode === 'practice' ? quiz.explained[item.id]?.settled : isAnswered(item))).length;
  const of = Math.max(quiz.state === 'writing' ? quiz.requested : 0, quiz.items.length);
  return (
    <>
      <div className="study-head">
        <span className="study-name">{label}{quiz.topic ? ` · ${quiz.topic}` : ''}</span>
        {quiz.seconds_left !== null ? <Timer quiz={quiz} {...ends} /> : null}
        <span className="study-state">{at + 1} of {of}</span>
      </div>
      <div className="study-bar" role="progressbar" aria-valuemin="0" aria-valuemax={of} aria-valuenow={done}
        aria-label={`${done} of ${of} ${quiz.mode === 'practice' ? 'done' : 'answered'}`}>
        <div style={{ width: `${of ? (100 * done) / of : 0}%` }} />
      </div>
    </>
  );
}

function Writing({ quiz, act }) {
  if (quiz.state !== 'writing') {
    return quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null;
  }
  return (
    <div className="study-row study-writing">
      <span className="study-small">Writing questions: {quiz.items.length} of {quiz.requested} are ready.</span>
      <Button Icon={Square} onClick={() => act(() => ask(`/api/quizzes/${quiz.id}/stop`, 'POST'))}>Stop here</Button>
    </div>
  );
}

// Radio buttons as screen readers know them: one of them takes the focus, the arrows up and down move it.
function Options({ item, chosen, heard, locked, choose }) {
  const move = (event, i) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = event.currentTarget.parentElement.children;
    buttons[(i + step + buttons.length) % buttons.length].focus();
  };
  const why = Object.fromEntries((heard?.options || []).map((option) => [option.id, option.rationale]));
  const isNew = (reason) => !heard.explanation?.includes(/“(.+)”/s.exec(reason)?.[1] ?? reason);
  const inFocus = Math.max(0, item.options.findIndex((option) => option.id === chosen));
  return (
    <div className="study-options" role="radiogroup" aria-labelledby={`study-stem-${item.id}`}>
      {item.options.map((option, i) => {
        const isMine = option.id === chosen;
        const isKey = heard?.settled && option.id === heard.key;
        const isWrong = heard && isMine && !isKey && (heard.settled || heard.verdict === 'wrong') && item.answer === chosen;
        const says = isKey ? (isMine ? 'Right' : 'The right answer') : isWrong ? 'Not right' : '';
        return (
          <button key={option.id} data-option={option.id} type="button" role="radio" aria-checked={isMine} disabled={locked} tabIndex={i === inFocus ? 0 : -1}
            className={`study-option ${isMine ? 'is-mine' : ''} ${isKey ? 'is-right' : ''} ${isWrong ? 'is-wrong' : ''}`}
            onKeyDown={(event) => move(event, i)} onClick={() => choose(option.id)}>
            <span className="study-letter" aria-hidden="true">{isKey ? <Check /> : isWrong ? <X /> : i + 1}</span>
            <span className="study-option-text">
              <span className="study-said"><Text>{option.text}</Text></span>
              {says ? <em>{says}</em> : null}
              {heard?.settled && item.kind !== 'true_false' && why[option.id] && isMine && !isKey && isNew(why[option.id]) ? <small><Text>{why[option.id]}</Text></small> : null}
            </span>
          </button>
        );
      })}
    </div>
  );
}

function Typed({ item, draft, setDraft, locked, onEnter, enterKey, onBlur }) {
  const isLong = item.kind === 'open';
  const Field = isLong ? 'textarea' : 'input';
  return (
    <label className="study-typed">
      <span id={`study-typed-${item.id}`}>{isLong ? 'Your answer, in a few sentences' : item.kind === 'gap' ? 'What belongs in the gap?' : 'Your answer'}</span>
      <Field aria-labelledby={`study-stem-${item.id} study-typed-${item.id}`} value={draft} readOnly={locked} maxLength={8000} rows={isLong ? 5 : undefined} autoComplete="off" autoCorrect="off"
        autoCapitalize={isLong ? undefined : 'none'} spellCheck={isLong} enterKeyHint={isLong ? undefined : enterKey}
        onChange={(event) => setDraft(event.target.value)} onBlur={onBlur}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing && (!isLong || event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.stopPropagation();
            onEnter();
          }
        }} />
    </label>
  );
}

// A link that becomes a line to write in.
function Remark({ name, question, placeholder, submit, send }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const onSubmit = (event) => { event.preventDefault(); setOpen(false); send(reason); };
  if (!open) return <button type="button" className="study-link study-small" onClick={() => setOpen(true)}>{name}</button>;
  return (
    <form className="study-form study-row" onSubmit={onSubmit}>
      <input autoFocus aria-label={question} placeholder={placeholder} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
      <button type="submit" className="study-button">{submit}</button>
      <Button onClick={() => setOpen(false)}>Cancel</Button>
    </form>
  );
}

function ReportBad({ quiz, item, act }) {
  const [thanks, setThanks] = useState('');
  const send = (reason) => act(() => ask(`/api/quizzes/${quiz.id}/items/${item.id}/report`, 'POST', { reason }))
    .then((done) => done && setThanks(done.message));
  if (thanks || item.reported) return <span className="study-small" role="status">{thanks || 'Reported: it does not count.'}</span>;
  return <Remark name="Report this question" question="What is wrong with this question?" placeholder="What is wrong with it? (optional)" submit="Report" send={send} />;
}

// In a field the arrows and figures belong to the text.
const Keys = ({ item, enter }) => (
  <span className="study-small study-keys">
    {item.options.length ? <span><kbd>1</kbd>–<kbd>{item.options.length}</kbd> choose</span> : null}
    <span><kbd>Enter</kbd> {enter}</span>
    {item.options.length ? <span><kbd>←</kbd> <kbd>→</kbd> move</span> : null}
  </span>
);

function Question({ item, at, heading }) {
  return (
    <>
      <p className="study-small study-tags">
        {[DIFFICULTY[item.difficulty], item.kind === 'true_false' ? 'True or false?' : '', item.topic].filter(Boolean).join(' · ')}
      </p>
      <h3 className="study-stem" id={`study-stem-${item.id}`} ref={heading} tabIndex={-1}>
        <span className="study-unseen">Question {at + 1}: </span><Text>{item.stem}</Text>
      </h3>
    </>
  );
}

const finishing = (quiz, act) => {
  kept[`ended:${quiz.id}`] = true;
  return act(() => ask(`/api/quizzes/${quiz.id}/finish`, 'POST'));
};

function Finish({ quiz, openAt, go, act, close }) {
  const named = openAt.slice(0, 12).map((i) => i + 1).join(', ') + (openAt.length > 12 ? ', …' : '');
  const sure = useRef(null);
  useEffect(() => {
    sure.current.focus({ preventScroll: true });
    sure.current.parentElement.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div className="study-form study-row study-sure" role="alertdialog" aria-label={`Finish this ${quiz.mode}?`}>
      <span>
        {openAt.length ? `${count(openAt.length, 'question is', 'questions are')} still open (${named}).` : 'Every question is answered.'}
        {quiz.state === 'writing' ? ' More are still being written.' : ''}
        {openAt.length || quiz.state === 'writing' ? ' Finish anyway?' : quiz.mode === 'quiz' ? ' You can still go back and change an answer.' : ''}
      </span>
      <button type="button" ref={sure} className="study-button study-primary"
        onClick={() => finishing(quiz, act)}>Finish now</button>
      <Button onClick={() => { close(); if (openAt.length) go(openAt[0]); }}>Go back</Button>
    </div>
  );
}

// On a phone a field that takes the focus brings up the keyboard, which covers half of the question: only who is typing keeps it.
const isKeyboardWelcome = () => !matchMedia('(pointer: coarse)').matches || /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName);

// What quiz and practice share: the place in the round, the draft of a typed answer, keys and focus.
function useRound(quiz, { choose, enter }) {
  const [place, setPlace] = useKept(`at:${quiz.id}`, quiz.items[Math.min(quiz.current, quiz.items.length - 1)]?.id);
  const at = Math.max(0, quiz.items.findIndex((item) => item.id === place));
  const heading = useRef(null);
  const focus = () => {
    const card = heading.current?.closest('section');
    const field = isKeyboardWelcome() ? card?.querySelector('.study-typed input, .study-typed textarea') : null;
    (field || heading.current)?.focus({ preventScroll: true });
  };
  const goTo = (id) => {
    setPlace(id);
    setTimeout(() => {
      focus();
      const { top, bottom } = heading.current?.getBoundingClientRect() || {};
      if (top < 64 || bottom > window.innerHeight * 0.7) heading.current.closest('section').scrollIntoView({ block: 'start' });
    });
  };
  const go = (i) => { if (quiz.items[i]) goTo(quiz.items[i].id); };
  useEffect(() => { // a round that has just begun takes the keys; an old one in the same chat does not
    if (kept[`begun:${quiz.id}`] || Date.now() - new Date(quiz.created_at) > 30_000) return;
    kept[`begun:${quiz.id}`] = true;
    focus();
    heading.current?.closest('section').scrollIntoView({ block: 'nearest' });
  }, []);
  useEffect(() => {
    const left = (event) => {
      if (kept.here === quiz.id && !heading.current?.closest('section').contains(event.target)) kept.here = null;
    };
    document.addEventListener('pointerdown', left, true);
    document.addEventListener('focusin', left, true);
    return () => {
      document.removeEventListener('pointerdown', left, true);
      document.removeEventListener('focusin', left, true);
    };
  }, []);
  useEffect(() => { // a button that goes or is shut, or a card that is rendered anew, loses the focus and with it the keys
    const focused = document.activeElement;
    if (kept.here === quiz.id && (focused === document.body || focused.disabled)) focus();
  });
  const onFocus = () => { kept.here = quiz.id; };
  const onKeyDown = (event) => {
    const isField = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const option = quiz.items[at]?.options[Number(event.key) - 1];
    const isControl = event.target.closest('button, a');
    if (option) {
      choose(option.id);
      // Enter belongs to what has the focus: that must not be another option than the one just chosen.
      if (event.target.closest('.study-option')) event.currentTarget.querySelector(`[data-option="${option.id}"]`)?.focus();
    }
    else if (event.key === 'ArrowRight') go(at + 1);
    else if (event.key === 'ArrowLeft') go(at - 1);
    else if (event.key === 'Enter' && (!isControl || isControl.getAttribute('aria-checked') === 'true')) enter();
    else return;
    event.preventDefault();
  };
  return { at, item: quiz.items[at], go, goTo, heading, handlers: { onFocus, onKeyDown } };
}

function Quiz({ quiz, act, read, change, busy, problem }) {
  const [drafts, setDrafts] = useKept(`drafts:${quiz.id}`, {});
  const [ending, setEnding] = useKept(`ending:${quiz.id}`, false);
  const base = `/api/quizzes/${quiz.id}`;
  const save = (answer) => {
    if (answer.trim() === (item.answer || '')) return;
    change(item.id, { answer: answer.trim(), skipped: false });
    act(() => ask(`${base}/answers`, 'POST', { item_id: item.id, answer }), { quietly: true });
  };
  const typed = () => { if (isTyped(item) && item.id in drafts) save(drafts[item.id]); };
  const next = () => { typed(); if (at + 1 < quiz.items.length) go(at + 1); else setEnding(true); };
  const { at, item, go, heading, handlers } = useRound(quiz, { choose: (id) => save(id), enter: () => next() });
  const place = (values) => {
    change(item.id, values);
    act(() => ask(`${base}/items/${item.id}`, 'PATCH', values), { quietly: true });
  };
  const openAt = quiz.items.flatMap((one, i) => (one.reported || isAnswered(one) || (one.id === item.id && drafts[item.id]?.trim()) ? [] : [i]));
  const finish = () => {
    typed();
    if (openAt.length || quiz.state === 'writing') setEnding(true);
    else finishing(quiz, act);
  };
  const isLast = at + 1 >= quiz.items.length;
  return (
    <section className="study-card study-quiz" aria-label="Quiz" {...handlers}>
      <Head quiz={quiz} at={at} label="Quiz" onLast={typed} onEnd={() => { kept[`late:${quiz.id}`] = true; read(); }} />
      <Writing quiz={quiz} act={act} />
      <Question item={item} at={at} heading={heading} />
      {isTyped(item) ? (
        <Typed key={item.id} item={item} draft={drafts[item.id] ?? item.answer ?? ''} onBlur={typed} onEnter={next} enterKey="next"
          setDraft={(text) => setDrafts({ ...drafts, [item.id]: text })} />
      ) : <Options item={item} chosen={item.answer} choose={save} />}
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      {ending ? <Finish quiz={quiz} openAt={openAt} go={go} act={act} close={() => setEnding(false)} /> : (
        <div className="study-row study-moves">
          <button type="button" className="study-button" aria-label="Previous question" disabled={!at} onClick={() => go(at - 1)}><ArrowLeft /></button>
          <Button Icon={Flag} aria-pressed={item.flagged} onClick={() => place({ flagged: !item.flagged })}>{item.flagged ? 'Flagged' : 'Flag'}</Button>
          <span className="study-space" />
          {!isLast && !isAnswered(item) && !drafts[item.id]?.trim() ? <Button onClick={() => { place({ skipped: true }); go(at + 1); }}>Skip</Button> : null}
          {isLast ? null : <Button primary onClick={next}>Next <ArrowRight aria-hidden="true" /></Button>}
          {isLast ? <Button primary disabled={busy} onClick={finish}>Finish</Button> : null}
        </div>
      )}
      <Places quiz={quiz} at={at} go={go} />
      <div className="study-row study-foot">
        <Keys item={item} enter="next" />
        <ReportBad key={item.id} quiz={quiz} item={item} act={act} />
        {isLast || ending ? null : <button type="button" className="study-link study-small" onClick={finish}>Finish the quiz</button>}
      </div>
    </section>
  );
}

function Practice({ quiz, act, busy, problem }) {
  const [drafts, setDrafts] = useKept(`drafts:${quiz.id}`, {});
  const [hints, setHints] = useKept(`hints:${quiz.id}`, {});
  const [ending, setEnding] = useKept(`ending:${quiz.id}`, false);
  const [awaits, setAwaits] = useState(false);
  const base = `/api/quizzes/${quiz.id}`;
  const following = () => {
    const rest = [...quiz.items.keys()].map((i) => (at + 1 + i) % quiz.items.length);
    return rest.find((i) => !quiz.items[i].reported && !quiz.explained[quiz.items[i].id]?.settled);
  };
  const check = () => {
    if (settled) return next();
    if (!draft.trim() || (heard && draft === item.answer)) return undefined;
    asking.current = true;
    return act(() => ask(`${base}/answers`, 'POST', { item_id: item.id, answer: draft, attempt: item.attempts + 1 }));
  };
  const next = () => { const i = following(); if (i !== undefined) go(i); else setEnding(true); };
  const choose = (id) => { if (!settled) setDrafts({ ...drafts, [item.id]: id }); };
  const { at, item, go, goTo, heading, handlers } = useRound(quiz, { choose, enter: () => check() });
  const heard = quiz.explained[item.id];
  const settled = !!heard?.settled;
  const draft = drafts[item.id] ?? item.answer ?? '';
  const hint = hints[item.id] || (!settled && heard?.hint);
  const here = `${base}/items/${item.id}`;
  const another = (step) => {
    setAwaits(true);
    return act(() => ask(`${here}/another`, 'POST', { step })).then(added);
  };
  const added = (question) => {
    setAwaits(false);
    if (question) { setEnding(false); goTo(question.id); }
  };
  const open = quiz.items.flatMap((one, i) => (one.reported || quiz.explained[one.id]?.settled ? [] : [i]));
  const told = useRef(null);
  const asking = useRef(false);
  useEffect(() => {
    if (asking.current) { // what comes next is in view, and above all what was said
      told.current?.closest('section').querySelector('.study-moves')?.scrollIntoView({ block: 'nearest' });
      told.current?.scrollIntoView({ block: 'nearest' });
    }
    // The button that was pressed is gone now: the explanation takes the focus, and so the keys.
    if (asking.current && settled) told.current?.focus({ preventScroll: true });
    asking.current = false;
  }, [heard?.attempt, settled, item.id]);
  return (
    <section className="study-card study-quiz" aria-label="Practice" {...handlers}>
      <Head quiz={quiz} at={at} label="Practice" />
      <Writing quiz={quiz} act={act} />
      <Question item={item} at={at} heading={heading} />
      {isTyped(item) ? (
        <Typed key={item.id} item={item} draft={draft} locked={settled} onEnter={check} enterKey={settled ? 'next' : 'done'}
          setDraft={(text) => setDrafts({ ...drafts, [item.id]: text })} />
      ) : <Options item={item} chosen={draft} heard={heard} locked={settled} choose={choose} />}
      <div aria-live="polite">
        {hint ? <p className="study-hint"><Lightbulb aria-hidden="true" /> <span><Text>{hint}</Text></span></p> : null}
        {heard ? (
          <div className={`study-told is-${VERDICTS[heard.verdict || 'none'].is}`} ref={told} tabIndex={-1}>
            <Verdict verdict={heard.verdict}>{heard.verdict ? (settled || heard.verdict !== 'wrong' ? null : 'Not yet') : 'The answer'}</Verdict>
            <p><Text>{heard.explanation}</Text></p>
            {settled ? <Pages evidence={heard.evidence} said={heard.explanation} /> : null}
          </div>
        ) : null}
      </div>
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      <p className="study-small" role="status">{awaits ? 'Writing a question…' : ''}</p>
      {ending ? <Finish quiz={quiz} openAt={open} go={go} act={act} close={() => setEnding(false)} /> : settled ? (
        <div className="study-row study-moves">
          <Button disabled={busy} onClick={() => another('same')}>Another like this</Button>
          <Button disabled={busy} onClick={() => another('easier')}>Easier</Button>
          <Button disabled={busy} onClick={() => another('harder')}>Harder</Button>
          <span className="study-space" />
          <Button primary onClick={next}>{following() === undefined ? 'Finish' : 'Next'} <ArrowRight aria-hidden="true" /></Button>
        </div>
      ) : (
        <div className="study-row study-moves">
          <Button Icon={Lightbulb} disabled={busy || !!hint}
            onClick={() => act(() => ask(`${here}/hint`, 'POST')).then((said) => said && setHints({ ...hints, [item.id]: said.hint }))}>Hint</Button>
          <Button disabled={busy} onClick={() => { asking.current = true; act(() => ask(`${here}/reveal`, 'POST')); }}>Show the answer</Button>
          <span className="study-space" />
          {open.length > 1 ? <Button onClick={() => { act(() => ask(here, 'PATCH', { skipped: true }), { quietly: true }); next(); }}>Skip</Button> : null}
          <Button primary disabled={busy || !draft.trim() || (heard && draft === item.answer)} onClick={check}>{heard ? 'Try again' : 'Check'}</Button>
        </div>
      )}
      {quiz.items.length > 1 || quiz.state === 'writing' ? <Places quiz={quiz} at={at} go={go} /> : null}
      <div className="study-row study-foot">
        <Keys item={item} enter={settled ? 'next' : 'check'} />
        {settled && heard.attempt && heard.verdict !== 'correct' ? <Challenge key={`challenge-${item.id}`} quiz={quiz} item={item} act={act} /> : null}
        <ReportBad key={item.id} quiz={quiz} item={item} act={act} />
        {ending ? null : <button type="button" className="study-link study-small" onClick={() => setEnding(true)}>End practice</button>}
      </div>
    </section>
  );
}

// The report lists every mark; in practice the second one is told here.
function Challenge({ quiz, item, act, isListed }) {
  const [told, setTold] = useState(null);
  const send = (reason) => act(() => ask(`/api/quizzes/${quiz.id}/items/${item.id}/challenge`, 'POST', { reason })).then((done) => done && setTold(done));
  if (told && !isListed) {
    return <span className="study-small" role="status">Marked again: {VERDICTS[told.again.verdict].name}. {told.again.explanation}</span>;
  }
  return <Remark name="Challenge the mark" question="Why is your answer right?" placeholder="Why is your answer right? (optional)" submit="Mark again" send={send} />;
}

const FEW = 8;

// The weakest first, each with the pages to read again; a long list shows its rest on request.
function Topics({ topics, id, caption }) {
  const [all, setAll] = useKept(`topics:${id}`, false);
  const sorted = [...topics].sort((a, b) => a.score - b.score || b.total - a.total);
  const shown = all ? sorted : sorted.slice(0, FEW);
  return (
    <>
      <table className="study-chart">
        <caption>{caption}{shown.some((topic) => topic.read_again.length) ? <span className="study-small">, with what to read again</span> : null}</caption>
        <thead className="study-unseen"><tr><th>Topic</th><th>Score</th><th>Right</th><th>Read again</th></tr></thead>
        <tbody>{shown.map((topic) => <Topic key={topic.topic} topic={topic} />)}</tbody>
      </table>
      {sorted.length > FEW ? (
        <button type="button" className="study-link study-small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer topics' : `Show all ${sorted.length} topics`}
        </button>
      ) : null}
    </>
  );
}

function Topic({ topic }) {
  const pages = [...new Map(topic.read_again.map((one) => [`${one.document_id}:${one.page_index}`, { ...one, quote: '' }])).values()];
  const percent = Math.round(100 * topic.score);
  return (
    <tr>
      <th scope="row">{topic.topic || 'Other'}</th>
      <td className="study-share">
        <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${percent} percent`}>
          <rect width="100" height="8" className="study-track" /><rect width={percent} height="8" className="study-fill" />
        </svg>
      </td>
      <td className="study-number">{topic.correct} of {topic.total}</td>
      <td className="study-again">{pages.length ? <Pages evidence={pages} /> : null}</td>
    </tr>
  );
}

function Marked({ quiz, item, at, act }) {
  const [open, setOpen] = useKept(`open:${quiz.id}:${item.id}`, false);
  const heard = { settled: true, key: item.key, options: item.options, verdict: item.verdict, explanation: item.explanation };
  return (
    <details className="study-marked" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Verdict verdict={verdictOf(item)} />
        <span className="study-asked" id={`study-stem-${item.id}`}>{at + 1}. <Text>{item.stem}</Text></span>
      </summary>
      <div className="study-inside">
        {item.options.length ? <Options item={item} chosen={item.answer} heard={heard} locked choose={() => null} /> : (
          <dl className="study-pair">
            <dt>Your answer</dt><dd>{item.answer ? <Text>{item.answer_text}</Text> : 'none'}</dd>
            <dt>Right answer</dt><dd><Text>{item.accepted[0] || item.key}</Text></dd>
          </dl>
        )}
        <p><Text>{item.explanation}</Text></p>
        <div aria-live="polite">
          {item.marks.length > 1 ? (
            <ol className="study-marks">
              {item.marks.map((mark, i) => <li key={i}>{i ? 'Marked again' : 'First mark'}: {VERDICTS[mark.verdict].name}. {mark.explanation}</li>)}
            </ol>
          ) : null}
        </div>
        <Pages evidence={item.evidence} said={item.explanation} />
        <div className="study-row study-foot">
          {item.answer && item.verdict !== 'correct' ? <Challenge quiz={quiz} item={item} act={act} isListed /> : null}
          <ReportBad quiz={quiz} item={item} act={act} />
        </div>
      </div>
    </details>
  );
}

const FORMATS = {
  anki: ['Anki', 'Flash cards for Anki'],
  pdf: ['PDF', 'To print, with the answers on a page of their own'],
  markdown: ['Markdown', 'Text, with the answers at the end'],
  csv: ['CSV', 'A table for a spreadsheet'],
  moodle: ['Moodle', 'Moodle XML, for a question bank'],
  gift: ['GIFT', 'GIFT, for Moodle and other course systems'],
};

// How many of each verdict, in words and signs.
function Tally({ items }) {
  const counted = items.filter((item) => !item.reported);
  const named = Object.keys(VERDICTS).map((verdict) => [verdict, counted.filter((item) => verdictOf(item) === verdict).length]);
  return (
    <ul className="study-tally" aria-label="Answers">
      {named.filter(([, n]) => n).map(([verdict, n]) => (
        <li key={verdict}><Verdict verdict={verdict}>{n} {VERDICTS[verdict].name.toLowerCase()}</Verdict></li>
      ))}
    </ul>
  );
}

function Report({ quiz, report, act, problem }) {
  const missed = report.items.filter((item) => item.verdict !== 'correct' && !item.reported);
  const [only, setOnly] = useKept(`only:${quiz.id}`, false);
  const shown = only ? missed : report.items;
  const isLate = kept[`late:${quiz.id}`];
  const again = `${quiz.mode === 'quiz' ? 'Quiz' : 'Practice with'} me${quiz.topic ? ` on ${quiz.topic}` : ''}, ${count(quiz.requested, 'question')}`;
  const score = useRef(null);
  useEffect(() => {
    if (kept[`ended:${quiz.id}`] || isLate) {
      score.current.focus({ preventScroll: true });
      score.current.closest('section').scrollIntoView({ block: 'start' });
    }
    delete kept[`ended:${quiz.id}`];
  }, []);
  return (
    <section className="study-card study-quiz study-report" aria-label={quiz.mode === 'quiz' ? 'Quiz report' : 'Practice report'}>
      <div className="study-head">
        <span className="study-name">{quiz.mode === 'quiz' ? 'Quiz' : 'Practice'} finished{quiz.topic ? ` · ${quiz.topic}` : ''}</span>
        <span className="study-state">{quiz.scope_label}</span>
      </div>
      <p className="study-score" ref={score} tabIndex={-1}>
        <strong>{report.total ? `${Math.round(100 * report.score)} %` : '–'}</strong>
        <span>{report.total ? `${report.correct} of ${report.total} right${quiz.mode === 'practice' ? ' without help' : ''}` : 'Nothing was answered that counts.'}</span>
      </p>
      {report.total > 1 ? <Tally items={report.items} /> : null}
      {isLate ? <p className="study-notice">Time is up. What you had answered by then was marked.</p> : null}
      {quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null}
      {report.by_topic.length ? <Topics topics={report.by_topic} id={quiz.id} caption="Score by topic" /> : null}
      <div className="study-row study-moves">
        {missed.length ? <Button primary Icon={Repeat} onClick={() => sendUserMessage('Repeat my mistakes')}>Repeat my mistakes</Button> : null}
        <Button onClick={() => sendUserMessage(again)}>New questions</Button>
      </div>
      <div className="study-head study-questions">
        <h4>Questions</h4>
        {missed.length && missed.length < report.items.length ? (
          <label className="study-only"><input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} /> Only what was not right</label>
        ) : null}
      </div>
      {shown.map((item) => <Marked key={item.id} quiz={quiz} item={item} at={report.items.indexOf(item)} act={act} />)}
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
      <div className="study-row study-exports" role="group" aria-label="Take it away">
        <span className="study-small"><Download aria-hidden="true" /> Take it away:</span>
        {Object.entries(FORMATS).map(([format, [name, what]]) => (
          <a key={format} className="study-button" title={what} download href={`/api/quizzes/${quiz.id}/export?format=${format}`}>{name}</a>
        ))}
      </div>
    </section>
  );
}

function Note({ children, problem }) {
  return <section className="study-card study-quiz"><p className={problem ? 'study-problem' : 'study-small'} role="status">{children}</p></section>;
}

function First({ quiz, act, busy, problem }) {
  return (
    <section className="study-card study-quiz">
      <div className="study-row study-writing">
        <span className="study-small" role="status">Writing the first question…</span>
        <Button Icon={Square} disabled={busy} onClick={() => act(() => ask(`/api/quizzes/${quiz.id}/stop`, 'POST'))}>Stop</Button>
      </div>
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
    </section>
  );
}

function Round({ id }) {
  const round = useQuiz(id);
  const { quiz, report, problem } = round;
  if (!quiz) return <Note problem={problem}>{problem || 'Opening the questions…'}</Note>;
  if (quiz.gone) return <Note>These questions are no longer here.</Note>;
  if (!quiz.items.length && quiz.state === 'writing') return <First {...round} />;
  if (!quiz.items.length) return <Note>{quiz.reason || 'There is no question here.'}</Note>;
  if (quiz.state === 'finished') return report ? <Report {...round} /> : <Note problem={problem}>{problem || 'Marking…'}</Note>;
  return quiz.mode === 'practice' ? <Practice {...round} /> : <Quiz {...round} />;
}

const DAY = 24 * 60 * 60 * 1000;

function soon(moment) {
  const then = new Date(moment);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const days = Math.round((new Date(then).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / DAY);
  const date = then.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
  return days > 1 ? `on ${date}` : `${days ? 'tomorrow' : 'today'} at ${time}`;
}

function Review({ scope }) {
  const query = new URLSearchParams(Object.entries(scope).flatMap(([name, values]) => [values].flat().map((value) => [name, value])));
  const [found, setFound] = useState(null);
  const [topics, setTopics] = useState([]);
  const [problem, setProblem] = useState('');
  const read = async () => {
    try {
      setFound(await ask(`/api/review/due?${query}`));
      setTopics((await ask(`/api/review/topics?${query}`)).topics);
      setProblem('');
    } catch (error) {
      setProblem(error.message);
    }
  };
  useEffect(() => { // whatever is answered, here or in another tab, changes what is due
    const changes = new BroadcastChannel('studyrag');
    let soonest;
    const later = () => { clearTimeout(soonest); soonest = setTimeout(read, 500); };
    const again = () => { if (!document.hidden) read(); };
    changes.addEventListener('message', later);
    document.addEventListener('visibilitychange', again);
    read();
    return () => {
      clearTimeout(soonest);
      changes.close();
      document.removeEventListener('visibilitychange', again);
    };
  }, []);
  if (!found) return <Note problem={problem}>{problem || 'Looking what is due…'}</Note>;
  const byBook = [...found.due.reduce((books, one) => books.set(one.book, (books.get(one.book) || 0) + 1), new Map())];
  const takeUp = (item) => ask(`/api/review/${item.id}`, 'POST', { rating: 'again', due: item.due }).then(read, (error) => setProblem(error.message));
  const weak = topics.filter((topic) => topic.score < 1).map((one) => ({ ...one, correct: Math.round(one.score * one.answers), total: one.answers }));
  return (
    <section className="study-card study-quiz study-review" aria-label="Review">
      <div className="study-head"><span className="study-name">Review</span><span className="study-state">{found.scope_label}</span></div>
      <p className="study-score" role="status">
        <strong>{found.count}</strong><span>{found.count === 1 ? 'question is due today' : 'questions are due today'}</span>
      </p>
      {byBook.length > 1 ? <p className="study-small">{byBook.map(([book, n]) => `${book}: ${n}`).join(' · ')}</p> : null}
      {found.count ? (
        <div className="study-row"><Button primary Icon={Repeat} onClick={() => sendUserMessage('Repeat what is due')}>Start the review</Button></div>
      ) : (
        <>
          <p className="study-small">
            {found.next_due ? `The next one comes back ${soon(found.next_due)}.` : 'Answer some questions first: what you answer comes back here just before you would forget it.'}
          </p>
          <div className="study-row"><Button onClick={() => sendUserMessage('Practice with me')}>Practice something new</Button></div>
        </>
      )}
      {weak.length ? <Topics topics={weak} id="review" caption="What you know least" /> : null}
      {found.leeches.length ? (
        <div className="study-leeches">
          <h4>Set aside: read these pages first</h4>
          {found.leeches.map((item) => (
            <div key={item.id} className="study-leech">
              <p><Text>{item.stem}</Text> <span className="study-small">forgotten {item.lapses} times</span></p>
              <div className="study-row"><Pages evidence={item.evidence} /><Button onClick={() => takeUp(item)}>I have read it: ask me again</Button></div>
            </div>
          ))}
        </div>
      ) : null}
      {problem ? <p className="study-problem" role="alert">{problem}</p> : null}
    </section>
  );
}

export default function QuizCard() {
  return props.mode === 'review' ? <Review scope={props.scope || {}} /> : <Round id={props.quiz_id} />;
}
