import { type FormEvent, useState } from 'react';
import { Button } from '../shared/Button';
import { takeFocus } from '../shared/focus';

interface Props {
  name: string;
  onSubmit: (name: string) => void;
  onCancel: () => void;
}

/** A line for a new name. */
export function Rename({ name, onSubmit, onCancel }: Props) {
  const [text, setText] = useState(name);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(text.trim());
  };
  return (
    <form className="study-form study-row" onSubmit={send}>
      <input ref={takeFocus} aria-label={`New name for ${name}`} value={text} maxLength={200} required
        onChange={(event) => setText(event.target.value)} />
      <Button type="submit" look="primary">Rename</Button>
      <Button onClick={onCancel}>Cancel</Button>
    </form>
  );
}
