const PAGE = /^\/(cite|view)\//;
const OPEN = 'study-drawer-open';
const COVERS = '(max-width: 900px)';
const LINK = "a[href], button:has(> a[href='#library'])";
const MARKUP = '<div class="study-drawer-bar"><span>Cited page</span>'
  + '<a target="_blank" rel="noopener">Open in a new tab</a>'
  + '<button type="button" aria-label="Close the page" title="Close (Esc)">✕</button></div>'
  + '<iframe title="Cited page"></iframe>';

interface Parts {
  frame: HTMLIFrameElement;
  newTab: HTMLAnchorElement;
  shut: HTMLButtonElement;
}

interface Step {
  page?: boolean;
}

/** An address with the theme that the chat has. */
export function withTheme(address: string): string {
  const url = new URL(address, location.origin);
  url.searchParams.set('theme', document.documentElement.classList.contains('dark') ? 'dark' : 'light');
  return url.pathname + url.search;
}

const isPageInHistory = (): boolean => !!(history.state as Step | null)?.page;

/** The address that a plain click asks for; none when the browser should do as it always does. */
export function wanted(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest(LINK) : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.closest('#study-drawer')) return null;
  return (link.querySelector('a') ?? link).getAttribute('href');
}

// Not `src`: each page would become a step of the browser's history.
const replaced = (frame: HTMLIFrameElement, address: string): unknown => frame.contentWindow?.location.replace(address);

/** The page of a citation, in a drawer beside the chat; it is built when it is first needed. */
export class Drawer {
  private parts: Parts | null = null;
  private before: Element | null = null;

  constructor(private readonly turn = replaced) {}

  get isOpen(): boolean {
    return document.body.classList.contains(OPEN);
  }

  open(address: string): void {
    const { frame, newTab, shut } = (this.parts ??= this.build());
    if (!this.isOpen) this.remember();
    this.turn(frame, withTheme(address));
    newTab.href = withTheme(address);
    document.body.classList.add(OPEN);
    shut.focus({ preventScroll: true });
  }

  close(): void {
    if (!this.isOpen) return;
    document.body.classList.remove(OPEN);
    if (this.parts) this.turn(this.parts.frame, 'about:blank');
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus({ preventScroll: true });
    if (isPageInHistory()) history.back();
  }

  /** Follow clicks, Escape, the browser's way back, the page's own wish to close, and the chat's theme. */
  listen(): void {
    document.addEventListener('click', (event) => this.click(event), true);
    document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.close(); });
    window.addEventListener('popstate', () => { if (!isPageInHistory()) this.close(); });
    window.addEventListener('message', ({ data, source }) => {
      if (data === 'studyrag:close' && this.parts && source === this.parts.frame.contentWindow) this.close();
    });
    new MutationObserver(() => this.recolour()).observe(document.documentElement, { attributeFilter: ['class'] });
  }

  private click(event: MouseEvent): void {
    const address = wanted(event);
    if (address !== '#library' && !(address && PAGE.test(address))) return;
    event.preventDefault();
    event.stopPropagation();
    if (address === '#library') window.postMessage('studyrag:library', location.origin);
    else this.open(address);
  }

  /** Where the page covers the chat, going back means back to the chat. */
  private remember(): void {
    this.before = document.activeElement;
    if (matchMedia(COVERS).matches && !isPageInHistory()) history.pushState({ ...(history.state as Step | null), page: true }, '');
  }

  private recolour(): void {
    const address = this.parts?.newTab.getAttribute('href');
    if (this.isOpen && address && address !== withTheme(address)) this.open(address);
  }

  private build(): Parts {
    const drawer = document.createElement('aside');
    drawer.id = 'study-drawer';
    drawer.setAttribute('role', 'dialog');
    drawer.setAttribute('aria-label', 'Cited page');
    drawer.innerHTML = MARKUP;
    document.body.append(drawer);
    const find = <T extends Element>(selector: string) => drawer.querySelector<T>(selector)!;
    const shut = find<HTMLButtonElement>('button');
    shut.addEventListener('click', () => this.close());
    return { frame: find('iframe'), newTab: find('a'), shut };
  }
}
