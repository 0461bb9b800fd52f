/** For what a click has just opened: it takes the focus, in view and without moving the rest. */
export const takeFocus = (element: HTMLElement | null): void => element?.focus({ preventScroll: true });
