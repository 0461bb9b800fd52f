import { MarkedOptions } from './marked';
import { Options } from './Options';
import type { Part } from './part';

export const trueFalse: Part = {
  Ask: (ask) => <Options {...ask} explains={false} />,
  Marked: ({ item }) => <MarkedOptions item={item} explains={false} />,
  isTyped: false,
  tag: 'True or false?',
};
