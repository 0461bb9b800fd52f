import { waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Round } from '../../src/quiz/round';
import { RequestError } from '../../src/shared/request';
import { asked, feedback, quizOf, Server, typed } from '../support/server';

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

/** A round on a server, read once. */
async function begun(server: Server): Promise<Round> {
  const round = new Round('q1', server.send);
  stops.push(round.watch());
  await waitFor(() => expect(round.get().quiz).not.toBeNull());
  return round;
}

const answers = (server: Server) => server.asked('POST answers').map(({ body }) => body);
const settled = (round: Round) => waitFor(() => expect([round.get().isBusy, round.get().ahead]).toEqual([false, {}]));

describe('an answer', () => {
  test('is shown at once and sent with its number', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    const release = server.hold();
    round.save(round.item!, 'a-1');
    expect(round.item!.answer).toBe('a-1');
    release();
    await settled(round);
    expect(answers(server)).toEqual([{ item_id: 'a', answer: 'a-1', attempt: 1 }]);
  });

  test('given twice by a double click is sent once', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    round.save(round.item!, 'a-1');
    round.save(round.item!, 'a-1');
    await settled(round);
    expect(answers(server)).toHaveLength(1);
  });

  test('changed while the first is on its way counts as the last', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    const release = server.hold();
    for (const option of ['a-1', 'a-2', 'a-0']) round.save(round.item!, option);
    release();
    await settled(round);
    expect(server.quiz.items[0]).toMatchObject({ answer: 'a-0', attempts: 3 });
  });

  test('is not overwritten by what was read before it', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    const release = server.hold();
    const reading = round.read();
    round.save(round.item!, 'a-2');
    release();
    await reading;
    expect(round.item!.answer).toBe('a-2');
  });

  test('whose number another window took gets the next one', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    server.change('a', { answer: 'a-0', attempts: 1 });
    round.save(round.item!, 'a-2');
    await settled(round);
    expect(server.quiz.items[0]).toMatchObject({ answer: 'a-2', attempts: 2 });
    expect(round.get().problem).toBe('');
  });

  test('that comes after the end says so, and the card shows how it ended', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    server.quiz = { ...server.quiz, state: 'finished' };
    server.on('POST answers', () => { throw new RequestError('This quiz is over.', 409); });
    round.save(round.item!, 'a-1');
    await settled(round);
    expect(round.get()).toMatchObject({ problem: 'This quiz is over.', quiz: { state: 'finished' } });
    expect(localStorage).toHaveLength(0);
  });
});

describe('without a network', () => {
  test('an answer is kept, told about, and sent again with the same number', async () => {
    const server = new Server(quizOf([asked('a'), asked('b')]));
    const round = await begun(server);
    server.isCut = true;
    round.save(round.item!, 'a-1');
    await waitFor(() => expect(round.get().isCut).toBe(true));
    expect(round.item!.answer).toBe('a-1');
    server.isCut = false;
    window.dispatchEvent(new Event('online'));
    await settled(round);
    expect(answers(server)).toEqual([{ item_id: 'a', answer: 'a-1', attempt: 1 }]);
    expect(round.get().isCut).toBe(false);
  });

  test('an answer whose confirmation was lost stays one attempt', async () => {
    const server = new Server(quizOf([typed('a')], { mode: 'practice' }));
    const round = await begun(server);
    server.losesReply = true;
    round.check(round.item!, 'osmosis');
    await waitFor(() => expect(round.get().isCut).toBe(true));
    window.dispatchEvent(new Event('online'));
    await settled(round);
    expect(answers(server)).toEqual([1, 1].map((attempt) => ({ item_id: 'a', answer: 'osmosis', attempt })));
    expect(server.quiz.items[0]!.attempts).toBe(1);
  });

  test('it tries again by itself, with growing pauses', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    vi.useFakeTimers();
    server.isCut = true;
    round.save(round.item!, 'a-1');
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 3900);
    server.isCut = false;
    expect(answers(server)).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.quiz.items[0]!.answer).toBe('a-1');
  });

  test('a page that is reloaded sends what the last one could not', async () => {
    const server = new Server(quizOf([asked('a')]));
    const lost = await begun(server);
    server.isCut = true;
    lost.save(lost.item!, 'a-2');
    await waitFor(() => expect(lost.get().isCut).toBe(true));
    server.isCut = false;
    const round = await begun(server);
    await waitFor(() => expect(server.quiz.items[0]!.answer).toBe('a-2'));
    await settled(round);
    expect(round.item!.answer).toBe('a-2');
    expect(localStorage).toHaveLength(0);
  });

  test('finishing waits for the answers before it', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    server.isCut = true;
    round.save(round.item!, 'a-1');
    round.finish();
    await waitFor(() => expect(round.get().isCut).toBe(true));
    server.isCut = false;
    window.dispatchEvent(new Event('online'));
    await settled(round);
    const posts = server.calls.filter(({ method }) => method === 'POST').map(({ address }) => address.split('/').at(-1));
    expect(posts).toEqual(['answers', 'finish']);
  });

  test('leaving the page sends at once what waits', async () => {
    const server = new Server(quizOf([asked('a'), asked('b')]));
    const round = await begun(server);
    server.on('POST answers', () => new Promise(() => undefined)); // nobody waits for a reply any more
    round.save(server.quiz.items[0]!, 'a-1');
    round.save(server.quiz.items[1]!, 'b-1');
    await waitFor(() => expect(answers(server)).toHaveLength(1));
    window.dispatchEvent(new Event('pagehide'));
    await waitFor(() => expect(answers(server)).toHaveLength(2));
  });
});

