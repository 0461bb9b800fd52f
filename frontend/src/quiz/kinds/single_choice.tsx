import { MarkedOptions } from './marked';
import { Options } from './Options';
import type { Part } from './part';

export const singleChoice: Part = {
  Ask: (ask) => <Options {...ask} explains={true} />,
  Marked: ({ item }) => <MarkedOptions item={item} explains={true} />,
  isTyped: false,
  tag: '',
};
