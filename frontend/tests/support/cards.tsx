import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RoundCard } from '../../src/quiz/QuizCard';
import { Round } from '../../src/quiz/round';
import type { Server } from './server';

let shown = 0;

/** The card of the server's quiz, once it is there; what it says to the chat is written down. */
export async function show(server: Server) {
  const said: string[] = [];
  const round = new Round(server.quiz.id, server.send);
  shown += 1;
  render(<RoundCard key={shown} round={round} say={(text) => said.push(text)} />);
  await screen.findByRole('region');
  return { round, said, user: userEvent.setup() };
}

export const stem = () => screen.getByRole('heading', { level: 3 });
export const button = (name: string | RegExp) => screen.getByRole('button', { name });
