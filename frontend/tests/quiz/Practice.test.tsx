import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { RequestError } from '../../src/shared/request';
import { button, show, stem } from '../support/cards';
import { asked, feedback, PAGE, quizOf, Server, typed } from '../support/server';

const practice = (items = [asked('a'), asked('b')], more = {}) => new Server(quizOf(items, { mode: 'practice', ...more }));

/** Let answers to the question lead to this. */
function telling(server: Server, more: Parameters<typeof feedback>[0]): Server {
  return server.on('POST answers', (body) => {
    const { item_id: id, answer, attempt } = body as { item_id: string; answer: string; attempt: number };
    server.change(id, { answer, attempts: attempt });
    const said = feedback({ attempt, ...more });
    server.quiz = { ...server.quiz, explained: { ...server.quiz.explained, [id]: said } };
    return said;
  });
}

const SETTLED = { settled: true, key: 'a-0', evidence: [PAGE], explanation: 'The answer is “Osmosis”.', hint: null };

test('a choice is no answer before it is checked', async () => {
  const server = telling(practice(), {});
  const { user } = await show(server);
  expect(button('Check')).toBeDisabled();
  await user.click(screen.getAllByRole('radio')[1]!);
  expect(server.asked('POST answers')).toHaveLength(0);
  await user.dblClick(button('Check'));
  expect(server.asked('POST answers').map(({ body }) => body)).toEqual([{ item_id: 'a', answer: 'a-1', attempt: 1 }]);
});

describe('after a wrong answer', () => {
  test('it says so, hints, shows no key, and wants another one', async () => {
    const { user } = await show(telling(practice(), {}));
    await user.click(screen.getAllByRole('radio')[1]!);
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Not yet')).toBeInTheDocument();
    expect(screen.getByText('Think of water.')).toBeInTheDocument();
    expect(screen.getByText('Not right')).toBeInTheDocument();
    expect(screen.queryByText('The right answer')).toBeNull();
    expect(button('Try again')).toBeDisabled();
    await user.click(screen.getAllByRole('radio')[0]!);
    expect(screen.queryByText('Not right')).toBeNull();
    expect(button('Try again')).toBeEnabled();
  });

  test('the next one has the next number', async () => {
    const server = telling(practice(), {});
    const { user } = await show(server);
    for (const option of ['2', '3']) {
      stem().focus();
      await user.keyboard(option);
      await user.click(await screen.findByRole('button', { name: /Check|Try again/ }));
    }
    await waitFor(() => expect(server.asked('POST answers').map(({ body }) => (body as { attempt: number }).attempt)).toEqual([1, 2]));
  });
});

describe('once it is settled', () => {
  async function settled() {
    const server = telling(practice(), SETTLED);
    const shown = await show(server);
    await shown.user.click(screen.getAllByRole('radio')[1]!);
    await shown.user.click(button('Check'));
    await screen.findByText('Wrong');
    return { server, ...shown };
  }

  test('the key is shown, the options are shut, and the explanation has the focus and its page', async () => {
    await settled();
    const [key, mine] = screen.getAllByRole('radio');
    expect(key).toHaveTextContent('The right answer');
    expect(mine).toHaveTextContent('Not right');
    expect(mine).toBeDisabled();
    expect(screen.getByText('The answer is “Osmosis”.').parentElement).toHaveFocus();
    expect(within(screen.getByRole('list', { name: 'Pages' })).getByRole('link')).toHaveAttribute('href', PAGE.view_url);
  });

  test('Enter goes on to the next that is open', async () => {
    const { user } = await settled();
    await user.keyboard('{Enter}');
    expect(stem()).toHaveTextContent('What is b?');
  });

  test('a key chooses nothing any more', async () => {
    const { user, server } = await settled();
    await user.keyboard('3');
    expect(screen.getAllByRole('radio')[1]).toBeChecked();
    expect(server.asked('POST answers')).toHaveLength(1);
  });

  test('the mark can be challenged, and what came of it is told', async () => {
    const { user, server } = await settled();
    const mark = { score: 1, points: [] };
    server.on('POST challenge', () => ({
      first: { ...mark, verdict: 'wrong', explanation: '' }, again: { ...mark, verdict: 'correct', explanation: 'A synonym.' },
    }));
    await user.click(button('Challenge the mark'));
    await user.keyboard('It is the same{Enter}');
    expect(await screen.findByText('Marked again: Right. A synonym.')).toHaveAttribute('role', 'status');
  });

  test('another one can be had, and it is said that it is being written', async () => {
    const { user, server } = await settled();
    let made: (item: unknown) => void = () => undefined;
    server.on('POST another', () => new Promise((resolve) => { made = resolve; }));
    await user.click(button('Harder'));
    expect(await screen.findByText('Writing a question…')).toHaveAttribute('role', 'status');
    server.quiz = { ...server.quiz, items: [...server.quiz.items, asked('c')] };
    made(asked('c'));
    await waitFor(() => expect(stem()).toHaveTextContent('What is c?'));
  });
});

