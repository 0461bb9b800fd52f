import { useEffect, useSyncExternalStore } from 'react';
import type { AskedOut } from '../shared/schema';
import type { Round } from './round';
import type { Quiz, RoundState } from './state';

/** What the views of a round in progress share. */
export interface View {
  round: Round;
  state: RoundState;
  quiz: Quiz;
  item: AskedOut;
  at: number;
}

/** A round as it stands, kept true while the card is shown. */
export function useRound(round: Round): RoundState {
  useEffect(() => round.watch(), [round]);
  return useSyncExternalStore(round.subscribe, round.get);
}
