import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';

// jsdom has no layout, so it scrolls nowhere and matches no media.
Element.prototype.scrollIntoView = () => undefined;
window.matchMedia = (query) => ({ matches: false, media: query, addEventListener: () => undefined }) as unknown as MediaQueryList;

const said = vi.spyOn(console, 'error');
const warned = vi.spyOn(console, 'warn');

beforeEach(() => {
  localStorage.clear();
  said.mockClear();
  warned.mockClear();
});

afterEach(() => {
  cleanup();
  const messages = [...said.mock.calls, ...warned.mock.calls].map(([message]) => String(message));
  if (messages.length) throw new Error(`the console is not clean: ${messages.join('\n')}`);
});
