// Made by scripts/build_api_types.py from the API's own description; edit that.

/** The endings of files that can be read. */
export const SUFFIXES = '.pdf,.docx,.pptx,.htm,.html,.xhtml,.md,.markdown,.epub,.txt,.text';

export type AnswerLength = 'short' | 'normal' | 'long';

export interface AskedOut {
  id: string;
  kind: Kind;
  stem: string;
  options: OptionOut[];
  difficulty: Difficulty | null;
  topic: string;
  answer: string | null;
  attempts: number;
  flagged: boolean;
  skipped: boolean;
  reported: boolean;
}

export interface BookOut {
  id: string;
  name: string;
  counts: Counts;
  documents: DocumentOut[];
}

export interface Challenged {
  first: MarkOut;
  again: MarkOut;
}

export interface Counts {
  documents: number;
  queued: number;
  running: number;
  ready: number;
  failed: number;
  cancelled: number;
}

export type Difficulty = 'easy' | 'medium' | 'hard';

export interface DocumentOut {
  id: string;
  filename: string;
  title: string | null;
  author: string | null;
  semester: string | null;
  subject: string | null;
  book: string | null;
  book_id: string | null;
  kind: string;
  language: string | null;
  size: number;
  status: JobState;
  error: string | null;
  version: number;
  current: boolean;
  page_count: number;
  passage_count: number;
  notes: string[];
  empty_pages: number[];
  recognised_pages: number[];
  contents: ([number, string, number])[];
  subject_words: string[];
  created_at: string;
  ready_at: string | null;
}

export interface DueOut {
  id: string;
  kind: Kind;
  stem: string;
  options: OptionOut[];
  difficulty: Difficulty | null;
  topic: string;
  due: string;
  lapses: number;
  book: string;
}

export interface DueReply {
  due: DueOut[];
  count: number;
  leeches: LeechOut[];
  next_due: string | null;
  scope_label: string;
}

export interface ErrorBody {
  status?: string;
  code: string;
  message: string;
  fallback_used?: boolean;
  retry_after?: number | null;
}

export interface EvidenceOut {
  document_id: string;
  book: string;
  filename: string;
  page_index: number;
  page_label: string;
  page_kind: string;
  quote: string;
  view_url: string;
}

export interface ExplainedOption {
  id: string;
  text: string;
  rationale: string;
}

export interface FeedbackOut {
  verdict: Verdict | null;
  score: number;
  explanation: string;
  hint: string | null;
  evidence: EvidenceOut[];
  attempt: number;
  settled: boolean;
  key: string | null;
  options: ExplainedOption[];
  points: PointOut[];
  counts: boolean;
}

export interface Hint {
  hint: string;
}

export type JobState = 'queued' | 'running' | 'ready' | 'failed' | 'cancelled';

export type Kind = 'single_choice' | 'true_false' | 'gap' | 'short_answer' | 'open';

export interface LeechOut {
  id: string;
  kind: Kind;
  stem: string;
  options: OptionOut[];
  difficulty: Difficulty | null;
  topic: string;
  due: string;
  lapses: number;
  book: string;
  evidence: EvidenceOut[];
}

export interface LibraryOut {
  semesters: SemesterOut[];
  unfiled: DocumentOut[];
  counts: Counts;
}

export interface LocalServerOut {
  name: string;
  provider: string;
  api_base: string;
  models: string[];
}

export interface MarkOut {
  verdict: Verdict;
  score: number;
  explanation: string;
  points: PointOut[];
}

export interface Message {
  message: string;
}

export type Mode = 'quiz' | 'practice';

export interface ModelsOut {
  providers: ProviderOut[];
  servers: LocalServerOut[];
}

export interface OptionOut {
  id: string;
  text: string;
}

export type Outcome = 'correct' | 'helped' | 'partly' | 'wrong' | 'cannot_tell' | 'none' | 'untried';

export interface OwnModelOut {
  provider: string;
  title: string;
  model: string;
  api_base: string;
  tested_at: string;
}

export interface PointOut {
  text: string;
  quote: string;
  made: boolean;
  where: string;
}

export interface PreferencesOut {
  answer_length: AnswerLength;
  tutor: TutorChoice;
  default_model: string;
  own_model: OwnModelOut | null;
  today: UsedToday;
}

export interface ProviderOut {
  id: string;
  title: string;
  example: string;
  at_an_address: boolean;
}

export interface QuizOut {
  id: string;
  mode: Mode;
  state: QuizState;
  topic: string | null;
  scope_label: string;
  thread_id: string | null;
  requested: number;
  delivered: number;
  reason: string | null;
  created_at: string;
  finished_at: string | null;
  seconds_left: number | null;
  current: number;
  done: number;
  items: AskedOut[];
  explained: Record<string, FeedbackOut>;
}

export type QuizState = 'writing' | 'open' | 'finished';

export interface ReportOut {
  id: string;
  mode: Mode;
  score: number;
  correct: number;
  total: number;
  outcomes: Partial<Record<Outcome, number>>;
  by_topic: TopicOut[];
  items: ResultOut[];
  finished_at: string | null;
}

export interface ResultOut {
  id: string;
  kind: Kind;
  stem: string;
  options: ExplainedOption[];
  key: string;
  accepted: string[];
  rationale: string;
  evidence: EvidenceOut[];
  answer: string | null;
  answer_text: string | null;
  verdict: Verdict | null;
  score: number | null;
  explanation: string;
  difficulty: Difficulty;
  topic: string;
  flagged: boolean;
  reported: boolean;
  outcome: Outcome;
  missed: boolean;
  marks: MarkOut[];
}

export interface SemesterOut {
  id: string;
  name: string;
  counts: Counts;
  subjects: SubjectOut[];
}

export interface SubjectOut {
  id: string;
  name: string;
  counts: Counts;
  books: BookOut[];
}

export interface TopicOut {
  topic: string;
  score: number;
  correct: number;
  total: number;
  read_again: EvidenceOut[];
}

export interface Topics {
  topics: WeakTopic[];
}

export type TutorChoice = 'default' | 'built_in' | 'own';

export interface Uploaded {
  id: string | null;
  job_id: string | null;
  filename: string;
  status: JobState;
  duplicate_of?: string | null;
  error?: string | null;
}

export interface Uploads {
  documents: Uploaded[];
}

export interface UsedToday {
  tokens: number;
  dollars: number;
  tokens_allowed: number | null;
  dollars_allowed: number | null;
}

export type Verdict = 'correct' | 'partly' | 'wrong' | 'cannot_tell';

export interface WeakTopic {
  topic: string;
  score: number;
  correct: number;
  answers: number;
  read_again: EvidenceOut[];
}
