import { RequestError, type Send, request, told } from '../shared/request';
import type { AskedOut, Challenged, FeedbackOut, Hint, Message, QuizOut, ReportOut } from '../shared/schema';
import { type Job, Line } from './line';
import { type Change, type Done, type Quiz, START, type RoundState, placeOf, reduce } from './state';
import { type Answer, drop, keep, unsent } from './unsent';

const WRITING_MS = 800;
const CUT_MS = 5000;
const GONE = 404;
const CONFLICT = 409;

/** What a question like this one may be, against it. */
export type Step = 'same' | 'easier' | 'harder';

/**
 * One quiz or practice round, as the database has it and as the learner goes on with it.
 *
 * It is read again while it is being written, when the window comes back to the front, and when another tab or the chat
 * itself has changed it. What the learner does is sent in order; answers survive a lost network and a reload.
 */
export class Round {
  private state = START;
  private readonly listeners = new Set<() => void>();
  private readonly line = new Line((isCut) => this.change({ type: 'cut', isCut }));
  private changes = 0;
  private tabs: BroadcastChannel | null = null;

  constructor(readonly id: string, private readonly send: Send = request) {
    for (const answer of unsent(id)) this.resume(answer);
  }

  // Watching

  readonly get = (): RoundState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly change = (change: Change): void => {
    this.state = reduce(this.state, change);
    for (const listener of this.listeners) listener();
  };

