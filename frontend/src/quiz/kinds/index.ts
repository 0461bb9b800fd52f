import type { Kind } from '../../shared/schema';
import { gap } from './gap';
import { open } from './open';
import type { Part } from './part';
import { shortAnswer } from './short_answer';
import { singleChoice } from './single_choice';
import { trueFalse } from './true_false';

/** The part of the card for each kind of question: a new kind is one module here and one line. */
export const PARTS: Record<Kind, Part> = {
  single_choice: singleChoice, true_false: trueFalse, gap, short_answer: shortAnswer, open,
};
