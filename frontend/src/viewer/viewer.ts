import { Sheet } from './sheet';

const FOOT_PX = 60;

function isInView({ top, bottom, left, right }: DOMRect): boolean {
  const bar = document.querySelector<HTMLElement>('.bar')?.offsetHeight ?? 0;
  return top > bar && bottom < innerHeight - FOOT_PX && left >= 0 && right <= innerWidth;
}

function bring(element: Element | null): void {
  if (!element?.getClientRects().length || isInView(element.getBoundingClientRect())) return;
  element.scrollIntoView({ block: 'center', inline: 'center' });
}

/** Bring the marked passage into view, on the image and in the text. */
function toMark(): void {
  bring(document.querySelector('.marks rect'));
  bring(document.getElementById('mark'));
}

const TABS = { page: 'show-page', text: 'show-text' };

function show(name: string): void {
  document.body.classList.toggle('reading', name === 'text');
  for (const [tab, id] of Object.entries(TABS)) document.getElementById(id)?.setAttribute('aria-pressed', String(tab === name));
  toMark();
}

function withImage(image: HTMLImageElement): void {
  for (const [tab, id] of Object.entries(TABS)) document.getElementById(id)?.addEventListener('click', () => show(tab));
  new Sheet(image).listen(toMark, () => show('text'));
}

const KEYS: Record<string, string> = { ArrowLeft: 'previous', ArrowRight: 'next' };

const isShortcut = (event: KeyboardEvent): boolean => event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;

function press(event: KeyboardEvent): void {
  if (isShortcut(event)) return;
  if (event.key === 'Escape' && parent !== window) parent.postMessage('studyrag:close', location.origin);
  document.getElementById(KEYS[event.key] ?? '')?.click();
}

const image = document.querySelector<HTMLImageElement>('#image');
if (image) withImage(image);
toMark();
addEventListener('keydown', press);
