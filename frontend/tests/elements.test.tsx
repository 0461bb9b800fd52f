import { fireEvent, render, screen } from '@testing-library/react';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as Lucide from 'lucide-react';
import React, { Component, isValidElement, type ReactNode } from 'react';
import { transform } from 'sucrase';
import { afterEach, expect, test, vi } from 'vitest';
import * as Chainlit from './support/chainlit';
import * as Markdown from './support/markdown';
import { asked, quizOf } from './support/server';

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../public/elements');
const OFFERED: Record<string, unknown> = {
  'react': React, 'lucide-react': Lucide, '@chainlit/react-client': Chainlit, '@/components/markdown': Markdown,
};
const SOURCES = { thread_id: 't', sources: [{ n: 1, book: 'Biology', page: 'p. 3', quote: 'Water.', removed: false }], notices: [], scope: '', model: 'm', confidence: '', found: null };
const UPLOAD = { document_id: 'd', filename: 'a.pdf', state: 'running', stage: '', done: 0, total: 0, fraction: 0, error: '', notes: [], pages: 0, place: '', suggestion: '', again: false };
const PROPS: Record<string, [Record<string, unknown>, string | RegExp]> = {
  LibraryPanel: [{ opened: '1' }, /Opening your library/],
  QuizCard: [{ mode: 'quiz', quiz_id: 'q1' }, /Opening the questions/],
  Sources: [SOURCES, 'Biology,'],
  Suggestions: [{ questions: ['What is osmosis?'] }, 'What is osmosis?'],
  UploadCard: [UPLOAD, 'a.pdf'],
  Welcome: [{ books: 0, pages: 0, reading: 0, scope: '', questions: [] }, 'Study with your own books'],
};

/** What Chainlit does with an element: translate it, run it with its own modules and functions, take the default export. */
function evaluated(name: string, props: Record<string, unknown>): unknown {
  const source = readFileSync(join(FOLDER, `${name}.jsx`), 'utf8');
  const { code } = transform(source, { transforms: ['jsx', 'typescript', 'imports'], production: true });
  const load = (module: string) => {
    if (!(module in OFFERED)) throw new Error(`Module not found: '${module}'`);
    return OFFERED[module];
  };
  const exports: { default?: unknown } = {};
  const scope = { React, require: load, exports, props, sendUserMessage: vi.fn(), callAction: vi.fn() };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as Chainlit does
  new Function(...Object.keys(scope), code)(...Object.values(scope));
  return exports.default;
}

/** Evaluates its element anew whenever it is rendered, as Chainlit does whenever something around it changes. */
class Runner extends Component<{ name: string; props: Record<string, unknown> }> {
  override render(): ReactNode {
    const element = evaluated(this.props.name, this.props.props);
    return isValidElement(element) ? element : null;
  }
}

afterEach(() => vi.unstubAllGlobals());

const replying = (body: unknown) => vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body))));

test('every built element has its place here', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(PROPS).map((name) => `${name}.jsx`));
});

test.each(Object.keys(PROPS))('%s runs with what Chainlit offers', async (name) => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const [props, text] = PROPS[name]!;
  render(<Runner name={name} props={props} />);
  expect(await screen.findByText(text)).toBeInTheDocument();
});

test('a card that is evaluated anew stays the card it was, with what is typed in it', async () => {
  replying(quizOf([asked('a', { kind: 'short_answer', options: [] })]));
  const props = { mode: 'practice', quiz_id: 'again' };
  const { rerender } = render(<Runner name="QuizCard" props={props} />);
  const field = await screen.findByRole('textbox');
  fireEvent.change(field, { target: { value: 'osm' } });
  field.focus();
  rerender(<Runner name="QuizCard" props={{ ...props }} />);
  expect(screen.getByRole('textbox')).toBe(field);
  expect(field).toHaveValue('osm');
  expect(field).toHaveFocus();
});

test('what Chainlit hands in anew reaches the card', () => {
  const { rerender } = render(<Runner name="UploadCard" props={{ ...UPLOAD, fraction: 0.25 }} />);
  const bar = screen.getByRole('progressbar');
  rerender(<Runner name="UploadCard" props={{ ...UPLOAD, fraction: 0.5 }} />);
  expect(screen.getByRole('progressbar')).toBe(bar);
  expect(bar).toHaveAttribute('aria-valuenow', '50');
});
