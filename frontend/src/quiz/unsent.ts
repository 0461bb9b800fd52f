/** An answer on its way, by the number that makes sending it twice one attempt. */
export interface Answer {
  item_id: string;
  answer: string;
  attempt: number;
}

const key = (quizId: string): string => `studyrag:unsent:${quizId}`;

/** The answers of a quiz that this browser has not got through yet, in order; they outlive a reload. */
export function unsent(quizId: string): Answer[] {
  const text = localStorage.getItem(key(quizId));
  return text ? JSON.parse(text) as Answer[] : [];
}

const write = (quizId: string, answers: Answer[]) => {
  if (answers.length) localStorage.setItem(key(quizId), JSON.stringify(answers));
  else localStorage.removeItem(key(quizId));
};

const isSame = (one: Answer, other: Answer) => one.item_id === other.item_id && one.attempt === other.attempt;

export const keep = (quizId: string, answer: Answer) => write(quizId, [...unsent(quizId).filter((one) => !isSame(one, answer)), answer]);

export const drop = (quizId: string, answer: Answer) => write(quizId, unsent(quizId).filter((one) => !isSame(one, answer)));
