import { fireEvent, waitFor } from '@testing-library/dom';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Drawer } from '../../src/page/drawer';

const pages: string[] = [];
const drawer = new Drawer((_, address) => pages.push(address));
drawer.listen();
const chat = document.body.appendChild(document.createElement('main'));

beforeEach(() => {
  chat.innerHTML = '<a id="cite" href="/cite/t/1">1</a><a id="out" href="https://example.org/">out</a>'
    + '<button id="lib"><a href="#library">Library</a></button>';
  document.body.className = '';
  document.documentElement.className = '';
  history.replaceState(null, '', '/thread/t');
});
afterEach(() => {
  drawer.close();
  vi.unstubAllGlobals();
});

const element = (id: string) => document.getElementById(id)!;
const newTab = () => document.querySelector('#study-drawer a')!.getAttribute('href');
/** Whether the browser was kept from following it. */
const isTaken = (id: string, more = {}) => !fireEvent.click(element(id), more);

test('a citation opens beside the chat, in the chat’s theme, and the way back takes the focus', () => {
  document.documentElement.className = 'dark';
  element('cite').focus();
  expect(isTaken('cite')).toBe(true);
  expect(drawer.isOpen).toBe(true);
  expect([pages.at(-1), newTab()]).toEqual(['/cite/t/1?theme=dark', '/cite/t/1?theme=dark']);
  const shut = document.querySelector<HTMLElement>('#study-drawer button')!;
  expect(shut).toHaveFocus();
  shut.click();
  expect([drawer.isOpen, pages.at(-1)]).toEqual([false, 'about:blank']);
  expect(element('cite')).toHaveFocus();
});

test('Escape closes it', () => {
  fireEvent.click(element('cite'));
  fireEvent.keyDown(document, { key: 'Escape' });
  expect(drawer.isOpen).toBe(false);
});

test('whoever wants a tab of their own gets one', () => {
  element('cite').addEventListener('click', (event) => event.preventDefault()); // jsdom cannot follow it
  for (const key of ['ctrlKey', 'metaKey', 'shiftKey']) fireEvent.click(element('cite'), { [key]: true });
  expect(drawer.isOpen).toBe(false);
});

test('other links are the browser’s', () => {
  element('out').addEventListener('click', (event) => expect(event.defaultPrevented).toBe(false));
  element('out').setAttribute('target', 'none');
  element('out').setAttribute('href', '#elsewhere');
  expect(isTaken('out')).toBe(false);
});

test('the library’s button asks for the library', async () => {
  const heard = vi.fn();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => { heard(data); }, { once: true });
  expect(isTaken('lib')).toBe(true);
  await waitFor(() => expect(heard).toHaveBeenCalledWith('studyrag:library'));
});

test('where the page covers the chat, going back means back to the chat', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  fireEvent.click(element('cite'));
  expect(history.state).toEqual({ page: true });
  history.back();
  await waitFor(() => expect(drawer.isOpen).toBe(false));
  expect(location.pathname).toBe('/thread/t');
});

test('closing it takes its step of the history back', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  fireEvent.click(element('cite'));
  drawer.close();
  await waitFor(() => expect(history.state).toBeNull());
});

test('a change of theme reaches the page', async () => {
  fireEvent.click(element('cite'));
  document.documentElement.className = 'dark';
  await waitFor(() => expect(newTab()).toBe('/cite/t/1?theme=dark'));
});

test('only the page itself may close it by a message', async () => {
  fireEvent.click(element('cite'));
  window.dispatchEvent(new MessageEvent('message', { data: 'studyrag:close', source: window }));
  expect(drawer.isOpen).toBe(true);
  const { contentWindow } = document.querySelector('iframe')!;
  window.dispatchEvent(new MessageEvent('message', { data: 'studyrag:close', source: contentWindow }));
  await waitFor(() => expect(drawer.isOpen).toBe(false));
});
