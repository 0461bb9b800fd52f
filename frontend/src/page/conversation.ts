const THREAD = /^studyrag:thread:([\w-]+)$/;
const PHONE = '(max-width: 767px)';
const LOOK_MS = 500;

/** On a phone Chainlit names the conversation in the address only once its sidebar was open: a reload would lose it. */
export function rememberThread(): void {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const thread = typeof data === 'string' ? THREAD.exec(data)?.[1] : undefined;
    if (thread && location.pathname === '/' && matchMedia(PHONE).matches) history.replaceState(history.state, '', `/thread/${thread}`);
  });
}

/** Tells when another conversation is shown: it has other citations. The first message of a new one names it only. */
export function watchConversation(onOther: () => void): void {
  let path = location.pathname;
  setInterval(() => {
    if (path === location.pathname) return;
    if (path !== '/') onOther();
    path = location.pathname;
  }, LOOK_MS);
}
