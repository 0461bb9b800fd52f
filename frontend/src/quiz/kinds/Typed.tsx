import type { KeyboardEvent } from 'react';
import type { AskProps } from './part';

interface Props extends AskProps {
  label: string;
  isLong?: boolean;
}

// A line ends with Enter; a text of several lines with Ctrl or Command.
function sends(event: KeyboardEvent, isLong: boolean): boolean {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return false;
  return !isLong || event.ctrlKey || event.metaKey;
}

/** An answer that is typed. */
export function Typed({ item, value, isLocked, change, submit, leave, enterKey, label, isLong = false }: Props) {
  const field = {
    'aria-labelledby': `study-stem-${item.id} study-typed-${item.id}`,
    value,
    readOnly: isLocked,
    maxLength: 8000,
    autoComplete: 'off',
    autoCorrect: 'off',
    onChange: (event: { target: { value: string } }) => change(event.target.value),
    onBlur: leave,
    onKeyDown: (event: KeyboardEvent) => {
      if (!sends(event, isLong)) return;
      event.preventDefault();
      event.stopPropagation();
      submit();
    },
  };
  return (
    <label className="study-typed">
      <span id={`study-typed-${item.id}`}>{label}</span>
      {isLong ? <textarea rows={5} spellCheck {...field} /> : <input autoCapitalize="none" spellCheck={false} enterKeyHint={enterKey} {...field} />}
    </label>
  );
}
