import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { button, show } from '../support/cards';
import { asked, PAGE, quizOf, reportOf, result, Server } from '../support/server';

const WRONG = { answer: 'b-1', verdict: 'wrong', outcome: 'wrong', missed: true, score: 0, explanation: 'It is “Osmosis”.' } as const;
const ITEMS = [result('a'), result('b', WRONG)];

function over(items = ITEMS, more = {}): Server {
  const server = new Server(quizOf(items.map(({ id }) => asked(id)), { state: 'finished', ...more }));
  server.report = reportOf(items, { mode: server.quiz.mode });
  return server;
}

const shown = () => screen.getAllByRole('group').filter(({ tagName }) => tagName === 'DETAILS');

test('what the server counted is shown as it is', async () => {
  const server = over();
  server.report = { ...server.report!, score: 0.125, correct: 7, total: 9, outcomes: { helped: 3, none: 2 } };
  await show(server);
  expect(screen.getByText('13 %').parentElement).toHaveTextContent('7 of 9 right');
  expect(within(screen.getByRole('list', { name: 'Answers' })).getAllByRole('listitem').map(({ textContent }) => textContent.trim()))
    .toEqual(['2 no answer', '3 right with help']);
});

test('where nothing counts no score is made up', async () => {
  const server = over();
  server.report = { ...server.report!, score: 0, correct: 0, total: 0 };
  await show(server);
  expect(screen.getByText('–').parentElement).toHaveTextContent('Nothing was answered that counts.');
});

test('a question unfolds to its options, its reasons and its page', async () => {
  const { user } = await show(over());
  await user.click(within(shown()[1]!).getByText(/What is b/));
  const inside = within(shown()[1]!);
  expect(inside.getAllByRole('radio').map(({ textContent }) => textContent))
    .toEqual(['OsmosisThe right answer', 'MitosisNot right“Mitosis” because.', '3Diffusion']);
  expect(inside.getByRole('link')).toHaveAttribute('href', PAGE.view_url);
});

test('only what the server calls missed is left on request', async () => {
  const { user } = await show(over([...ITEMS, result('c', { verdict: null, outcome: 'untried', missed: false })], { id: 'only' }));
  await user.click(screen.getByRole('checkbox', { name: 'Only what was not right' }));
  expect(shown().map((one) => within(one).getByText(/What is/).textContent)).toEqual(['2. What is b?']);
});

test('both marks of a challenged answer are listed', async () => {
  const server = over();
  const { user } = await show(server);
  await user.click(screen.getByText(/What is b/));
  server.on('POST challenge', () => {
    const marks = ['wrong', 'correct'].map((verdict) => ({ ...ITEMS[0]!.marks[0]!, verdict }));
    server.report = reportOf([ITEMS[0]!, result('b', { ...WRONG, marks: marks as never })]);
    return { first: marks[0], again: marks[1] };
  });
  await user.click(within(shown()[1]!).getByRole('button', { name: 'Challenge the mark' }));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getAllByText(/First mark: Wrong|Marked again: Right/)).toHaveLength(2));
});

describe('what next', () => {
  test('mistakes are repeated in the chat', async () => {
    const { user, said } = await show(over());
    await user.click(button('Repeat my mistakes'));
    expect(said).toEqual(['Repeat my mistakes']);
  });

  test('new questions are as the last ones were', async () => {
    const { user, said } = await show(over([result('a')], { mode: 'practice', topic: 'mitosis', requested: 1 }));
    expect(screen.queryByRole('button', { name: 'Repeat my mistakes' })).toBeNull();
    await user.click(button('New questions'));
    expect(said).toEqual(['Practice with me on mitosis, 1 question']);
  });

  test('it can be taken away in every format', async () => {
    await show(over());
    const links = within(screen.getByRole('group', { name: 'Take it away' })).getAllByRole('link').map((link) => link.getAttribute('href'));
    expect(links).toEqual(['anki', 'pdf', 'markdown', 'csv', 'moodle', 'gift'].map((format) => `/api/quizzes/q1/export?format=${format}`));
  });
});

test('topics stand with the weakest first, a page once, and the rest on request', async () => {
  const server = over();
  server.report!.by_topic = Array.from({ length: 10 }, (_, i) => ({ topic: `T${i}`, score: (10 - i) / 10, correct: 1, total: 2, read_again: [PAGE, PAGE] }));
  const { user } = await show(server);
  const rows = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent);
  expect(rows()).toEqual(['T9', 'T8', 'T7', 'T6', 'T5', 'T4', 'T3', 'T2']);
  expect(within(screen.getAllByRole('row')[1]!).getAllByRole('link')).toHaveLength(1);
  await user.click(button('Show all 10 topics'));
  expect(rows()).toHaveLength(10);
  expect(button('Show fewer topics')).toHaveAttribute('aria-expanded', 'true');
});

test('the score of a round that has just ended has the focus; that of an old one has not', async () => {
  const server = new Server(quizOf([asked('a', { answer: 'a-0' })]));
  server.on('POST finish', () => { server.quiz = over([result('a')]).quiz; server.report = reportOf([result('a')]); });
  const { user } = await show(server);
  await user.click(button('Finish'));
  await waitFor(() => expect(screen.getByText('50 %').parentElement).toHaveFocus());
});
