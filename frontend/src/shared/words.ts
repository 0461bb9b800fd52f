const DAY = 24 * 60 * 60 * 1000;

/** “1 page”, “1,200 pages”. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

const two = (number: number): string => String(number).padStart(2, '0');

/** Seconds as “4:05” or “1:04:05”. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const head = minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : minutes;
  return `${head}:${two(seconds % 60)}`;
}

const midnight = (moment: Date): number => new Date(moment).setHours(0, 0, 0, 0);

/** “today at 09:30”, “tomorrow at 14:00”, “on Monday 3 March”; `moment` as the API writes it. */
export function soon(moment: string, now = new Date()): string {
  const then = new Date(moment);
  const days = Math.round((midnight(then) - midnight(now)) / DAY);
  if (days > 1) return `on ${then.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}`;
  return `${days > 0 ? 'tomorrow' : 'today'} at ${two(then.getHours())}:${two(then.getMinutes())}`;
}

/** The beginning of a text in one line. */
export function beginning(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
}
