import { MarkedWords } from './marked';
import type { Part } from './part';
import { Typed } from './Typed';

export const gap: Part = {
  Ask: (ask) => <Typed {...ask} label="What belongs in the gap?" />,
  Marked: MarkedWords,
  isTyped: true,
  tag: '',
};
