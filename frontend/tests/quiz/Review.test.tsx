import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Review } from '../../src/quiz/Review';
import { type Method, RequestError, type Send } from '../../src/shared/request';
import type { DueReply } from '../../src/shared/schema';
import { asked, PAGE } from '../support/server';

const due = (more: Partial<DueReply> = {}): DueReply => ({ due: [], count: 0, leeches: [], next_due: null, scope_label: 'Biology', ...more });
const one = (id: string, book: string) => ({ ...asked(id), due: '2026-01-01T00:00:00Z', lapses: 8, book });

function reviews(reply: DueReply, topics: object[] = []) {
  const calls: { address: string; method?: Method; body?: unknown }[] = [];
  const said: string[] = [];
  const send: Send = <T,>(address: string, method?: Method, body?: unknown) => {
    calls.push({ address, method, body });
    return Promise.resolve((address.includes('/topics') ? { topics } : reply) as T);
  };
  render(<Review scope={{ active_subject: 'Bio & more', active_books: ['A', 'B'] }} say={(text) => said.push(text)} send={send} />);
  return { calls, said };
}

test('it looks in the scope that the chat named', async () => {
  const { calls } = reviews(due());
  await screen.findByRole('region', { name: 'Review' });
  expect(calls[0]!.address).toBe('/api/review/due?active_subject=Bio+%26+more&active_books=A&active_books=B');
});

test('what is due is counted by book and can be begun', async () => {
  const { said } = reviews(due({ count: 3, due: [one('a', 'Cells'), one('b', 'Cells'), one('c', 'Genes')] }));
  expect(await screen.findByText('Cells: 2 · Genes: 1')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Start the review' }));
  expect(said).toEqual(['Repeat what is due']);
});

test('where nothing is due it says when the next one is', async () => {
  const tomorrow = new Date();
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(9, 5);
  reviews(due({ next_due: tomorrow.toISOString() }));
  expect(await screen.findByText('The next one comes back tomorrow at 09:05.')).toBeInTheDocument();
});

test('weak topics are shown with the numbers of the server', async () => {
  const topics = [{ topic: 'Cells', score: 0.5, correct: 0, answers: 2, read_again: [PAGE] }, { topic: 'Known', score: 1, correct: 2, answers: 2, read_again: [] }];
  reviews(due(), topics);
  expect(await screen.findByRole('rowheader', { name: 'Cells' })).toBeInTheDocument();
  expect(screen.getByText('0 of 2')).toBeInTheDocument();
  expect(screen.queryByText('Known')).toBeNull();
});

test('what was set aside is taken up again as it was shown', async () => {
  const { calls } = reviews(due({ leeches: [{ ...one('a', 'Cells'), evidence: [PAGE] }] }));
  await userEvent.click(await screen.findByRole('button', { name: 'I have read it: ask me again' }));
  expect(calls).toContainEqual({ address: '/api/review/a', method: 'POST', body: { rating: 'again', due: '2026-01-01T00:00:00Z' } });
});

test('what went wrong is said', async () => {
  render(<Review scope={{}} say={() => undefined} send={() => Promise.reject(new RequestError('Not now.', 500))} />);
  expect(await screen.findByText('Not now.')).toHaveClass('study-problem');
});
