import { RequestError } from '../shared/request';

const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];

/** One request of the line; sent again until it gets through only if sending it twice is the same as once. */
export interface Job<T> {
  send: () => Promise<T>;
  isRepeatable: boolean;
}

interface Waiting {
  /** Send it, or join the sending that is under way. */
  start: () => Promise<unknown>;
}

/** Sends one thing after the other, so that the last answer given is the last that counts. */
export class Line {
  private last: Promise<unknown> = Promise.resolve();
  private readonly waiting: Waiting[] = [];
  private wake: () => void = () => undefined;

  /** `onCut` hears when the network swallows something, and when it is back. */
  constructor(private readonly onCut: (isCut: boolean) => void) {}

  get isEmpty(): boolean {
    return !this.waiting.length;
  }

  /** The reply, once all that was added before has had its own. */
  add<T>(job: Job<T>): Promise<T> {
    let begun: Promise<T> | null = null;
    const one = { start: () => (begun ??= job.send()) };
    const fresh = () => { begun = null; };
    this.waiting.push(one);
    const done = this.last.then(() => this.through(one, fresh, job.isRepeatable)).finally(() => this.waiting.shift()) as Promise<T>;
    this.last = done.catch(() => null);
    return done;
  }

  /** Send all that waits at once: the page is being left. */
  flush(): void {
    for (const one of this.waiting) one.start().catch(() => null);
  }

  /** Try now what waits for the network. */
  retry(): void {
    this.wake();
  }

  private async through(one: Waiting, fresh: () => void, isRepeatable: boolean): Promise<unknown> {
    for (let tries = 0; ; tries += 1) {
      try {
        const reply = await one.start();
        if (tries) this.onCut(false);
        return reply;
      } catch (error) {
        if (!isRepeatable || !(error instanceof RequestError) || !error.isPassing) {
          if (tries) this.onCut(false);
          throw error;
        }
        fresh();
        this.onCut(true);
        await this.pause(error.retryAfter, tries);
      }
    }
  }

  private pause(retryAfter: number | null, tries: number): Promise<void> {
    const milliseconds = retryAfter ? retryAfter * 1000 : PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
