import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Welcome } from '../../src/chat/Welcome';
import { chat } from '../support/chainlit';

const EMPTY = { books: 0, pages: 0, reading: 0, scope: 'all your books', questions: [] };
const FULL = { ...EMPTY, books: 2, pages: 1200, questions: ['Tell me about cells'] };
const uploads = chat.upload;
const last = () => chat.sent.at(-1);

beforeEach(() => {
  chat.sent.length = 0;
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ count: 3 }))));
});
afterEach(() => {
  chat.upload = uploads;
  vi.unstubAllGlobals();
});

test('an empty library offers the sample course', async () => {
  render(<Welcome {...EMPTY} />);
  await userEvent.click(screen.getByRole('button', { name: 'Try the sample course' }));
  expect(last()).toMatchObject({ output: 'Add the sample course to my library', command: 'Sample course' });
});

test('a library with books says what is there, what could be asked and what is due', async () => {
  render(<Welcome {...FULL} reading={1} />);
  expect(screen.getByText(/Your library holds 2 books with 1,200 pages\. 1 file is being read\./)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Tell me about cells' }));
  expect(last()).toMatchObject({ output: 'Tell me about cells' });
  await userEvent.click(await screen.findByRole('button', { name: 'Review 3 questions' }));
  expect(last()).toMatchObject({ output: 'Repeat what is due' });
});

test('files are sent together, and one that fails is named', async () => {
  chat.upload = (file) => (file.name === 'bad.pdf' ? Promise.reject(new Error('too large')) : Promise.resolve({ id: file.name }));
  render(<Welcome {...EMPTY} />);
  const files = ['a.pdf', 'bad.pdf', 'b.pdf'].map((name) => new File(['x'], name, { type: 'application/pdf' }));
  await userEvent.upload(screen.getByTestId('welcome-files'), files);
  expect(await screen.findByRole('alert')).toHaveTextContent('bad.pdf could not be uploaded: too large');
  expect(last()).toMatchObject({ output: '', files: [{ id: 'a.pdf' }, { id: 'b.pdf' }] });
});
