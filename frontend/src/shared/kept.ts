import { useCallback, useState } from 'react';

const kept = new Map<string, unknown>();

/** A state that outlives its card: whoever comes back to the conversation finds unfolded what was unfolded. */
export function useKept<T>(key: string, start: T): [T, (next: T) => void] {
  const [value, setValue] = useState(() => (kept.has(key) ? kept.get(key) as T : start));
  const set = useCallback((next: T) => {
    kept.set(key, next);
    setValue(next);
  }, [key]);
  return [value, set];
}
