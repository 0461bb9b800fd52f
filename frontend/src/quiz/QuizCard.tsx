import { First, Note } from './Note';
import { Practice as PracticeView } from './Practice';
import { Quiz as QuizView } from './Quiz';
import { Report } from './Report';
import { Review, type Scope } from './Review';
import { type Round, roundOf } from './round';
import { placeOf, type Quiz, type RoundState } from './state';
import { useRound } from './view';

export type QuizCardProps = { mode: 'review'; scope?: Scope } | { mode: 'quiz' | 'practice'; quiz_id: string };
type Say = (text: string) => void;

const isBeginning = ({ state, items }: Quiz) => state === 'writing' && !items.length;
const ABSENT = 'There is no connection to StudyRAG right now.';

const unread = ({ isCut, problem }: Pick<RoundState, 'isCut' | 'problem'>) => problem || (isCut ? ABSENT : 'Opening the questions…');

/** The sentence of a card that has no question to show; none if it has one. */
function noteOf({ quiz, report, isGone, isCut, problem }: RoundState): string {
  if (isGone) return 'These questions are no longer here.';
  if (!quiz) return unread({ isCut, problem });
  if (!quiz.items.length) return quiz.reason ?? 'There is no question here.';
  return quiz.state === 'finished' && !report ? problem || 'Marking…' : '';
}

function Shown({ round, state, quiz, say }: { round: Round; state: RoundState; quiz: Quiz; say: Say }) {
  const at = placeOf(state);
  const View = quiz.mode === 'practice' ? PracticeView : QuizView;
  if (state.report) return <Report round={round} state={state} quiz={quiz} report={state.report} say={say} />;
  return <View round={round} state={state} quiz={quiz} item={quiz.items[at]!} at={at} />;
}

/** One round in whichever state it is. */
export function RoundCard({ round, say }: { round: Round; say: Say }) {
  const state = useRound(round);
  const { quiz } = state;
  if (quiz && isBeginning(quiz)) return <First round={round} state={state} />;
  const note = noteOf(state);
  return quiz && !note ? <Shown round={round} state={state} quiz={quiz} say={say} /> : <Note isProblem={note === state.problem}>{note}</Note>;
}

/** The card of a quiz, a practice round or the review: it knows an id or a scope, and reads all else from the API. */
export function QuizCard({ say, ...card }: QuizCardProps & { say: Say }) {
  return card.mode === 'review' ? <Review scope={card.scope ?? {}} say={say} /> : <RoundCard round={roundOf(card.quiz_id)} say={say} />;
}
