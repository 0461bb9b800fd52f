import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { button, show, stem } from '../support/cards';
import { asked, quizOf, Server, typed } from '../support/server';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const NEW = { created_at: new Date().toISOString() };
const saved = (server: Server) => server.asked('POST answers').map(({ body }) => body);

describe('with the keyboard', () => {
  test('a figure chooses, Enter goes on, the arrows move', async () => {
    const server = new Server(quizOf([asked('a'), asked('b')]));
    const { user } = await show(server);
    stem().focus();
    await user.keyboard('2');
    expect(screen.getAllByRole('radio')[1]).toBeChecked();
    await user.keyboard('{Enter}');
    expect(stem()).toHaveTextContent('What is b?');
    expect(stem()).toHaveFocus();
    await user.keyboard('{ArrowLeft}');
    expect(stem()).toHaveTextContent('What is a?');
    await waitFor(() => expect(saved(server)).toEqual([{ item_id: 'a', answer: 'a-1', attempt: 1 }]));
  });

  test('Enter after a figure keeps the option that was chosen, not the one in focus', async () => {
    const { user } = await show(new Server(quizOf([asked('a'), asked('b')])));
    await user.click(screen.getAllByRole('radio')[2]!);
    await user.keyboard('1{Enter}{ArrowLeft}');
    expect(screen.getAllByRole('radio')[0]).toBeChecked();
  });

  test('the arrows up and down go around the options, of which one is in the order of focus', async () => {
    const { user } = await show(new Server(quizOf([asked('a')])));
    const options = screen.getAllByRole('radio');
    options[0]!.focus();
    await user.keyboard('{ArrowUp}');
    expect(options[2]).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    expect(options[0]).toHaveFocus();
    expect(options.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
  });

  test('in a field figures and arrows belong to the text, and Enter sends it', async () => {
    const server = new Server(quizOf([typed('a'), asked('b')]));
    const { user } = await show(server);
    await user.type(screen.getByRole('textbox'), '12{ArrowLeft}3{Enter}');
    expect(stem()).toHaveTextContent('What is b?');
    await waitFor(() => expect(saved(server)).toEqual([{ item_id: 'a', answer: '132', attempt: 1 }]));
  });

  test('with Control, Alt or Command the keys are the browser’s', async () => {
    const { user } = await show(new Server(quizOf([asked('a')])));
    stem().focus();
    await user.keyboard('{Control>}1{/Control}');
    expect(screen.getAllByRole('radio')[0]).not.toBeChecked();
  });
});

describe('focus', () => {
  test('a round that has just begun takes the keys', async () => {
    await show(new Server(quizOf([asked('a')], { id: 'new', ...NEW })));
    expect(stem()).toHaveFocus();
  });

  test('an old one does not', async () => {
    await show(new Server(quizOf([asked('a')])));
    expect(document.body).toHaveFocus();
  });

  test('a question that is answered by typing has it in its field', async () => {
    const { user } = await show(new Server(quizOf([asked('a'), typed('b')])));
    await user.click(button('Next'));
    expect(screen.getByRole('textbox')).toHaveFocus();
  });

  test('on a phone it has not, for the keyboard would cover the question', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    const { user } = await show(new Server(quizOf([asked('a'), typed('b')])));
    await user.click(button('Next'));
    expect(stem()).toHaveFocus();
  });

  test('a button that goes leaves it to what follows', async () => {
    const { user } = await show(new Server(quizOf([asked('a')])));
    await user.click(button('Finish'));
    expect(button('Finish now')).toHaveFocus();
    await user.click(button('Go back'));
    expect(stem()).toHaveFocus();
  });
});

describe('an answer that is typed', () => {
  test('is kept on leaving the field', async () => {
    const server = new Server(quizOf([typed('a')]));
    const { user } = await show(server);
    await user.type(screen.getByRole('textbox'), 'osmosis');
    await user.tab();
    await waitFor(() => expect(saved(server)).toEqual([{ item_id: 'a', answer: 'osmosis', attempt: 1 }]));
  });

  test('is a draft until then, and is there on coming back', async () => {
    const server = new Server(quizOf([typed('a', { kind: 'open' }), asked('b')]));
    const { user } = await show(server);
    await user.type(screen.getByRole('textbox'), 'water{Enter}moves');
    expect(saved(server)).toHaveLength(0);
    fireEvent.click(button('Question 2: open'));
    fireEvent.click(button(/^Question 1/));
    expect(screen.getByRole('textbox')).toHaveValue('water\nmoves');
  });
});

