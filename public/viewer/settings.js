// Built from frontend/src by `make frontend`: edit there.
"use strict";
(() => {
  // src/shared/request.ts
  var UNFORESEEN = "Something went wrong on our side. Please try again.";
  var CUT_OFF = "There is no connection to StudyRAG right now.";
  var PASSING = /* @__PURE__ */ new Set([0, 429, 502, 503, 504]);
  var RequestError = class extends Error {
    constructor(message, status, retryAfter = null) {
      super(message);
      this.status = status;
      this.retryAfter = retryAfter;
    }
    /** Whether the same request can do better in a moment. */
    get isPassing() {
      return PASSING.has(this.status);
    }
  };
  function sent(method, body) {
    if (body === void 0 || body instanceof FormData) return { method, body };
    return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive: true };
  }
  async function failure(reply) {
    const problem = await reply.json().catch(() => ({}));
    return new RequestError(problem.message || UNFORESEEN, reply.status, problem.retry_after);
  }
  var request = async (address, method = "GET", body) => {
    const reply = await fetch(address, sent(method, body)).catch(() => {
      throw new RequestError(CUT_OFF, 0);
    });
    if (!reply.ok) throw await failure(reply);
    return reply.status === 204 ? void 0 : await reply.json();
  };
  var told = (error) => error instanceof RequestError ? error.message : UNFORESEEN;

  // src/settings/settings.ts
  var PREFERENCES = "/api/preferences";
  var OWN = `${PREFERENCES}/model-key`;
  function byId(id) {
    const element = document.getElementById(id);
    if (!element) throw new Error(`the page has no #${id}`);
    return element;
  }
  function say(id, text, isWrong = false) {
    const place = byId(id);
    place.textContent = text;
    place.classList.toggle("wrong", isWrong);
  }
  function takeTheme() {
    const chosen = localStorage.getItem("vite-ui-theme");
    if (!document.documentElement.dataset.theme && (chosen === "dark" || chosen === "light")) {
      document.documentElement.dataset.theme = chosen;
    }
  }
  var choice = (value) => document.querySelector(`[name=tutor][value=${value}]`);
  function showOwn({ own_model: own, tutor }) {
    const option = choice("own");
    if (option) option.disabled = !own;
    byId("own-name").textContent = own ? `${own.title}, ${own.model}` : "none yet";
    byId("forget").hidden = !own;
    const chosen = choice(tutor);
    if (chosen) chosen.checked = true;
  }
  async function choose({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    try {
      await request(PREFERENCES, "PUT", { [target.name]: target.value });
      say("chosen", "Kept. It holds from your next question on.");
    } catch (error) {
      say("chosen", told(error), true);
    }
  }
  function fit() {
    const option = byId("provider").selectedOptions[0];
    const hasAddress = "address" in (option?.dataset ?? {});
    for (const part of document.querySelectorAll(".address")) part.hidden = !hasAddress;
    byId("address").required = hasAddress;
    byId("key").required = !hasAddress;
    byId("model").placeholder = option?.dataset["example"] ?? "";
    if (!hasAddress) byId("address").value = "";
  }
  async function whileWaiting(work) {
    const buttons = [...byId("own").querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    try {
      await work();
    } catch (error) {
      say("tested", told(error), true);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }
  async function keep(form) {
    const { value: model } = byId("model");
    say("tested", `Asking ${model} one question…`);
    const kept = await request(OWN, "PUT", Object.fromEntries(new FormData(form)));
    byId("key").value = "";
    showOwn(kept);
    say("tested", `${model} answered. It is kept, and answers you from now on.`);
  }
  async function forget() {
    await request(OWN, "DELETE");
    showOwn(await request(PREFERENCES));
    say("tested", "Model and key are deleted.");
  }
  function take(server) {
    byId("provider").value = server.provider;
    fit();
    byId("address").value = server.api_base;
    byId("model").value = server.models[0] ?? "";
    byId("models").replaceChildren(...server.models.map((name) => new Option(name, name)));
    byId("model").focus();
  }
  async function offer() {
    const { servers } = await request(`${PREFERENCES}/models`);
    byId("servers").hidden = servers.length === 0;
    byId("servers").replaceChildren(...servers.map((server) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `Use ${server.name} (${server.models.length === 1 ? server.models[0] : `${server.models.length} models`})`;
      button.addEventListener("click", () => take(server));
      return button;
    }));
  }
  takeTheme();
  fit();
  byId("preferences").addEventListener("change", (event) => void choose(event));
  byId("provider").addEventListener("change", fit);
  byId("own").addEventListener("submit", (event) => {
    event.preventDefault();
    void whileWaiting(() => keep(event.currentTarget));
  });
  byId("forget").addEventListener("click", () => void whileWaiting(forget));
  offer().catch((error) => say("tested", told(error), true));
})();
