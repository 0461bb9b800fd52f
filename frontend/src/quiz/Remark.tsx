import { type FormEvent, useState } from 'react';
import { Button, Link } from '../shared/Button';
import { takeFocus } from '../shared/focus';
import type { Challenged } from '../shared/schema';
import type { Round } from './round';
import { OUTCOMES } from './verdicts';

interface Props {
  name: string;
  question: string;
  placeholder: string;
  submit: string;
  isBusy: boolean;
  send: (reason: string) => void;
}

/** A link that becomes a line to write in. */
function Remark({ name, question, placeholder, submit, isBusy, send }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setOpen(false);
    send(reason);
  };
  if (!isOpen) return <Link disabled={isBusy} onClick={() => setOpen(true)}>{name}</Link>;
  return (
    <form className="study-form study-row" onSubmit={onSubmit}>
      <input ref={takeFocus} aria-label={question} placeholder={placeholder} maxLength={1000} value={reason}
        onChange={(event) => setReason(event.target.value)} />
      <Button type="submit" disabled={isBusy}>{submit}</Button>
      <Button onClick={() => setOpen(false)}>Cancel</Button>
    </form>
  );
}

interface About {
  round: Round;
  item: { id: string };
  isBusy: boolean;
}

/** A bad question is told; it does not count then. */
export function ReportBad({ round, item, isBusy, isReported }: About & { isReported: boolean }) {
  const [thanks, setThanks] = useState('');
  const send = (reason: string) => void round.report(item, reason).then((done) => done && setThanks(done.message));
  if (thanks || isReported) return <span className="study-small" role="status">{thanks || 'Reported: it does not count.'}</span>;
  return (
    <Remark name="Report this question" question="What is wrong with this question?" placeholder="What is wrong with it? (optional)"
      submit="Report" isBusy={isBusy} send={send} />
  );
}

/** A mark is doubted; `isListed`: both marks are told elsewhere. */
export function Challenge({ round, item, isBusy, isListed = false }: About & { isListed?: boolean }) {
  const [told, setTold] = useState<Challenged | null>(null);
  const send = (reason: string) => void round.challenge(item, reason).then((done) => done && setTold(done));
  if (told && !isListed) {
    return <span className="study-small" role="status">Marked again: {OUTCOMES[told.again.verdict].name}. {told.again.explanation}</span>;
  }
  return (
    <Remark name="Challenge the mark" question="Why is your answer right?" placeholder="Why is your answer right? (optional)"
      submit="Mark again" isBusy={isBusy} send={send} />
  );
}
