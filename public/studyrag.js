// Built from frontend/src by `make frontend`: edit there.
"use strict";
(() => {
  // src/page/drawer.ts
  var PAGE = /^\/(cite|view)\//;
  var OPEN = "study-drawer-open";
  var COVERS = "(max-width: 900px)";
  var LINK = "a[href], button:has(> a[href='#library'])";
  var MARKUP = '<div class="study-drawer-bar"><span>Cited page</span><a target="_blank" rel="noopener">Open in a new tab</a><button type="button" aria-label="Close the page" title="Close (Esc)">✕</button></div><iframe title="Cited page"></iframe>';
  function withTheme(address) {
    const url = new URL(address, location.origin);
    url.searchParams.set("theme", document.documentElement.classList.contains("dark") ? "dark" : "light");
    return url.pathname + url.search;
  }
  var isPageInHistory = () => !!history.state?.page;
  function wanted(event) {
    const link = event.target instanceof Element ? event.target.closest(LINK) : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.closest("#study-drawer")) return null;
    return (link.querySelector("a") ?? link).getAttribute("href");
  }
  var replaced = (frame, address) => frame.contentWindow?.location.replace(address);
  var Drawer = class {
    constructor(turn = replaced) {
      this.turn = turn;
    }
    parts = null;
    before = null;
    get isOpen() {
      return document.body.classList.contains(OPEN);
    }
    open(address) {
      const { frame, newTab, shut } = this.parts ??= this.build();
      if (!this.isOpen) this.remember();
      this.turn(frame, withTheme(address));
      newTab.href = withTheme(address);
      document.body.classList.add(OPEN);
      shut.focus({ preventScroll: true });
    }
    close() {
      if (!this.isOpen) return;
      document.body.classList.remove(OPEN);
      if (this.parts) this.turn(this.parts.frame, "about:blank");
      if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus({ preventScroll: true });
      if (isPageInHistory()) history.back();
    }
    /** Follow clicks, Escape, the browser's way back, the page's own wish to close, and the chat's theme. */
    listen() {
      document.addEventListener("click", (event) => this.click(event), true);
      document.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") this.close();
      });
      window.addEventListener("popstate", () => {
        if (!isPageInHistory()) this.close();
      });
      window.addEventListener("message", ({ data, source }) => {
        if (data === "studyrag:close" && this.parts && source === this.parts.frame.contentWindow) this.close();
      });
      new MutationObserver(() => this.recolour()).observe(document.documentElement, { attributeFilter: ["class"] });
    }
    click(event) {
      const address = wanted(event);
      if (address !== "#library" && !(address && PAGE.test(address))) return;
      event.preventDefault();
      event.stopPropagation();
      if (address === "#library") window.postMessage("studyrag:library", location.origin);
      else this.open(address);
    }
    /** Where the page covers the chat, going back means back to the chat. */
    remember() {
      this.before = document.activeElement;
      if (matchMedia(COVERS).matches && !isPageInHistory()) history.pushState({ ...history.state, page: true }, "");
    }
    recolour() {
      const address = this.parts?.newTab.getAttribute("href");
      if (this.isOpen && address && address !== withTheme(address)) this.open(address);
    }
    build() {
      const drawer2 = document.createElement("aside");
      drawer2.id = "study-drawer";
      drawer2.setAttribute("role", "dialog");
      drawer2.setAttribute("aria-label", "Cited page");
      drawer2.innerHTML = MARKUP;
      document.body.append(drawer2);
      const find = (selector) => drawer2.querySelector(selector);
      const shut = find("button");
      shut.addEventListener("click", () => this.close());
      return { frame: find("iframe"), newTab: find("a"), shut };
    }
  };

  // src/page/conversation.ts
  var THREAD = /^studyrag:thread:([\w-]+)$/;
  var PHONE = "(max-width: 767px)";
  var LOOK_MS = 500;
  function rememberThread() {
    window.addEventListener("message", ({ data }) => {
      const thread = typeof data === "string" ? THREAD.exec(data)?.[1] : void 0;
      if (thread && location.pathname === "/" && matchMedia(PHONE).matches) history.replaceState(history.state, "", `/thread/${thread}`);
    });
  }
  function watchConversation(onOther) {
    let path = location.pathname;
    setInterval(() => {
      if (path === location.pathname) return;
      if (path !== "/") onOther();
      path = location.pathname;
    }, LOOK_MS);
  }

  // src/page/studyrag.ts
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");
  var drawer = new Drawer();
  drawer.listen();
  rememberThread();
  watchConversation(() => drawer.close());
})();
