import { type Method, RequestError, type Send } from '../../src/shared/request';
import type { AskedOut, ExplainedOption, FeedbackOut, QuizOut, ReportOut, ResultOut } from '../../src/shared/schema';

const TEXTS = ['Osmosis', 'Mitosis', 'Diffusion'];

/** A question as it is asked. */
export const asked = (id: string, more: Partial<AskedOut> = {}): AskedOut => ({
  id, kind: 'single_choice', stem: `What is ${id}?`, options: TEXTS.map((text, i) => ({ id: `${id}-${i}`, text })), difficulty: 'easy',
  topic: 'Cells', answer: null, attempts: 0, flagged: false, skipped: false, reported: false, ...more,
});

/** One whose answer is typed. */
export const typed = (id: string, more: Partial<AskedOut> = {}): AskedOut => asked(id, { kind: 'short_answer', options: [], ...more });

/** A quiz with these questions. */
export const quizOf = (items: AskedOut[], more: Partial<QuizOut> = {}): QuizOut => ({
  id: 'q1', mode: 'quiz', state: 'open', topic: null, scope_label: 'all your books', thread_id: null, requested: items.length,
  delivered: items.length, reason: null, created_at: '2026-01-01T00:00:00Z', finished_at: null, seconds_left: null, current: 0,
  done: 0, items, explained: {}, ...more,
});

export const PAGE = {
  document_id: 'd1', book: 'Biology', filename: 'biology.pdf', page_index: 3, page_label: '212', page_kind: 'page',
  quote: 'Water moves by osmosis.', view_url: '/view/d1/3?start=1&end=9',
};

/** What is said to an answer in practice. */
export const feedback = (more: Partial<FeedbackOut> = {}): FeedbackOut => ({
  verdict: 'wrong', score: 0, explanation: 'That is not it. Try again.', hint: 'Think of water.', evidence: [], attempt: 1, settled: false,
  key: null, options: [], points: [], counts: true, ...more,
});

const explained = (id: string): ExplainedOption[] => TEXTS.map((text, i) => ({ id: `${id}-${i}`, text, rationale: `“${text}” because.` }));

/** A question of a report. */
export const result = (id: string, more: Partial<ResultOut> = {}): ResultOut => ({
  id, kind: 'single_choice', stem: `What is ${id}?`, options: explained(id), key: `${id}-0`, accepted: ['Osmosis'], rationale: 'So it is.',
  evidence: [PAGE], answer: `${id}-0`, answer_text: 'Osmosis', verdict: 'correct', score: 1, explanation: 'Right.', difficulty: 'easy',
  topic: 'Cells', flagged: false, reported: false, outcome: 'correct', missed: false, marks: [{ verdict: 'correct', score: 1, explanation: 'Right.', points: [] }], ...more,
});

/** How a quiz went. */
export const reportOf = (items: ResultOut[], more: Partial<ReportOut> = {}): ReportOut => ({
  id: 'q1', mode: 'quiz', score: 0.5, correct: 1, total: 2, outcomes: { correct: 1, wrong: 1 }, by_topic: [], items, finished_at: '2026-01-01T01:00:00Z', ...more,
});

interface Call {
  method: Method;
  address: string;
  body: unknown;
}

type Handler = (body: unknown, address: string) => unknown;

/** A server by script: it keeps one quiz, writes down what it is asked, can be cut off, and can be slow. */
export class Server {
  readonly calls: Call[] = [];
  isCut = false;
  /** The next reply is lost on the way: the server has heard the request. */
  losesReply = false;
  report: ReportOut | null = null;
  private readonly handlers = new Map<string, Handler>();
  private held: Promise<void> = Promise.resolve();

  constructor(public quiz: QuizOut) {
    this.on('POST answers', (body) => this.answered(body as { item_id: string; answer: string; attempt: number }));
    this.on('PATCH items', (body, address) => this.change(address.split('/').at(-1)!, body as Partial<AskedOut>));
    this.on('POST finish', () => { this.quiz = { ...this.quiz, state: 'finished' }; });
  }

  on(what: string, handler: Handler): this {
    this.handlers.set(what, handler);
    return this;
  }

  /** Let nothing through until the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.held = new Promise((resolve) => { release = resolve; });
    return release;
  }

  asked(what: string): Call[] {
    return this.calls.filter(({ method, address }) => `${method} ${kindOf(address)}` === what);
  }

  change(id: string, values: Partial<AskedOut>): void {
    this.quiz = { ...this.quiz, items: this.quiz.items.map((item) => (item.id === id ? { ...item, ...values } : item)) };
  }

  readonly send: Send = async <T>(address: string, method: Method = 'GET', body?: unknown): Promise<T> => {
    await this.held;
    if (this.isCut) throw new RequestError('There is no connection.', 0);
    this.calls.push({ method, address, body });
    const reply = this.reply(address, method, body);
    if (this.losesReply && method !== 'GET') {
      this.losesReply = false;
      throw new RequestError('There is no connection.', 0);
    }
    return reply as T;
  };

  private reply(address: string, method: Method, body: unknown): unknown {
    if (method === 'GET') return address.endsWith('/report') ? this.report : this.quiz;
    return this.handlers.get(`${method} ${kindOf(address)}`)?.(body, address) ?? {};
  }

  private answered({ item_id: id, answer, attempt }: { item_id: string; answer: string; attempt: number }): unknown {
    const item = this.quiz.items.find((one) => one.id === id)!;
    if (attempt === item.attempts && answer === item.answer) return {};
    if (attempt !== item.attempts + 1) throw new RequestError('This attempt holds another answer already.', 409);
    this.change(id, { answer, attempts: attempt, skipped: false });
    return {};
  }
}

/** “answers”, “items”, “hint”: what of a quiz an address is about. */
function kindOf(address: string): string {
  const parts = address.split('/').slice(4);
  return parts[0] === 'items' && parts.length === 3 ? parts[2]! : parts[0] ?? '';
}
