/** The page as an image: it is drawn by the server, and a click makes it larger around the place that was clicked. */
export class Sheet {
  private readonly sheet: HTMLElement;

  constructor(private readonly image: HTMLImageElement) {
    this.sheet = image.closest<HTMLElement>('#sheet')!;
  }

  /** Tell when the image is there, or cannot be. */
  listen(onDrawn: () => void, onBroken: () => void): void {
    const drawn = () => { this.sheet.classList.remove('loading'); onDrawn(); };
    const broken = () => { this.giveUp(); onBroken(); };
    this.sheet.addEventListener('click', (event) => this.zoom(event));
    if (this.image.complete) (this.image.naturalWidth ? drawn : broken)();
    this.image.addEventListener('load', drawn);
    this.image.addEventListener('error', broken);
  }

  private giveUp(): void {
    this.sheet.classList.replace('loading', 'broken');
    this.sheet.querySelector<HTMLElement>('.failed')!.hidden = false;
  }

  private zoom(event: MouseEvent): void {
    const pane = this.sheet.closest<HTMLElement>('#page');
    if (!pane || this.sheet.matches('.loading, .broken')) return;
    const before = this.sheet.getBoundingClientRect();
    const share = { x: (event.clientX - before.left) / before.width, y: (event.clientY - before.top) / before.height };
    pane.classList.toggle('zoomed');
    const after = this.sheet.getBoundingClientRect();
    pane.scrollLeft += after.left + share.x * after.width - event.clientX;
    const isInside = pane.scrollHeight > pane.clientHeight + 1;
    (isInside ? pane : window).scrollBy({ top: after.top + share.y * after.height - event.clientY });
  }
}
