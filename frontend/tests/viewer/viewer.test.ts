import { fireEvent } from '@testing-library/dom';
import { beforeEach, expect, test, vi } from 'vitest';

const PAGE = `
  <a id="previous" href="#1"></a><a id="next" href="#3"></a>
  <button id="show-page" aria-pressed="true"></button><button id="show-text" aria-pressed="false"></button>
  <section id="page"><figure class="sheet loading" id="sheet"><img id="image" alt=""><figcaption class="failed" hidden></figcaption></figure></section>
  <section id="text"><article><mark id="mark">Water</mark></article></section>`;

beforeEach(() => {
  document.body.className = '';
  vi.spyOn(HTMLImageElement.prototype, 'complete', 'get').mockReturnValue(false); // the image is still on its way
});

async function open(markup: string) {
  document.body.innerHTML = markup;
  vi.resetModules();
  await import('../../src/viewer/viewer');
}

const element = (id: string) => document.getElementById(id)!;
const drawn = () => fireEvent.load(element('image'));
const pressed = () => ['show-page', 'show-text'].map((id) => element(id).getAttribute('aria-pressed'));

test('a page that is drawn can be made larger', async () => {
  await open(PAGE);
  fireEvent.click(element('sheet'));
  expect(element('page')).not.toHaveClass('zoomed');
  drawn();
  expect(element('sheet')).not.toHaveClass('loading');
  element('page').scrollBy = () => undefined;
  window.scrollBy = () => undefined;
  fireEvent.click(element('sheet'));
  expect(element('page')).toHaveClass('zoomed');
});

test('one that cannot be drawn shows its text and says so', async () => {
  await open(PAGE);
  fireEvent.error(element('image'));
  expect(element('sheet')).toHaveClass('broken');
  expect(document.querySelector('.failed')).toBeVisible();
  expect(document.body).toHaveClass('reading');
  expect(pressed()).toEqual(['false', 'true']);
});

test('page and text are two views', async () => {
  await open(PAGE);
  drawn();
  fireEvent.click(element('show-text'));
  expect(pressed()).toEqual(['false', 'true']);
  fireEvent.click(element('show-page'));
  expect(pressed()).toEqual(['true', 'false']);
  expect(document.body).not.toHaveClass('reading');
});

test('the arrows turn the page, and with Control they do not', async () => {
  await open(PAGE);
  const turned = vi.fn();
  for (const id of ['previous', 'next']) element(id).addEventListener('click', () => { turned(id); });
  fireEvent.keyDown(window, { key: 'ArrowRight' });
  fireEvent.keyDown(window, { key: 'ArrowLeft', ctrlKey: true });
  fireEvent.keyDown(window, { key: 'ArrowLeft' });
  expect(turned.mock.calls.flat()).toContain('next');
  expect(turned.mock.calls.flat().at(-1)).toBe('previous');
});

test('a text without an image is marked, too', async () => {
  const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
  const rects = vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
  await open('<article><mark id="mark">Water</mark></article>');
  expect(shown.mock.contexts).toEqual([element('mark')]);
  rects.mockRestore();
  shown.mockRestore();
});
