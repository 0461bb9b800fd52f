// The page of a citation opens in a drawer beside the chat; the rest of the chat is Chainlit's and ours in elements/.
(() => {
  // Without this Chainlit starts dark, whatever the system prefers.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");

  const PAGE = /^\/(cite|view)\//;
  let drawer, frame, newTab, before;

  const theme = () => (document.documentElement.classList.contains("dark") ? "dark" : "light");

  function withTheme(address) {
    const url = new URL(address, location.origin);
    url.searchParams.set("theme", theme());
    return url.pathname + url.search;
  }

  function build() {
    drawer = document.createElement("aside");
    drawer.id = "study-drawer";
    drawer.setAttribute("role", "dialog");
    drawer.setAttribute("aria-label", "Cited page");
    drawer.innerHTML =
      '<div class="study-drawer-bar"><span>Cited page</span>' +
      '<a target="_blank" rel="noopener">Open in a new tab</a>' +
      '<button type="button" aria-label="Close the page" title="Close (Esc)">✕</button></div>' +
      '<iframe title="Cited page"></iframe>';
    frame = drawer.querySelector("iframe");
    newTab = drawer.querySelector("a");
    drawer.querySelector("button").addEventListener("click", close);
    document.body.append(drawer);
  }

  function open(address) {
    if (!drawer) build();
    if (!document.body.classList.contains("study-drawer-open")) {
      before = document.activeElement;
      // Where the page covers the chat, going back means back to the chat.
      if (matchMedia("(max-width: 900px)").matches && !history.state?.page) history.pushState({ ...history.state, page: true }, "");
    }
    // Not `src`: each page would become a step of the browser's history.
    frame.contentWindow.location.replace(withTheme(address));
    newTab.href = withTheme(address);
    document.body.classList.add("study-drawer-open");
    drawer.querySelector("button").focus({ preventScroll: true });
  }

  function close() {
    if (!document.body.classList.contains("study-drawer-open")) return;
    document.body.classList.remove("study-drawer-open");
    frame.contentWindow.location.replace("about:blank");
    if (before && before.isConnected) before.focus({ preventScroll: true });
    if (history.state?.page) history.back();
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href], button:has(> a[href='#library'])");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.closest("#study-drawer")) return;
      const address = (link.querySelector("a") || link).getAttribute("href");
      if (address === "#library") {
        event.preventDefault();
        event.stopPropagation();
        window.postMessage("studyrag:library", location.origin);
      } else if (PAGE.test(address)) {
        event.preventDefault();
        event.stopPropagation();
        open(address);
      }
    },
    true
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  window.addEventListener("message", (event) => {
    if (event.data === "studyrag:close" && frame && event.source === frame.contentWindow) close();
  });
  new MutationObserver(() => {
    if (document.body.classList.contains("study-drawer-open")) open(newTab.getAttribute("href"));
  }).observe(document.documentElement, { attributeFilter: ["class"] });
  window.addEventListener("popstate", () => {
    if (!history.state?.page) close();
  });
  // On a phone Chainlit names the conversation in the address only once its sidebar was open: a reload would lose it.
  window.addEventListener("message", (event) => {
    const [, thread] = /^studyrag:thread:([\w-]+)$/.exec(event.data) || [];
    if (thread && location.pathname === "/" && matchMedia("(max-width: 767px)").matches)
      history.replaceState(history.state, "", `/thread/${thread}`);
  });
  // Another conversation has other citations.
  let path = location.pathname;
  setInterval(() => {
    if (path !== location.pathname) {
      if (path !== "/") close();
      path = location.pathname;
    }
  }, 500);

  window.studyrag = { open, close, kept: {} };
})();
