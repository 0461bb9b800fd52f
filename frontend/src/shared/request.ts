import type { ErrorBody } from './schema';

const UNFORESEEN = 'Something went wrong on our side. Please try again.';
const CUT_OFF = 'There is no connection to StudyRAG right now.';
const PASSING = new Set([0, 429, 502, 503, 504]);

/** Why a request failed, in a sentence for the learner; status 0: nobody answered. */
export class RequestError extends Error {
  constructor(message: string, readonly status: number, readonly retryAfter: number | null = null) {
    super(message);
  }

  /** Whether the same request can do better in a moment. */
  get isPassing(): boolean {
    return PASSING.has(this.status);
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Send = <T>(address: string, method?: Method, body?: unknown) => Promise<T>;

function sent(method: Method, body: unknown): RequestInit {
  if (body === undefined || body instanceof FormData) return { method, body };
  // An answer outlives the page that it was given on.
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), keepalive: true };
}

async function failure(reply: Response): Promise<RequestError> {
  const problem = await reply.json().catch(() => ({})) as Partial<ErrorBody>;
  return new RequestError(problem.message || UNFORESEEN, reply.status, problem.retry_after);
}

/** Ask the API. Raises RequestError. */
export const request: Send = async <T>(address: string, method: Method = 'GET', body?: unknown): Promise<T> => {
  const reply = await fetch(address, sent(method, body)).catch(() => { throw new RequestError(CUT_OFF, 0); });
  if (!reply.ok) throw await failure(reply);
  return (reply.status === 204 ? undefined : await reply.json()) as T;
};

/** What to tell the learner about anything that was thrown. */
export const told = (error: unknown): string => (error instanceof RequestError ? error.message : UNFORESEEN);
