import type { AskedOut, FeedbackOut, QuizOut, ReportOut } from '../shared/schema';

/** A quiz as it was read, at `read_at` by the browser's clock (milliseconds). */
export type Quiz = QuizOut & { read_at: number };
/** What the learner did with a question. */
export type Done = Partial<Pick<AskedOut, 'answer' | 'flagged' | 'skipped'>>;

/** Everything a card of one round shows. */
export interface RoundState {
  quiz: Quiz | null;
  report: ReportOut | null;
  isGone: boolean;
  problem: string;
  /** Something is on its way that the learner waits for. */
  isBusy: boolean;
  /** Something cannot be sent right now, and will be. */
  isCut: boolean;
  /** The question on screen. */
  place: string | null;
  drafts: Record<string, string>;
  hints: Record<string, string>;
  /** What has been done and the server has not confirmed; it lies over what is read. */
  ahead: Record<string, Done>;
  /** “Finish anyway?” is being asked. */
  isEnding: boolean;
  /** The time ran out while the card was open. */
  isLate: boolean;
  /** The learner ended it just now. */
  hasEnded: boolean;
  /** Another question is being written on request. */
  isAwaiting: boolean;
}

export type Change =
  | { type: 'read'; quiz: QuizOut; report: ReportOut | null; at: number }
  | { type: 'gone' }
  | { type: 'failed'; problem: string }
  | { type: 'begun' }
  | { type: 'ended' }
  | { type: 'cut'; isCut: boolean }
  | { type: 'did'; item: string; done: Done }
  | { type: 'confirmed' }
  | { type: 'moved'; item: string }
  | { type: 'drafted'; item: string; text: string }
  | { type: 'hinted'; item: string; hint: string }
  | { type: 'ending'; isEnding: boolean }
  | { type: 'finishing' }
  | { type: 'late' }
  | { type: 'seen' }
  | { type: 'awaiting'; isAwaiting: boolean };

export const START: RoundState = {
  quiz: null, report: null, isGone: false, problem: '', isBusy: false, isCut: false, place: null, drafts: {}, hints: {}, ahead: {},
  isEnding: false, isLate: false, hasEnded: false, isAwaiting: false,
};

function over(quiz: Quiz, ahead: RoundState['ahead']): Quiz {
  return { ...quiz, items: quiz.items.map((item) => (ahead[item.id] ? { ...item, ...ahead[item.id] } : item)) };
}

function read(state: RoundState, { quiz, report, at }: Extract<Change, { type: 'read' }>): RoundState {
  const first = quiz.items[Math.min(quiz.current, quiz.items.length - 1)];
  const shown = over({ ...quiz, read_at: at }, state.ahead);
  return { ...state, quiz: shown, report, isGone: false, isCut: false, place: state.place ?? first?.id ?? null };
}

function did(state: RoundState, item: string, done: Done): RoundState {
  const ahead = { ...state.ahead, [item]: { ...state.ahead[item], ...done } };
  return { ...state, ahead, quiz: state.quiz && over(state.quiz, ahead) };
}

/** The state after a change; nothing else changes it. */
export function reduce(state: RoundState, change: Change): RoundState {
  switch (change.type) {
    case 'read': return read(state, change);
    case 'gone': return { ...state, isGone: true };
    case 'failed': return { ...state, problem: change.problem };
    case 'begun': return { ...state, isBusy: true, problem: '' };
    case 'ended': return { ...state, isBusy: false };
    case 'cut': return { ...state, isCut: change.isCut };
    case 'did': return { ...did(state, change.item, change.done), problem: '' };
    case 'confirmed': return { ...state, ahead: {} };
    case 'moved': return { ...state, place: change.item, isEnding: false };
    case 'drafted': return { ...state, drafts: { ...state.drafts, [change.item]: change.text } };
    case 'hinted': return { ...state, hints: { ...state.hints, [change.item]: change.hint } };
    case 'ending': return { ...state, isEnding: change.isEnding };
    case 'finishing': return { ...state, hasEnded: true };
    case 'late': return { ...state, isLate: true };
    case 'seen': return { ...state, hasEnded: false };
    case 'awaiting': return { ...state, isAwaiting: change.isAwaiting };
  }
}

export const isAnswered = (item: AskedOut): boolean => !!item.answer;

/** Where the question on screen stands; the first where none does. */
export const placeOf = ({ quiz, place }: RoundState): number => Math.max(0, quiz?.items.findIndex(({ id }) => id === place) ?? 0);

/** What was said to the last answer, in practice. */
export const heardOf = (quiz: Quiz, item: AskedOut): FeedbackOut | undefined => quiz.explained[item.id];

/** Whether nothing is left to do with a question. */
export function isDone(quiz: Quiz, item: AskedOut): boolean {
  if (item.reported) return true;
  return quiz.mode === 'practice' ? !!heardOf(quiz, item)?.settled : isAnswered(item);
}
