import { MarkedWords } from './marked';
import type { Part } from './part';
import { Typed } from './Typed';

export const open: Part = {
  Ask: (ask) => <Typed {...ask} label="Your answer, in a few sentences" isLong />,
  Marked: MarkedWords,
  isTyped: true,
  tag: '',
};
