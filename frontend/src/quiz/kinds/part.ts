import type { ComponentType } from 'react';
import type { AskedOut, FeedbackOut, ResultOut } from '../../shared/schema';

/** What a question needs to be asked, and to be shown with what was said to its answer. */
export interface AskProps {
  item: Pick<AskedOut, 'id' | 'options' | 'answer'>;
  /** The answer as it stands in the card. */
  value: string;
  heard?: FeedbackOut;
  isLocked?: boolean;
  change: (value: string) => void;
  /** The learner is done with this answer. */
  submit: () => void;
  /** The learner goes elsewhere without saying so. */
  leave?: () => void;
  enterKey?: 'next' | 'done';
}

/** What a card knows of a kind of question. */
export interface Part {
  Ask: ComponentType<AskProps>;
  /** Answer and key in the report. */
  Marked: ComponentType<{ item: ResultOut }>;
  /** Typed answers are drafts until they are sent; a choice is an answer at once. */
  isTyped: boolean;
  /** What is said above the question. */
  tag: string;
}
