import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rememberThread, watchConversation } from '../../src/page/conversation';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const go = (path: string) => {
  history.replaceState(null, '', path);
  vi.advanceTimersByTime(600);
};

test('another conversation is told, and leaving for a new chat is not', () => {
  history.replaceState(null, '', '/');
  const other = vi.fn();
  watchConversation(other);
  go('/thread/a');
  go('/thread/b');
  go('/');
  expect(other).toHaveBeenCalledTimes(2);
});

test.each([[true, '/thread/t-1'], [false, '/']])('on a phone (%s) the address names the conversation', (matches, path) => {
  vi.stubGlobal('matchMedia', () => ({ matches }));
  history.replaceState(null, '', '/');
  rememberThread();
  window.dispatchEvent(new MessageEvent('message', { data: 'studyrag:thread:t-1' }));
  window.dispatchEvent(new MessageEvent('message', { data: { not: 'a string' } }));
  expect(location.pathname).toBe(path);
});
