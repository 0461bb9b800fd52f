import { render, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { RoundCard } from '../../src/quiz/QuizCard';
import { Round } from '../../src/quiz/round';
import { RequestError } from '../../src/shared/request';
import { asked, quizOf, reportOf, Server } from '../support/server';

const shows = (round: Round) => render(<RoundCard round={round} say={() => undefined} />);
const fails = (error: RequestError) => shows(new Round('q1', () => Promise.reject(error)));

test.each<[string, ReturnType<typeof quizOf>]>([
  ['Writing the first question…', quizOf([], { state: 'writing' })],
  ['Biology has nothing new.', quizOf([], { reason: 'Biology has nothing new.' })],
  ['There is no question here.', quizOf([])],
])('“%s”', async (text, quiz) => {
  shows(new Round('q1', new Server(quiz).send));
  expect(await screen.findByText(text)).toHaveAttribute('role', 'status');
});

test.each<[string, RequestError]>([
  ['These questions are no longer here.', new RequestError('Not found.', 404)],
  ['There is no connection to StudyRAG right now.', new RequestError('Failed to fetch', 0)],
  ['Something is broken.', new RequestError('Something is broken.', 500)],
])('“%s”', async (text, error) => {
  fails(error);
  expect(await screen.findByText(text)).toBeInTheDocument();
});

test('a round that ends in another window turns into its report', async () => {
  const server = new Server(quizOf([asked('a')]));
  shows(new Round('q1', server.send));
  await screen.findByRole('region', { name: 'Quiz' });
  server.quiz = { ...server.quiz, state: 'finished' };
  server.report = reportOf([]);
  window.postMessage('studyrag:quiz:q1', '*');
  expect(await screen.findByRole('region', { name: 'Quiz report' })).toBeInTheDocument();
});

test('two cards of one round show the same', async () => {
  const round = new Round('q1', new Server(quizOf([asked('a')])).send);
  shows(round);
  shows(round);
  await waitFor(() => expect(screen.getAllByRole('radiogroup')).toHaveLength(2));
  round.save(round.item!, 'a-1');
  await waitFor(() => expect(screen.getAllByRole('radio', { checked: true })).toHaveLength(2));
});
