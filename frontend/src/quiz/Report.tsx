import { Download, Repeat } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import { Button, Problem } from '../shared/Button';
import { useKept } from '../shared/kept';
import type { Outcome, ReportOut, ResultOut } from '../shared/schema';
import { count } from '../shared/words';
import { Name } from './Head';
import { Marked } from './Marked';
import type { Round } from './round';
import type { Quiz, RoundState } from './state';
import { Topics } from './Topics';
import { OUTCOMES, Verdict } from './verdicts';

const FORMATS = {
  anki: ['Anki', 'Flash cards for Anki'],
  pdf: ['PDF', 'To print, with the answers on a page of their own'],
  markdown: ['Markdown', 'Text, with the answers at the end'],
  csv: ['CSV', 'A table for a spreadsheet'],
  moodle: ['Moodle', 'Moodle XML, for a question bank'],
  gift: ['GIFT', 'GIFT, for Moodle and other course systems'],
};
const NAMES = {
  quiz: { round: 'Quiz', without: '', again: 'Quiz me' },
  practice: { round: 'Practice', without: ' without help', again: 'Practice with me' },
};

interface Props {
  round: Round;
  state: RoundState;
  quiz: Quiz;
  report: ReportOut;
  say: (text: string) => void;
}

/** How many of each outcome, in words and signs. */
const Tally = ({ outcomes }: Pick<ReportOut, 'outcomes'>) => (
  <ul className="study-tally" aria-label="Answers">
    {(Object.keys(OUTCOMES) as Outcome[]).filter((outcome) => outcomes[outcome]).map((outcome) => (
      <li key={outcome}><Verdict outcome={outcome}>{`${outcomes[outcome]} ${OUTCOMES[outcome].name.toLowerCase()}`}</Verdict></li>
    ))}
  </ul>
);

function Score({ report, score }: { report: ReportOut; score: RefObject<HTMLParagraphElement> }) {
  const { total, correct, mode } = report;
  return (
    <p className="study-score" ref={score} tabIndex={-1}>
      <strong>{total ? `${Math.round(100 * report.score)} %` : '–'}</strong>
      <span>{total ? `${correct} of ${total} right${NAMES[mode].without}` : 'Nothing was answered that counts.'}</span>
    </p>
  );
}

/** The score of a round that was ended just now takes the focus. */
function useArrival({ round, state: { hasEnded, isLate } }: Props) {
  const score = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (!hasEnded && !isLate) return;
    score.current?.focus({ preventScroll: true });
    score.current?.closest('section')?.scrollIntoView({ block: 'start' });
    round.change({ type: 'seen' });
  }, []); // eslint-disable-line react-hooks/exhaustive-deps -- on arrival, and not when something changes later
  return score;
}

const Notices = ({ state, quiz }: Props) => (
  <>
    {state.isLate ? <p className="study-notice">Time is up. What you had answered by then was marked.</p> : null}
    {quiz.reason ? <p className="study-notice">{quiz.reason}</p> : null}
  </>
);

const Exports = ({ id }: { id: string }) => (
  <div className="study-row study-exports" role="group" aria-label="Take it away">
    <span className="study-small"><Download aria-hidden="true" /> Take it away:</span>
    {Object.entries(FORMATS).map(([format, [name, what]]) => (
      <a key={format} className="study-button" title={what} download href={`/api/quizzes/${id}/export?format=${format}`}>{name}</a>
    ))}
  </div>
);

function Questions({ round, state, report, missed }: Props & { missed: ResultOut[] }) {
  const [isOnly, setOnly] = useKept(`only:${round.id}`, false);
  return (
    <>
      <div className="study-head study-questions">
        <h4>Questions</h4>
        {missed.length && missed.length < report.items.length ? (
          <label className="study-only">
            <input type="checkbox" checked={isOnly} onChange={(event) => setOnly(event.target.checked)} /> Only what was not right
          </label>
        ) : null}
      </div>
      {(isOnly ? missed : report.items).map((item) => (
        <Marked key={item.id} item={item} at={report.items.indexOf(item)} round={round} isBusy={state.isBusy} />
      ))}
    </>
  );
}

/** How a round went, question by question, and what to do next. */
export function Report(props: Props) {
  const { quiz, report, state, say } = props;
  const { round, again } = NAMES[quiz.mode];
  const missed = report.items.filter((item) => item.missed);
  const score = useArrival(props);
  return (
    <section className="study-card study-quiz study-report" aria-label={`${round} report`}>
      <div className="study-head">
        <Name>{quiz.topic ? `${round} finished · ${quiz.topic}` : `${round} finished`}</Name>
        <span className="study-state" title={quiz.scope_label}>{quiz.scope_label}</span>
      </div>
      <Score report={report} score={score} />
      {report.total > 1 ? <Tally outcomes={report.outcomes} /> : null}
      <Notices {...props} />
      {report.by_topic.length ? <Topics topics={report.by_topic} id={quiz.id} caption="Score by topic" /> : null}
      <div className="study-row study-moves">
        {missed.length ? <Button look="primary" Icon={Repeat} onClick={() => say('Repeat my mistakes')}>Repeat my mistakes</Button> : null}
        <Button onClick={() => say(`${again}${quiz.topic ? ` on ${quiz.topic}` : ''}, ${count(quiz.requested, 'question')}`)}>New questions</Button>
      </div>
      <Questions {...props} missed={missed} />
      <Problem>{state.problem}</Problem>
      <Exports id={quiz.id} />
    </section>
  );
}
