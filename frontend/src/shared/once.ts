const defined = ((window as { studyragParts?: Record<string, unknown> }).studyragParts ??= {});

/**
 * The component of that name as this page first met it.
 *
 * Chainlit evaluates an element's code anew whenever something around it changes; a component defined anew would be
 * another card, without what was typed, open or in focus in the old one.
 */
export function once<T>(name: string, component: T): T {
  return (defined[name] ??= component) as T;
}