test('what is no answer to the question is said, spends no try, and can be put right', async () => {
  const server = practice([typed('a')]).on('POST answers', () => { throw new RequestError('That is no answer to this question.', 422); });
  const { user } = await show(server);
  await user.type(screen.getByRole('textbox'), '?{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('That is no answer to this question.');
  expect(screen.getByRole('textbox')).toHaveValue('?');
  await user.type(screen.getByRole('textbox'), '!{Enter}');
  await waitFor(() => expect(server.asked('POST answers').map(({ body }) => (body as { attempt: number }).attempt)).toEqual([1, 1]));
});

test('a hint is asked for once', async () => {
  const server = practice().on('POST hint', () => ({ hint: 'It begins with O.' }));
  const { user } = await show(server);
  await user.click(button('Hint'));
  expect(await screen.findByText('It begins with O.')).toBeInTheDocument();
  expect(button('Hint')).toBeDisabled();
});

test('who gives up sees the answer', async () => {
  const server = practice().on('POST reveal', () => {
    server.quiz = { ...server.quiz, explained: { a: feedback({ ...SETTLED, verdict: null, attempt: 0 }) } };
  });
  const { user } = await show(server);
  await user.click(button('Show the answer'));
  expect(await screen.findByText('The answer')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Challenge the mark' })).toBeNull();
  expect(button('Question 1: No answer')).toBeInTheDocument();
});

test('what is typed is checked with Enter, and is there while the network is away', async () => {
  const server = telling(practice([typed('a', { kind: 'gap' })]), SETTLED);
  const { user } = await show(server);
  server.isCut = true;
  await user.type(screen.getByRole('textbox', { name: /What belongs in the gap/ }), 'osmosis{Enter}');
  expect(await screen.findByText(/No connection/)).toBeInTheDocument();
  expect(screen.getByRole('textbox')).toHaveValue('osmosis');
  server.isCut = false;
  window.dispatchEvent(new Event('online'));
  expect(await screen.findByText('Wrong')).toBeInTheDocument();
  expect(screen.getByRole('textbox')).toHaveAttribute('readonly');
});

test('the last one done leads to the end', async () => {
  const server = telling(practice([asked('a')]), SETTLED);
  const { user } = await show(server);
  await user.click(screen.getAllByRole('radio')[0]!);
  await user.click(button('Check'));
  await user.click(await screen.findByRole('button', { name: 'Finish' }));
  expect(screen.getByRole('alertdialog')).toHaveTextContent('Every question is answered.');
});

test('a question of the chat is settled there, and the card follows', async () => {
  const server = practice();
  await show(server);
  server.quiz = { ...server.quiz, explained: { a: feedback({ ...SETTLED, verdict: null, attempt: 0 }) } };
  window.postMessage('studyrag:quiz:q1', '*');
  expect(await screen.findByText('The right answer')).toBeInTheDocument();
  expect(document.body).toHaveFocus();
});
