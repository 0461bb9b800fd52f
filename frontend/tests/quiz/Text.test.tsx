import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Text } from '../../src/quiz/Text';

const formulas = (text: string): string[] => {
  const { container } = render(<Text>{text}</Text>);
  return [...container.querySelectorAll('.study-formula')].map((one) => `${one.classList.contains('is-display') ? 'display ' : ''}${one.textContent}`);
};

test.each<[string, string[]]>([
  ['$E = mc^2$ and \\(a\\)', ['$$E = mc^2$$', '$$a$$']],
  ['$$x\n y$$ then \\[z\\]', ['display $$x y$$', 'display $$z$$']],
  ['It costs $5 or $6, and 2 * 3 * 4 is snake_case_word', []],
  ['\\$x\\$ is escaped', []],
])('%s', (text, found) => expect(formulas(text)).toEqual(found));

test('the rest is shown as the book prints it', () => {
  expect(render(<Text>{'2 * 3 * 4, __init__, <b>'}</Text>).container.textContent).toBe('2 * 3 * 4, __init__, <b>');
});

test('a full stop stays beside its gap, and a number beside its “p.”', () => {
  const { container } = render(<Text>{'See p. 12: it is ____.'}</Text>);
  expect(container.querySelector('.study-kept')!.textContent).toBe('.');
  expect(container.textContent).toBe('See p.\u00a012: it is .');
});
