import { Repeat } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Button, Problem } from '../shared/Button';
import { request, type Send, told } from '../shared/request';
import type { DueReply, LeechOut, Topics as KnownTopics, WeakTopic } from '../shared/schema';
import { soon } from '../shared/words';
import { Note } from './Note';
import { Pages } from './Pages';
import { Text } from './Text';
import { Topics } from './Topics';

const PAUSE_MS = 500;

/** Semester, subject and books to look in, by the names of the API; none: everywhere. */
export type Scope = Record<string, string | string[]>;

function queryOf(scope: Scope): string {
  return new URLSearchParams(Object.entries(scope).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))).toString();
}

/** What is due, read again whenever something was answered, here or in another tab. */
function useDue(query: string, send: Send) {
  const [found, setFound] = useState<DueReply | null>(null);
  const [topics, setTopics] = useState<WeakTopic[]>([]);
  const [problem, setProblem] = useState('');
  const read = useCallback(async () => {
    try {
      setFound(await send<DueReply>(`/api/review/due?${query}`));
      setTopics((await send<KnownTopics>(`/api/review/topics?${query}`)).topics);
      setProblem('');
    } catch (error) {
      setProblem(told(error));
    }
  }, [query, send]);
  useEffect(() => {
    const changes = new BroadcastChannel('studyrag');
    let soonest: ReturnType<typeof setTimeout> | undefined;
    const later = () => { clearTimeout(soonest); soonest = setTimeout(() => void read(), PAUSE_MS); };
    const again = () => { if (!document.hidden) void read(); };
    changes.addEventListener('message', later);
    document.addEventListener('visibilitychange', again);
    void read();
    return () => {
      clearTimeout(soonest);
      changes.close();
      document.removeEventListener('visibilitychange', again);
    };
  }, [read]);
  const takeUp = ({ id, due }: LeechOut) => send(`/api/review/${id}`, 'POST', { rating: 'again', due }).then(read, (error: unknown) => setProblem(told(error)));
  return { found, topics, problem, takeUp };
}

function Books({ due }: { due: DueReply['due'] }) {
  const byBook = new Map<string, number>();
  for (const { book } of due) byBook.set(book, (byBook.get(book) ?? 0) + 1);
  if (byBook.size < 2) return null;
  return <p className="study-small">{[...byBook].map(([book, n]) => `${book}: ${n}`).join(' · ')}</p>;
}

const nextIn = ({ next_due: next }: DueReply): string => (
  next ? `The next one comes back ${soon(next)}.`
    : 'Answer some questions first: what you answer comes back here just before you would forget it.'
);

const Now = ({ found, say }: { found: DueReply; say: (text: string) => void }) => (found.count ? (
  <div className="study-row"><Button look="primary" Icon={Repeat} onClick={() => say('Repeat what is due')}>Start the review</Button></div>
) : (
  <>
    <p className="study-small">{nextIn(found)}</p>
    <div className="study-row"><Button onClick={() => say('Practice with me')}>Practice something new</Button></div>
  </>
));

const Leeches = ({ leeches, takeUp }: { leeches: LeechOut[]; takeUp: (item: LeechOut) => Promise<void> }) => (
  <div className="study-leeches">
    <h4>Set aside: read these pages first</h4>
    {leeches.map((item) => (
      <div key={item.id} className="study-leech">
        <p><Text>{item.stem}</Text> <span className="study-small">forgotten {item.lapses} times</span></p>
        <div className="study-row">
          <Pages evidence={item.evidence} /><Button onClick={() => void takeUp(item)}>I have read it: ask me again</Button>
        </div>
      </div>
    ))}
  </div>
);

interface Props {
  scope: Scope;
  say: (text: string) => void;
  send?: Send;
}

/** What is due today, what is known least, and what was set aside. */
export function Review({ scope, say, send = request }: Props) {
  const { found, topics, problem, takeUp } = useDue(queryOf(scope), send);
  if (!found) return <Note isProblem={!!problem}>{problem || 'Looking what is due…'}</Note>;
  const weak = topics.filter(({ score }) => score < 1).map((one) => ({ ...one, total: one.answers }));
  return (
    <section className="study-card study-quiz study-review" aria-label="Review">
      <div className="study-head"><span className="study-name">Review</span><span className="study-state">{found.scope_label}</span></div>
      <p className="study-score" role="status">
        <strong>{found.count}</strong><span>{found.count === 1 ? 'question is due today' : 'questions are due today'}</span>
      </p>
      <Books due={found.due} />
      <Now found={found} say={say} />
      {weak.length ? <Topics topics={weak} id="review" caption="What you know least" /> : null}
      {found.leeches.length ? <Leeches leeches={found.leeches} takeUp={takeUp} /> : null}
      <Problem>{problem}</Problem>
    </section>
  );
}
