import { afterEach, expect, test, vi } from 'vitest';
import { request, RequestError, told } from '../../src/shared/request';

afterEach(() => vi.unstubAllGlobals());

function replying(reply: () => Promise<Response>) {
  const calls: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => { calls.push([address, init]); return reply(); });
  return calls;
}

const failing = async (reply: () => Promise<Response>): Promise<RequestError> => {
  replying(reply);
  return request('/api/x').then(() => { throw new Error('it did not fail'); }, (error: RequestError) => error);
};

const json = (status: number, body: unknown) => () => Promise.resolve(new Response(JSON.stringify(body), { status }));

test('a body goes as JSON and outlives the page', async () => {
  const calls = replying(json(200, { ok: 1 }));
  expect(await request('/api/x', 'POST', { a: 1 })).toEqual({ ok: 1 });
  expect(calls[0]).toEqual(['/api/x', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}', keepalive: true }]);
});

test('a form goes as it is', async () => {
  const calls = replying(json(200, {}));
  const form = new FormData();
  await request('/api/x', 'POST', form);
  expect(calls[0]![1]).toEqual({ method: 'POST', body: form });
});

test('nothing comes back from what is deleted', async () => {
  replying(() => Promise.resolve(new Response(null, { status: 204 })));
  expect(await request('/api/x', 'DELETE')).toBeUndefined();
});

test.each([
  ['the API’s own sentence', json(409, { message: 'This quiz is over.', retry_after: null }), 'This quiz is over.', 409, false],
  ['a sentence of ours where there is none', () => Promise.resolve(new Response('<html>', { status: 500 })), 'Something went wrong on our side. Please try again.', 500, false],
  ['that nobody answered', () => Promise.reject(new TypeError('Failed to fetch')), 'There is no connection to StudyRAG right now.', 0, true],
  ['that it is busy', json(503, { message: 'Busy.', retry_after: 7 }), 'Busy.', 503, true],
])('a failure tells %s', async (_, reply, sentence, status, isPassing) => {
  const error = await failing(reply);
  expect([error.message, error.status, error.isPassing]).toEqual([sentence, status, isPassing]);
});

test('when to try again is told', async () => {
  expect((await failing(json(429, { message: 'Slow down.', retry_after: 7 }))).retryAfter).toBe(7);
});

test('a fault of our own is not shown as it is', () => {
  expect(told(new TypeError('x is undefined'))).toBe('Something went wrong on our side. Please try again.');
});
