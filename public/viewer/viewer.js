"use strict";

const sheet = document.getElementById("sheet");
const image = document.getElementById("image");
const tabs = { page: document.getElementById("show-page"), text: document.getElementById("show-text") };

function bring(element) {
  if (!element || !element.getClientRects().length) return;
  const place = element.getBoundingClientRect();
  const top = document.querySelector(".bar").offsetHeight;
  const seen = place.top > top && place.bottom < innerHeight - 60 && place.left >= 0 && place.right <= innerWidth;
  if (!seen) element.scrollIntoView({ block: "center", inline: "center" });
}

function toMark() {
  bring(document.querySelector(".marks rect"));
  bring(document.getElementById("mark"));
}

function show(name) {
  document.body.classList.toggle("reading", name === "text");
  for (const [key, button] of Object.entries(tabs)) button.setAttribute("aria-pressed", String(key === name));
  toMark();
}

function zoom(event) {
  if (sheet.matches(".loading, .broken")) return;
  const before = sheet.getBoundingClientRect();
  const share = { x: (event.clientX - before.left) / before.width, y: (event.clientY - before.top) / before.height };
  document.getElementById("page").classList.toggle("zoomed");
  const after = sheet.getBoundingClientRect();
  const pane = document.getElementById("page");
  pane.scrollLeft += after.left + share.x * after.width - event.clientX;
  const down = after.top + share.y * after.height - event.clientY;
  const inside = pane.scrollHeight > pane.clientHeight + 1;
  (inside ? pane : window).scrollBy({ top: down });
}

function drawn() {
  sheet.classList.remove("loading");
  toMark();
}

function notDrawn() {
  sheet.classList.replace("loading", "broken");
  sheet.querySelector(".failed").hidden = false;
  show("text");
}

if (image) {
  tabs.page.addEventListener("click", () => show("page"));
  tabs.text.addEventListener("click", () => show("text"));
  sheet.addEventListener("click", zoom);
  if (image.complete && image.naturalWidth) drawn();
  else if (image.complete) notDrawn();
  image.addEventListener("load", drawn);
  image.addEventListener("error", notDrawn);
}
toMark();

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Escape" && parent !== window) parent.postMessage("studyrag:close", location.origin);
  if (event.key === "ArrowLeft") document.getElementById("previous")?.click();
  if (event.key === "ArrowRight") document.getElementById("next")?.click();
});
