import { describe, expect, test } from 'vitest';
import { type Change, isDone, placeOf, reduce, type RoundState, START } from '../../src/quiz/state';
import { asked, feedback, quizOf } from '../support/server';

const after = (...changes: Change[]): RoundState => changes.reduce(reduce, START);
const read = (quiz = quizOf([asked('a'), asked('b')])): Change => ({ type: 'read', quiz, report: null, at: 5 });

describe('reading', () => {
  test('begins at the question that the server names', () => {
    expect(after(read(quizOf([asked('a'), asked('b')], { current: 1 }))).place).toBe('b');
  });

  test('begins at the last where all are done', () => {
    expect(after(read(quizOf([asked('a'), asked('b')], { current: 2 }))).place).toBe('b');
  });

  test('leaves the learner at the question that is on screen, wherever it has gone', () => {
    const state = after(read(), { type: 'moved', item: 'b' }, read(quizOf([asked('b'), asked('a')])));
    expect(placeOf(state)).toBe(0);
  });

  test('tells when it was, for the clock, and that the network is there', () => {
    const state = after({ type: 'cut', isCut: true }, read());
    expect(state).toMatchObject({ isCut: false, quiz: { read_at: 5 } });
  });
});

describe('what is not confirmed', () => {
  const did: Change = { type: 'did', item: 'a', done: { answer: 'a-1' } };

  test('lies over what is read', () => {
    expect(after(read(), did, read()).quiz!.items[0]!.answer).toBe('a-1');
    expect(after(did, read()).quiz!.items[0]!.answer).toBe('a-1');
  });

  test('adds up', () => {
    const state = after(read(), did, { type: 'did', item: 'a', done: { flagged: true } });
    expect(state.quiz!.items[0]).toMatchObject({ answer: 'a-1', flagged: true });
  });

  test('gives way once it is confirmed', () => {
    expect(after(read(), did, { type: 'confirmed' }, read()).quiz!.items[0]!.answer).toBeNull();
  });

  test('clears the problem of the last try', () => {
    expect(after(read(), { type: 'failed', problem: 'No.' }, did).problem).toBe('');
  });
});

test('whoever moves on is no longer asked whether to finish', () => {
  expect(after(read(), { type: 'ending', isEnding: true }, { type: 'moved', item: 'b' }).isEnding).toBe(false);
});

test('drafts and hints are kept by question', () => {
  const state = after({ type: 'drafted', item: 'a', text: 'os' }, { type: 'drafted', item: 'b', text: 'mi' }, { type: 'hinted', item: 'a', hint: 'Water.' });
  expect(state).toMatchObject({ drafts: { a: 'os', b: 'mi' }, hints: { a: 'Water.' } });
});

test.each<[string, boolean, Parameters<typeof quizOf>[1], Parameters<typeof asked>[1]]>([
  ['open', false, {}, {}],
  ['answered in a quiz', true, {}, { answer: 'a-1' }],
  ['reported', true, {}, { reported: true }],
  ['answered in practice, with another try', false, { mode: 'practice', explained: { a: feedback() } }, { answer: 'a-1' }],
  ['settled in practice', true, { mode: 'practice', explained: { a: feedback({ settled: true }) } }, { answer: 'a-1' }],
])('a question that is %s: done is %s', (_, done, more, item) => {
  const quiz = { ...quizOf([asked('a', item)], more), read_at: 0 };
  expect(isDone(quiz, quiz.items[0]!)).toBe(done);
});