describe('what is on screen', () => {
  test('says where each question stands', async () => {
    const items = [asked('a', { answer: 'a-0' }), asked('b', { flagged: true }), asked('c', { skipped: true }), asked('d', { reported: true })];
    await show(new Server(quizOf(items, { current: 1 })));
    const places = within(screen.getByRole('list', { name: 'Questions' })).getAllByRole('button').map((place) => place.getAttribute('aria-label'));
    expect(places).toEqual(['Question 1: answered', 'Question 2: open, flagged', 'Question 3: skipped', 'Question 4: reported']);
    expect(button('Question 2: open, flagged')).toHaveAttribute('aria-current', 'step');
    expect(screen.getByRole('progressbar', { name: '2 of 4 answered' })).toBeInTheDocument();
  });

  test('names the group of options by the question, formulas and gaps included', async () => {
    await show(new Server(quizOf([asked('a', { stem: 'With $E = mc^2$, the ____. is p. 12' })])));
    expect(screen.getByRole('radiogroup')).toHaveAccessibleName(/With .*E = mc.* the blank/);
    expect(screen.getByRole('img', { name: 'blank' })).toBeInTheDocument();
    expect(stem()).toHaveTextContent('p. 12');
    expect(stem().textContent).toContain('p.\u00a012');
  });

  test('long names give way and can be read whole', async () => {
    const topic = 'The diffusion of water across a semipermeable membrane '.repeat(6).trim();
    await show(new Server(quizOf([asked('a')], { topic })));
    expect(screen.getByText(`Quiz · ${topic}`)).toHaveAttribute('title', `Quiz · ${topic}`);
  });

  test('tells of a lost network, and of its end', async () => {
    const server = new Server(quizOf([asked('a')]));
    const { user } = await show(server);
    server.isCut = true;
    await user.click(screen.getAllByRole('radio')[0]!);
    expect(await screen.findByText(/No connection to StudyRAG/)).toHaveAttribute('role', 'status');
    server.isCut = false;
    act(() => { window.dispatchEvent(new Event('online')); });
    await waitFor(() => expect(screen.queryByText(/No connection/)).toBeNull());
    expect(screen.getAllByRole('radio')[0]).toBeChecked();
  });
});

describe('the end', () => {
  test('names what is open, and asks first', async () => {
    const server = new Server(quizOf([asked('a', { answer: 'a-0' }), asked('b'), asked('c')]));
    const { user } = await show(server);
    await user.click(button('Finish the quiz'));
    const sure = screen.getByRole('alertdialog', { name: 'Finish this quiz?' });
    expect(sure).toHaveTextContent('2 questions are still open (2, 3). Finish anyway?');
    await user.dblClick(button('Finish now'));
    expect(server.asked('POST finish')).toHaveLength(1);
  });

  test('a second question in Finish goes to the first open one', async () => {
    const { user } = await show(new Server(quizOf([asked('a', { answer: 'a-0' }), asked('b')])));
    await user.click(button('Finish the quiz'));
    await user.click(button('Go back'));
    expect(stem()).toHaveTextContent('What is b?');
  });
});

test('skip and flag are kept', async () => {
  const server = new Server(quizOf([asked('a'), asked('b')]));
  const { user } = await show(server);
  await user.click(button('Flag'));
  expect(button('Flagged')).toHaveAttribute('aria-pressed', 'true');
  await user.click(button('Skip'));
  await waitFor(() => expect(server.quiz.items[0]).toMatchObject({ flagged: true, skipped: true }));
  expect(stem()).toHaveTextContent('What is b?');
});

test('when the time is up what is typed still counts', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const server = new Server(quizOf([typed('a')], { seconds_left: 60 }));
  await show(server);
  expect(screen.getByRole('timer')).toHaveAccessibleName('1:00 left');
  expect(screen.getByText('Less than a minute left.')).toHaveAttribute('role', 'status');
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'osmosis' } });
  await act(() => vi.advanceTimersByTimeAsync(57_000));
  expect(saved(server)).toHaveLength(0);
  await act(() => vi.advanceTimersByTimeAsync(2_000));
  expect(saved(server)).toHaveLength(1);
});

test('a bad question is reported with a reason', async () => {
  const server = new Server(quizOf([asked('a')])).on('POST report', () => ({ message: 'Thank you.' }));
  const { user } = await show(server);
  await user.click(button('Report this question'));
  expect(screen.getByRole('textbox', { name: 'What is wrong with this question?' })).toHaveFocus();
  await user.keyboard('Two are right{Enter}');
  expect(await screen.findByText('Thank you.')).toBeInTheDocument();
  expect(server.asked('POST report')[0]!.body).toEqual({ reason: 'Two are right' });
});

test('while it is written it says how far, and can be stopped', async () => {
  const server = new Server(quizOf([asked('a')], { state: 'writing', requested: 3 }));
  const { user } = await show(server);
  expect(screen.getByText('Writing questions: 1 of 3 are ready.')).toBeInTheDocument();
  await user.click(button('Stop here'));
  expect(server.asked('POST stop')).toHaveLength(1);
});