  /** Keep the round true while a card shows it; the reply ends that. */
  readonly watch = (): (() => void) => {
    const tabs = new BroadcastChannel('studyrag');
    const stop = new AbortController();
    const on = (target: EventTarget, event: string, react: (event: Event) => void) => target.addEventListener(event, react, { signal: stop.signal });
    const heard = (event: Event) => { if ([this.id, `studyrag:quiz:${this.id}`].includes((event as MessageEvent).data as string)) void this.read(); };
    const front = () => { if (!document.hidden) void this.read(); };
    on(tabs, 'message', heard);
    on(window, 'message', heard);
    on(window, 'focus', front);
    on(document, 'visibilitychange', front);
    on(window, 'online', () => this.line.retry());
    on(window, 'pagehide', () => this.line.flush());
    const timers = [
      setInterval(() => { if (this.state.quiz?.state === 'writing') void this.read(); }, WRITING_MS),
      setInterval(() => { if (this.state.isCut) void this.read(); }, CUT_MS),
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

  readonly read = async (): Promise<void> => {
    const before = this.changes;
    try {
      const quiz = await this.send<QuizOut>(this.address);
      const isOver = quiz.state === 'finished' && quiz.delivered > 0;
      const report = isOver ? await this.send<ReportOut>(`${this.address}/report`) : null;
      if (before === this.changes) this.change({ type: 'read', quiz, report, at: Date.now() }); // else an answer overtook it
    } catch (error) {
      this.unread(error);
    }
  };

  // Doing

  go(i: number): void {
    const item = this.state.quiz?.items[i];
    if (item) this.change({ type: 'moved', item: item.id });
  }

  draft(item: string, text: string): void {
    this.change({ type: 'drafted', item, text });
  }

  /** In a quiz: keep an answer, which may be changed until the end. */
  save(item: AskedOut, text: string): void {
    const answer = text.trim();
    if (answer === (item.answer ?? '')) return;
    const last = unsent(this.id).filter((one) => one.item_id === item.id).at(-1);
    const attempt = Math.max(item.attempts, last?.attempt ?? 0) + 1;
    this.change({ type: 'did', item: item.id, done: { answer, skipped: false } });
    void this.deliver({ item_id: item.id, answer, attempt });
  }

  /** In practice: have an answer marked. */
  check(item: AskedOut, answer: string): void {
    const body = { item_id: item.id, answer, attempt: item.attempts + 1 };
    void this.wait(() => this.send<FeedbackOut>(`${this.address}/answers`, 'POST', body));
  }

  /** Flag a question, or leave it out. */
  put(item: AskedOut, done: Pick<Done, 'flagged' | 'skipped'>): void {
    this.change({ type: 'did', item: item.id, done });
    void this.pass({ send: () => this.send(this.of(item), 'PATCH', done), isRepeatable: true });
  }

  async hint(item: AskedOut): Promise<void> {
    const said = await this.wait(() => this.send<Hint>(`${this.of(item)}/hint`, 'POST'));
    if (said) this.change({ type: 'hinted', item: item.id, hint: said.hint });
  }

  reveal(item: AskedOut): void {
    void this.wait(() => this.send(`${this.of(item)}/reveal`, 'POST'));
  }

  /** A new question like this one, which is then the one on screen. */
  async another(item: AskedOut, step: Step): Promise<void> {
    this.change({ type: 'awaiting', isAwaiting: true });
    const made = await this.wait(() => this.send<AskedOut>(`${this.of(item)}/another`, 'POST', { step }), false);
    this.change({ type: 'awaiting', isAwaiting: false });
    if (made) this.change({ type: 'moved', item: made.id });
  }

  stop(): void {
    void this.wait(() => this.send(`${this.address}/stop`, 'POST'));
  }

  finish(): void {
    this.change({ type: 'finishing' });
    void this.wait(() => this.send(`${this.address}/finish`, 'POST'));
  }

  /** The time is up: the server has ended it. */
  late(): void {
    this.change({ type: 'late' });
    void this.read();
  }

  /** Have the last answer marked again; both marks, or nothing where that failed. */
  challenge(item: { id: string }, reason: string): Promise<Challenged | undefined> {
    return this.wait(() => this.send<Challenged>(`${this.of(item)}/challenge`, 'POST', { reason }), false);
  }

  report(item: { id: string }, reason: string): Promise<Message | undefined> {
    return this.wait(() => this.send<Message>(`${this.of(item)}/report`, 'POST', { reason }));
  }

  /** The question on screen. */
  get item(): AskedOut | undefined {
    return this.state.quiz?.items[placeOf(this.state)];
  }

  // Inside

  private get address(): string {
    return `/api/quizzes/${this.id}`;
  }

  private of(item: { id: string }): string {
    return `${this.address}/items/${item.id}`;
  }

  private unread(error: unknown): void {
    if (error instanceof RequestError && error.status === GONE) this.change({ type: 'gone' });
    else if (error instanceof RequestError && error.isPassing) this.change({ type: 'cut', isCut: true });
    else this.change({ type: 'failed', problem: told(error) });
  }

  /** An answer of an earlier visit; where the quiz has ended meanwhile it comes too late. */
  private resume(answer: Answer): void {
    this.change({ type: 'did', item: answer.item_id, done: { answer: answer.answer } });
    void this.deliver(answer, (error) => { if (!(error instanceof RequestError) || error.isPassing) throw error; });
  }

  private async deliver(answer: Answer, doubt?: (error: unknown) => void): Promise<void> {
    keep(this.id, answer);
    const send = () => (doubt ? this.post(answer).catch(doubt) : this.post(answer));
    await this.pass({ send, isRepeatable: true });
    drop(this.id, answer);
  }

  /** Another window may have taken the number: then the answer given last gets the next one. */
  private async post(answer: Answer): Promise<unknown> {
    try {
      return await this.send(`${this.address}/answers`, 'POST', answer);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== CONFLICT) throw error;
      const quiz = await this.send<QuizOut>(this.address);
      const attempts = quiz.items.find(({ id }) => id === answer.item_id)?.attempts;
      if (quiz.state === 'finished' || attempts === undefined) throw error;
      return this.send(`${this.address}/answers`, 'POST', { ...answer, attempt: attempts + 1 });
    }
  }

  /** Do something that the learner waits for; a second click meanwhile does nothing. */
  private async wait<T>(send: () => Promise<T>, isRepeatable = true): Promise<T | undefined> {
    if (this.state.isBusy) return undefined;
    this.change({ type: 'begun' });
    const done = await this.pass({ send, isRepeatable });
    this.change({ type: 'ended' });
    return done;
  }

  /** Send it in its turn, then read what has become of the round and let the other tabs know. */
  private async pass<T>(job: Job<T>): Promise<T | undefined> {
    this.changes += 1;
    let done: T | undefined;
    try {
      done = await this.line.add(job);
    } catch (error) {
      this.change({ type: 'failed', problem: told(error) });
    }
    this.changes += 1;
    this.tell();
    if (this.line.isEmpty) await this.settle();
    return done;
  }

  private async settle(): Promise<void> {
    this.change({ type: 'confirmed' });
    await this.read();
  }

  private tell(): void {
    const through = this.tabs ?? new BroadcastChannel('studyrag');
    through.postMessage(this.id);
    if (!this.tabs) through.close();
  }
}

const rounds = new Map<string, Round>();

/** The round of that id: all cards of a page that show it share it. */
export function roundOf(id: string): Round {
  const found = rounds.get(id) ?? new Round(id);
  rounds.set(id, found);
  return found;
}

export type { Quiz };
