import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Sources, type SourcesProps } from '../../src/chat/Sources';

const LONG = 'A very long title about the harbour '.repeat(8);
const cited = (n: number, more = {}) => ({ n, book: 'Biology', page: 'p. 3', quote: 'Water moves by osmosis.', removed: false, ...more });
const PASSAGE = { document_id: 'd', page_index: 3, start: 1, end: 9, book: 'Biology', page: 'p. 3', section: 'Cells', score: 0.8, text: 'Water.' };
const PROPS: SourcesProps = {
  thread_id: 't1', sources: [cited(1)], notices: [], scope: 'Biology', model: 'built-in tutor', confidence: 'well supported by your books',
  found: { question: 'What is osmosis?', scope: '', milliseconds: 1234, passages: [PASSAGE] },
};

test('a source leads to its quote', () => {
  render(<Sources {...PROPS} sources={[cited(1), cited(2, { quote: `${'water '.repeat(30)}` })]} />);
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['/cite/t1/1', '/cite/t1/2']);
  expect(screen.getAllByText(/^“water/)[0]!.textContent.length).toBeLessThan(65);
});

test('a source that was removed leads nowhere and says so', () => {
  render(<Sources {...PROPS} sources={[cited(1, { removed: true })]} />);
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByText('source removed')).toBeInTheDocument();
});

test('a long title gives way and the page never does', () => {
  render(<Sources {...PROPS} sources={[cited(1, { book: LONG })]} />);
  expect(screen.getByText(`${LONG.trim()} ,`).parentElement).toHaveTextContent(/, p\. 3$/);
});

test('how it was found unfolds, and stays so when one comes back', async () => {
  const { unmount } = render(<Sources {...PROPS} />);
  const how = screen.getByRole('button', { name: 'How was this found?' });
  expect(how).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(how);
  expect(screen.getByText('1.23 s, answered by built-in tutor')).toBeInTheDocument();
  expect(screen.getByText('all your books')).toBeInTheDocument();
  unmount();
  render(<Sources {...PROPS} />);
  expect(screen.getByRole('button', { name: 'How was this found?' })).toHaveAttribute('aria-expanded', 'true');
});

test('a line without a search says who answered', () => {
  render(<Sources {...PROPS} thread_id="t2" sources={[]} notices={['Chroma is away.']} scope="" confidence="" found={null} />);
  expect(screen.getByText('built-in tutor')).toBeInTheDocument();
  expect(screen.getByText('Chroma is away.')).toBeInTheDocument();
  expect(screen.queryByRole('list')).toBeNull();
});
