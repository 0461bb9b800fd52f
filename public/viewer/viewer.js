"use strict";

const sheet = document.getElementById("sheet");
const image = document.getElementById("image");
const mark = document.getElementById("mark");
const tabs = { page: document.getElementById("show-page"), text: document.getElementById("show-text") };

function show(name) {
  document.body.classList.toggle("reading", name === "text");
  for (const [key, button] of Object.entries(tabs)) button.setAttribute("aria-pressed", String(key === name));
  if (name === "text") toMark();
}

function toMark() {
  if (mark && mark.offsetParent) mark.scrollIntoView({ block: "center" });
}

function toBoxes() {
  const box = document.querySelector(".marks rect");
  if (!box || !sheet.offsetParent) return;
  const place = box.getBoundingClientRect();
  const bar = document.querySelector(".bar").offsetHeight;
  if (place.top > bar && place.bottom < innerHeight - 40) return;
  scrollBy({ top: place.top - bar - (innerHeight - bar) / 3 });
}

function drawn() {
  sheet.classList.remove("loading");
  toBoxes();
}

function notDrawn() {
  sheet.classList.replace("loading", "broken");
  sheet.querySelector(".failed").hidden = false;
  show("text");
}

if (image) {
  tabs.page.addEventListener("click", () => show("page"));
  tabs.text.addEventListener("click", () => show("text"));
  if (image.complete && image.naturalWidth) drawn();
  else if (image.complete) notDrawn();
  image.addEventListener("load", drawn);
  image.addEventListener("error", notDrawn);
} else {
  toMark();
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Escape" && parent !== window) parent.postMessage("studyrag:close", location.origin);
  if (event.key === "ArrowLeft") document.getElementById("previous")?.click();
  if (event.key === "ArrowRight") document.getElementById("next")?.click();
});