describe('a second click', () => {
  test.each<[string, (round: Round) => void, string]>([
    ['on Check', (round) => round.check(round.item!, 'a-1'), 'POST answers'],
    ['on Hint', (round) => void round.hint(round.item!), 'POST hint'],
    ['on Show the answer', (round) => round.reveal(round.item!), 'POST reveal'],
    ['on Another like this', (round) => void round.another(round.item!, 'same'), 'POST another'],
    ['on Finish now', (round) => round.finish(), 'POST finish'],
  ])('%s does nothing', async (_, click, what) => {
    const server = new Server(quizOf([asked('a')], { mode: 'practice' })).on('POST another', () => asked('b'));
    const round = await begun(server);
    click(round);
    click(round);
    await settled(round);
    expect(server.asked(what)).toHaveLength(1);
  });
});

describe('other windows', () => {
  test('hear of an answer, and the card hears of theirs', async () => {
    const server = new Server(quizOf([asked('a')]));
    const [here, there] = [await begun(server), await begun(server)];
    here.save(here.item!, 'a-1');
    await waitFor(() => expect(there.item!.answer).toBe('a-1'));
  });

  test('a change in the chat itself is read', async () => {
    const server = new Server(quizOf([asked('a')]));
    const round = await begun(server);
    server.change('a', { answer: 'a-0', attempts: 1 });
    window.postMessage('studyrag:quiz:q1', '*');
    await waitFor(() => expect(round.item!.answer).toBe('a-0'));
  });
});

test('a question on request becomes the one on screen', async () => {
  const server = new Server(quizOf([asked('a')], { mode: 'practice', explained: { a: feedback({ settled: true }) } }));
  server.on('POST another', () => {
    server.quiz = { ...server.quiz, items: [...server.quiz.items, asked('b')] };
    return asked('b');
  });
  const round = await begun(server);
  await round.another(round.item!, 'harder');
  expect(round.item!.id).toBe('b');
  expect(server.asked('POST another')[0]!.body).toEqual({ step: 'harder' });
});

test('what is no longer there says so', async () => {
  const round = new Round('q1', () => Promise.reject(new RequestError('There is no such quiz.', 404)));
  stops.push(round.watch());
  await waitFor(() => expect(round.get().isGone).toBe(true));
});

test('while it is written it is read again and again, and not afterwards', async () => {
  vi.useFakeTimers();
  const server = new Server(quizOf([], { state: 'writing', requested: 1 }));
  const round = new Round('q1', server.send);
  stops.push(round.watch());
  await vi.advanceTimersByTimeAsync(2000);
  server.quiz = quizOf([asked('a')]);
  await vi.advanceTimersByTimeAsync(1000);
  const read = server.calls.length;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(round.get().quiz!.items).toHaveLength(1);
  expect(server.calls).toHaveLength(read);
});
