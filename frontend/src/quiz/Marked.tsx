import { useKept } from '../shared/kept';
import type { MarkOut, ResultOut } from '../shared/schema';
import { PARTS } from './kinds';
import { Pages } from './Pages';
import { Challenge, ReportBad } from './Remark';
import type { Round } from './round';
import { Text } from './Text';
import { OUTCOMES, Verdict } from './verdicts';

const Marks = ({ marks }: { marks: MarkOut[] }) => (
  <ol className="study-marks">
    {marks.map(({ verdict, explanation }, i) => <li key={i}>{i ? 'Marked again' : 'First mark'}: {OUTCOMES[verdict].name}. {explanation}</li>)}
  </ol>
);

interface Props {
  item: ResultOut;
  at: number;
  round: Round;
  isBusy: boolean;
}

const Inside = ({ item, round, isBusy }: Props) => {
  const { Marked: Answer } = PARTS[item.kind];
  const about = { round, item, isBusy };
  return (
    <div className="study-inside">
      <Answer item={item} />
      <p><Text>{item.explanation}</Text></p>
      <div aria-live="polite">{item.marks.length > 1 ? <Marks marks={item.marks} /> : null}</div>
      <Pages evidence={item.evidence} said={item.explanation} />
      <div className="study-row study-foot">
        {item.answer && item.verdict !== 'correct' ? <Challenge {...about} isListed /> : null}
        <ReportBad {...about} isReported={item.reported} />
      </div>
    </div>
  );
};

/** A question of the report; unfolded it tells everything that was held back. */
export function Marked(props: Props) {
  const { item, at, round } = props;
  const [isOpen, setOpen] = useKept(`open:${round.id}:${item.id}`, false);
  return (
    <details className="study-marked" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Verdict outcome={item.outcome} />
        <span className="study-asked" id={`study-stem-${item.id}`}>{at + 1}. <Text>{item.stem}</Text></span>
      </summary>
      <Inside {...props} />
    </details>
  );
}
