import { MarkedWords } from './marked';
import type { Part } from './part';
import { Typed } from './Typed';

export const shortAnswer: Part = {
  Ask: (ask) => <Typed {...ask} label="Your answer" />,
  Marked: MarkedWords,
  isTyped: true,
  tag: '',
};
