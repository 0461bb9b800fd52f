import { Button } from '../shared/Button';

export interface SuggestionsProps {
  questions: string[];
}

/** Questions that a click asks. */
export const Suggestions = ({ questions, say }: SuggestionsProps & { say: (question: string) => void }) => (
  <div className="study-suggestions">
    {questions.map((question) => <Button key={question} onClick={() => say(question)}>{question}</Button>)}
  </div>
);
