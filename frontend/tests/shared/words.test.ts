import { expect, test } from 'vitest';
import { beginning, clock, count, soon } from '../../src/shared/words';

test.each([[1, '1 page'], [0, '0 pages'], [1200, '1,200 pages']])('%d', (n, words) => expect(count(n, 'page')).toBe(words));

test.each([[0, '0:00'], [65, '1:05'], [3600, '1:00:00'], [3725, '1:02:05']])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text));

test.each([
  ['2026-03-02T23:30', /^today at 23:30$/], ['2026-03-03T00:05', /^tomorrow at 00:05$/], ['2026-03-05T09:00', /^on Thursday,? 5 March$/],
  ['2026-03-01T09:00', /^today at 09:00$/],
])('%s is %s', (moment, text) => expect(soon(moment, new Date('2026-03-02T10:00'))).toMatch(text));

test('a long text gives its beginning, in one line', () => {
  expect(beginning('Water\n moves by osmosis', 12)).toBe('Water moves…');
  expect(beginning(' Water ', 12)).toBe('Water');
});
