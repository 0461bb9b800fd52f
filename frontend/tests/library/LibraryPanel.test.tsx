import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LibraryPanel } from '../../src/library/LibraryPanel';
import type { DocumentOut, LibraryOut } from '../../src/shared/schema';

const COUNTS = { documents: 1, queued: 0, running: 0, ready: 1, failed: 0, cancelled: 0 };
const document_ = (id: string, more: Partial<DocumentOut> = {}) => ({ id, filename: `${id}.pdf`, title: null, status: 'ready', error: null, page_count: 3, ...more }) as DocumentOut;

let library: LibraryOut;
let calls: { method: string; address: string; body: unknown }[];
let replies: Record<string, () => Response>;
let opened = 0;

const shelf = (documents: DocumentOut[], unfiled: DocumentOut[] = []): LibraryOut => ({
  semesters: [{ id: 's1', name: 'Spring', counts: COUNTS, subjects: [{ id: 'j1', name: 'Biology', counts: COUNTS, books: [{ id: 'b1', name: 'Cells', counts: COUNTS, documents }] }] }],
  unfiled, counts: COUNTS,
});

beforeEach(() => {
  library = shelf([document_('a')]);
  calls = [];
  replies = {};
  vi.stubGlobal('fetch', (address: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}) => {
    calls.push({ method, address, body: typeof body === 'string' ? JSON.parse(body) as unknown : body });
    return Promise.resolve(replies[`${method} ${address}`]?.() ?? new Response(JSON.stringify(library)));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function open() {
  opened += 1;
  const shown = render(<LibraryPanel opened={String(opened)} />);
  await waitFor(() => expect(calls).toHaveLength(1));
  await screen.findByText('Upload into the library');
  return shown;
}

const changes = () => calls.filter(({ method }) => method !== 'GET');
const click = (name: string) => userEvent.click(screen.getByRole('button', { name }));

describe('a document', () => {
  test('leads to its first page once it is ready', async () => {
    library = shelf([document_('a'), document_('b', { status: 'failed', error: 'It is encrypted.' })]);
    await open();
    expect(await screen.findByText('b.pdf')).not.toHaveAttribute('href');
    expect(screen.getByRole('link', { name: 'a.pdf' })).toHaveAttribute('href', '/view/a/1');
    expect(screen.getByText('It is encrypted.')).toBeInTheDocument();
  });

  test('can be renamed', async () => {
    await open();
    await click('Rename a.pdf');
    const field = screen.getByRole('textbox', { name: 'New name for a.pdf' });
    expect(field).toHaveFocus();
    await userEvent.clear(field);
    await userEvent.type(field, 'x.pdf{Enter}');
    expect(changes()).toEqual([{ method: 'PATCH', address: '/api/documents/a', body: { filename: 'x.pdf' } }]);
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
  });

  test('can be moved, from where it is', async () => {
    await open();
    await click('Move a.pdf');
    const subject = screen.getByRole('combobox', { name: 'Subject' });
    expect(subject).toHaveValue('Biology');
    await userEvent.clear(subject);
    await userEvent.type(subject, 'Physics');
    await click('Move');
    expect(changes()[0]!.body).toEqual({ semester: 'Spring', subject: 'Physics', book: 'Cells' });
  });

  test('is deleted after a question', async () => {
    await open();
    await click('Delete a.pdf');
    await userEvent.click(within(screen.getByRole('alertdialog', { name: 'Delete a.pdf?' })).getByRole('button', { name: 'Delete' }));
    expect(changes()).toEqual([{ method: 'DELETE', address: '/api/documents/a', body: undefined }]);
  });
});

test('what was refused is said, and the form stays', async () => {
  replies['PATCH /api/library/b1'] = () => new Response(JSON.stringify({ message: 'That name is taken.' }), { status: 409 });
  await open();
  await click('Rename Cells');
  await userEvent.type(screen.getByRole('textbox'), '!{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('That name is taken.');
  expect(screen.getByRole('textbox')).toHaveValue('Cells!');
});

test('files are uploaded into a place, and those that were not taken are named', async () => {
  const uploads = { documents: [{ filename: 'x.pdf', error: 'It is empty.' }, { filename: 'y.pdf', duplicate_of: 'a' }, { filename: 'z.pdf' }] };
  replies['POST /api/documents/upload'] = () => new Response(JSON.stringify(uploads));
  await open();
  await userEvent.upload(screen.getByTestId('library-files'), ['x', 'y', 'z'].map((name) => new File(['x'], `${name}.pdf`, { type: 'application/pdf' })));
  expect(screen.getByRole('combobox', { name: 'Book' })).toHaveValue('x');
  await click('Upload');
  expect(await screen.findByRole('alert')).toHaveTextContent('x.pdf: It is empty. You already have y.pdf, so it was not added again.');
  const form = changes()[0]!.body as FormData;
  expect([form.getAll('file').length, form.get('semester'), form.get('subject'), form.get('book')]).toEqual([3, 'Spring', 'Biology', 'x']);
});

test('an upload that did not get through can be sent again', async () => {
  replies['POST /api/documents/upload'] = () => new Response('{}', { status: 500 });
  await open();
  await userEvent.upload(screen.getByTestId('library-files'), new File(['x'], 'x.pdf', { type: 'application/pdf' }));
  await click('Upload');
  expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong');
  expect(screen.getByRole('combobox', { name: 'Book' })).toHaveValue('x');
});

test('while something is being read the library is read again', async () => {
  library = shelf([document_('a', { status: 'running' })]);
  await open();
  await screen.findByText('being read');
  library = shelf([document_('a')]);
  expect(await screen.findByText('3 pages', {}, { timeout: 20_000 })).toBeInTheDocument();
});

test('files of a chat stand apart', async () => {
  library = shelf([], [document_('u')]);
  await open();
  expect(await screen.findByText('Not filed yet')).toBeInTheDocument();
});
