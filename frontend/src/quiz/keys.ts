import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import type { Round } from './round';
import type { Quiz } from './state';

const NEW_MS = 30_000;
const FIELD = /^(INPUT|TEXTAREA)$/;
const HEADROOM = 64;
const COMFORT = 0.7;

const isField = (element: Element | null): boolean => FIELD.test(element?.tagName ?? '');

// On a phone a field that takes the focus brings up the keyboard, which covers half of the question: only who is typing keeps it.
const isKeyboardWelcome = () => !matchMedia('(pointer: coarse)').matches || isField(document.activeElement);

const sectionOf = (heading: RefObject<HTMLElement>) => heading.current?.closest('section') ?? null;

/** Puts the focus where the next key belongs: into the field of an answer that is typed, else on the question. */
function focusOn(heading: RefObject<HTMLElement>) {
  const field = isKeyboardWelcome() ? sectionOf(heading)?.querySelector<HTMLElement>('.study-typed input, .study-typed textarea') : null;
  (field ?? heading.current)?.focus({ preventScroll: true });
}

/** Follows the question on screen: whoever moves to another one finds it in view and can type at once. */
function useFollowing(heading: RefObject<HTMLElement>, itemId: string) {
  const shown = useRef(itemId);
  useEffect(() => {
    if (shown.current === itemId) return;
    shown.current = itemId;
    focusOn(heading);
    const place = heading.current?.getBoundingClientRect();
    if (place && (place.top < HEADROOM || place.bottom > window.innerHeight * COMFORT)) sectionOf(heading)?.scrollIntoView({ block: 'start' });
  }, [heading, itemId]);
}

const begun = new Set<string>();

/** A round that has just begun takes the keys; an old one in the same chat does not. */
function useBeginning(heading: RefObject<HTMLElement>, { id, created_at: created }: Quiz) {
  useEffect(() => {
    if (begun.has(id) || Date.now() - Date.parse(created) > NEW_MS) return;
    begun.add(id);
    focusOn(heading);
    sectionOf(heading)?.scrollIntoView({ block: 'nearest' });
  }, [heading, id, created]);
}

/** A button that goes or is shut loses the focus, and with it the keys: then the question takes it. */
function useKeptFocus(heading: RefObject<HTMLElement>) {
  const isHere = useRef(false);
  useEffect(() => {
    const moved = ({ target }: Event) => { isHere.current = !!sectionOf(heading)?.contains(target as Node); };
    document.addEventListener('pointerdown', moved, true);
    document.addEventListener('focusin', moved, true);
    return () => {
      document.removeEventListener('pointerdown', moved, true);
      document.removeEventListener('focusin', moved, true);
    };
  }, [heading]);
  useEffect(() => {
    const focused = document.activeElement;
    if (isHere.current && (focused === document.body || (focused instanceof HTMLButtonElement && focused.disabled))) focusOn(heading);
  });
}

interface Acts {
  round: Round;
  at: number;
  choose: (option: string) => void;
  enter: () => void;
}

/** Choose the option under a figure. Enter belongs to what has the focus: not to another option than the one chosen. */
function chosen(event: KeyboardEvent<HTMLElement>, { round, choose }: Acts): boolean {
  const option = round.item?.options[Number(event.key) - 1];
  if (!option) return false;
  choose(option.id);
  const target = event.target as Element;
  if (target.closest('.study-option')) event.currentTarget.querySelector<HTMLElement>(`[data-option="${option.id}"]`)?.focus();
  return true;
}

function moved({ key }: KeyboardEvent, { round, at }: Acts): boolean {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step) round.go(at + step);
  return !!step;
}

function entered(event: KeyboardEvent, { enter }: Acts): boolean {
  const control = (event.target as Element).closest('button, a');
  if (event.key !== 'Enter' || (control && control.getAttribute('aria-checked') !== 'true')) return false;
  enter();
  return true;
}

/** The keys of a round: figures choose, arrows move, Enter goes on. In a field they belong to the text. */
const onKeyDown = (acts: Acts) => (event: KeyboardEvent<HTMLElement>) => {
  if (isField(event.target as Element) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (chosen(event, acts) || moved(event, acts) || entered(event, acts)) event.preventDefault();
};

/** Focus and keys of a round's card: a reference for the question's heading, and the handler for its section. */
export function useKeys(quiz: Quiz, itemId: string, acts: Acts) {
  const heading = useRef<HTMLHeadingElement>(null);
  useFollowing(heading, itemId);
  useBeginning(heading, quiz);
  useKeptFocus(heading);
  return { heading, onKeyDown: onKeyDown(acts) };
}
