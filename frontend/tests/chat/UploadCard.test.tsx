import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UploadCard, type UploadProps } from '../../src/chat/UploadCard';

const FILE: UploadProps = {
  document_id: 'd1', filename: 'biology.pdf', state: 'ready', stage: '', done: 0, total: 0, fraction: 0, error: '', notes: [], pages: 763,
  place: '', suggestion: 'Biology', again: false,
};
const LIBRARY = { semesters: [{ id: 's', name: 'Spring', counts: {}, subjects: [] }], unfiled: [], counts: {} };

beforeEach(() => vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(LIBRARY)))));
afterEach(() => vi.unstubAllGlobals());

function show(more: Partial<UploadProps>, error?: string) {
  const calls: unknown[] = [];
  render(<UploadCard {...FILE} {...more} call={(action) => { calls.push(action.payload); return Promise.resolve({ response: { error } }); }} />);
  return calls;
}

test('progress is told by stage and page', () => {
  show({ state: 'running', stage: 'Reading the pages', done: 1200, total: 5000, fraction: 0.24 });
  expect(screen.getByRole('progressbar', { name: 'Progress of biology.pdf' })).toHaveAttribute('aria-valuenow', '24');
  expect(screen.getByText('Reading the pages · 1,200 of 5,000 pages')).toBeInTheDocument();
});

test('reading can be cancelled once', async () => {
  const calls = show({ state: 'queued' });
  await userEvent.click(screen.getByRole('button', { name: 'Cancel reading biology.pdf' }));
  expect(calls).toEqual([{ document_id: 'd1', do: 'cancel' }]);
});

test('what failed says why and can be tried again', async () => {
  const calls = show({ state: 'failed', error: 'It is encrypted.' });
  expect(screen.getByText('It is encrypted.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(calls).toEqual([{ document_id: 'd1', do: 'retry' }]);
});

test('a file is filed under a place that is suggested and can be typed', async () => {
  const calls = show({});
  await userEvent.click(screen.getByRole('button', { name: 'File it under…' }));
  expect(await screen.findByDisplayValue('Spring')).toHaveAccessibleName('Semester');
  await userEvent.type(screen.getByRole('combobox', { name: 'Subject' }), 'Cells');
  await userEvent.click(screen.getByRole('button', { name: 'File it' }));
  expect(calls).toEqual([{ document_id: 'd1', do: 'file', semester: 'Spring', subject: 'Cells', book: 'Biology' }]);
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('what could not be filed stays open and says why', async () => {
  show({}, 'That name is taken.');
  await userEvent.click(screen.getByRole('button', { name: 'File it under…' }));
  await userEvent.type(screen.getByRole('combobox', { name: 'Subject' }), 'Cells{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('That name is taken.');
  expect(screen.getByRole('combobox', { name: 'Subject' })).toHaveValue('Cells');
});

test.each<[Partial<UploadProps>, string]>([
  [{ state: 'refused', error: 'No.' }, 'Not accepted'], [{ state: 'removed' }, 'Removed from your library'], [{ pages: 1 }, 'Ready · 1 page'],
  [{ again: true }, 'You already had this file, so nothing had to be read again.'], [{ place: 'Spring › Cells' }, 'In your library: Spring › Cells'],
  [{ notes: ['Two pages hold no text.'] }, 'Two pages hold no text.'],
])('%j says “%s”', (more, text) => {
  show(more);
  expect(screen.getByText(text)).toBeInTheDocument();
});
