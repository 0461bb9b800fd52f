// Built from frontend/src by `make frontend`: edit there.
"use strict";
(() => {
  // src/viewer/sheet.ts
  var Sheet = class {
    constructor(image2) {
      this.image = image2;
      this.sheet = image2.closest("#sheet");
    }
    sheet;
    /** Tell when the image is there, or cannot be. */
    listen(onDrawn, onBroken) {
      const drawn = () => {
        this.sheet.classList.remove("loading");
        onDrawn();
      };
      const broken = () => {
        this.giveUp();
        onBroken();
      };
      this.sheet.addEventListener("click", (event) => this.zoom(event));
      if (this.image.complete) (this.image.naturalWidth ? drawn : broken)();
      this.image.addEventListener("load", drawn);
      this.image.addEventListener("error", broken);
    }
    giveUp() {
      this.sheet.classList.replace("loading", "broken");
      this.sheet.querySelector(".failed").hidden = false;
    }
    zoom(event) {
      const pane = this.sheet.closest("#page");
      if (!pane || this.sheet.matches(".loading, .broken")) return;
      const before = this.sheet.getBoundingClientRect();
      const share = { x: (event.clientX - before.left) / before.width, y: (event.clientY - before.top) / before.height };
      pane.classList.toggle("zoomed");
      const after = this.sheet.getBoundingClientRect();
      pane.scrollLeft += after.left + share.x * after.width - event.clientX;
      const isInside = pane.scrollHeight > pane.clientHeight + 1;
      (isInside ? pane : window).scrollBy({ top: after.top + share.y * after.height - event.clientY });
    }
  };

  // src/viewer/viewer.ts
  var FOOT_PX = 60;
  function isInView({ top, bottom, left, right }) {
    const bar = document.querySelector(".bar")?.offsetHeight ?? 0;
    return top > bar && bottom < innerHeight - FOOT_PX && left >= 0 && right <= innerWidth;
  }
  function bring(element) {
    if (!element?.getClientRects().length || isInView(element.getBoundingClientRect())) return;
    element.scrollIntoView({ block: "center", inline: "center" });
  }
  function toMark() {
    bring(document.querySelector(".marks rect"));
    bring(document.getElementById("mark"));
  }
  var TABS = { page: "show-page", text: "show-text" };
  function show(name) {
    document.body.classList.toggle("reading", name === "text");
    for (const [tab, id] of Object.entries(TABS)) document.getElementById(id)?.setAttribute("aria-pressed", String(tab === name));
    toMark();
  }
  function withImage(image2) {
    for (const [tab, id] of Object.entries(TABS)) document.getElementById(id)?.addEventListener("click", () => show(tab));
    new Sheet(image2).listen(toMark, () => show("text"));
  }
  var KEYS = { ArrowLeft: "previous", ArrowRight: "next" };
  var isShortcut = (event) => event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  function press(event) {
    if (isShortcut(event)) return;
    if (event.key === "Escape" && parent !== window) parent.postMessage("studyrag:close", location.origin);
    document.getElementById(KEYS[event.key] ?? "")?.click();
  }
  var image = document.querySelector("#image");
  if (image) withImage(image);
  toMark();
  addEventListener("keydown", press);
})();
