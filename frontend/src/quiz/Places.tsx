import { Flag } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { AskedOut } from '../shared/schema';
import { heardOf, isAnswered, type Quiz } from './state';
import { OUTCOMES } from './verdicts';

const outcomeOf = (quiz: Quiz, item: AskedOut) => {
  const heard = heardOf(quiz, item);
  return heard?.settled ? OUTCOMES[heard.verdict ?? 'none'] : null;
};

/** A question's state in a word and a class. */
function stateOf(quiz: Quiz, item: AskedOut): [string, string] {
  const outcome = outcomeOf(quiz, item);
  if (item.reported) return ['reported', 'is-reported'];
  if (outcome) return [outcome.name, `is-${outcome.tone}`];
  if (isAnswered(item)) return ['answered', 'is-answered'];
  return item.skipped ? ['skipped', 'is-skipped'] : ['open', ''];
}

interface PlaceProps {
  quiz: Quiz;
  item: AskedOut;
  at: number;
  isHere: boolean;
  go: (at: number) => void;
}

function Place({ quiz, item, at, isHere, go }: PlaceProps) {
  const [word, look] = stateOf(quiz, item);
  const outcome = outcomeOf(quiz, item);
  const says = item.flagged ? `${word}, flagged` : word;
  return (
    <button type="button" className={`study-place ${look}`} aria-current={isHere ? 'step' : undefined}
      aria-label={`Question ${at + 1}: ${says}`} title={says} onClick={() => go(at)}>
      {outcome ? <outcome.Icon aria-hidden="true" /> : at + 1}
      {item.flagged ? <Flag className="study-flagged" aria-hidden="true" /> : null}
    </button>
  );
}

/** Of a hundred, the present one is in view; the chat itself stays where it is. */
function useInView(at: number) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const place = list.current?.children[at];
    if (!list.current || !(place instanceof HTMLElement)) return;
    list.current.scrollTop = place.offsetTop - list.current.offsetTop - list.current.clientHeight / 2 + place.clientHeight / 2;
  }, [at]);
  return list;
}

/** All questions of the round as numbers, with those that are still to be written. */
export function Places({ quiz, at, go }: { quiz: Quiz; at: number; go: (at: number) => void }) {
  const { items, requested } = quiz;
  const list = useInView(at);
  const missing = quiz.state === 'writing' ? Math.max(0, requested - items.length) : 0;
  return (
    <ol className="study-places" aria-label="Questions" ref={list}>
      {items.map((item, i) => <li key={item.id}><Place quiz={quiz} item={item} at={i} isHere={i === at} go={go} /></li>)}
      {Array.from({ length: missing }, (_, i) => (
        <li key={`missing-${i}`} aria-hidden="true"><span className="study-place is-missing">{items.length + i + 1}</span></li>
      ))}
    </ol>
  );
}
