import { request, told } from '../shared/request';
import type { LocalServerOut, ModelsOut, PreferencesOut } from '../shared/schema';

const PREFERENCES = '/api/preferences';
const OWN = `${PREFERENCES}/model-key`;

function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

function say(id: string, text: string, isWrong = false): void {
  const place = byId(id);
  place.textContent = text;
  place.classList.toggle('wrong', isWrong);
}

/** As the chat has it; without a choice there, as the system does. */
function takeTheme(): void {
  const chosen = localStorage.getItem('vite-ui-theme');
  if (!document.documentElement.dataset.theme && (chosen === 'dark' || chosen === 'light')) {
    document.documentElement.dataset.theme = chosen;
  }
}

const choice = (value: string): HTMLInputElement | null => document.querySelector(`[name=tutor][value=${value}]`);

function showOwn({ own_model: own, tutor }: PreferencesOut): void {
  const option = choice('own');
  if (option) option.disabled = !own;
  byId('own-name').textContent = own ? `${own.title}, ${own.model}` : 'none yet';
  byId('forget').hidden = !own;
  const chosen = choice(tutor);
  if (chosen) chosen.checked = true;
}

async function choose({ target }: Event): Promise<void> {
  if (!(target instanceof HTMLInputElement)) return;
  try {
    await request(PREFERENCES, 'PUT', { [target.name]: target.value });
    say('chosen', 'Kept. It holds from your next question on.');
  } catch (error) {
    say('chosen', told(error), true);
  }
}

/** Only some providers have an address to enter. */
function fit(): void {
  const option = byId<HTMLSelectElement>('provider').selectedOptions[0];
  const hasAddress = 'address' in (option?.dataset ?? {});
  for (const part of document.querySelectorAll<HTMLElement>('.address')) part.hidden = !hasAddress;
  byId<HTMLInputElement>('address').required = hasAddress;
  byId<HTMLInputElement>('key').required = !hasAddress;
  byId<HTMLInputElement>('model').placeholder = option?.dataset['example'] ?? '';
  if (!hasAddress) byId<HTMLInputElement>('address').value = '';
}

async function whileWaiting(work: () => Promise<void>): Promise<void> {
  const buttons = [...byId('own').querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    say('tested', told(error), true);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

async function keep(form: HTMLFormElement): Promise<void> {
  const { value: model } = byId<HTMLInputElement>('model');
  say('tested', `Asking ${model} one question…`);
  const kept = await request<PreferencesOut>(OWN, 'PUT', Object.fromEntries(new FormData(form)));
  byId<HTMLInputElement>('key').value = '';
  showOwn(kept);
  say('tested', `${model} answered. It is kept, and answers you from now on.`);
}

async function forget(): Promise<void> {
  await request(OWN, 'DELETE');
  showOwn(await request<PreferencesOut>(PREFERENCES));
  say('tested', 'Model and key are deleted.');
}

function take(server: LocalServerOut): void {
  byId<HTMLSelectElement>('provider').value = server.provider;
  fit();
  byId<HTMLInputElement>('address').value = server.api_base;
  byId<HTMLInputElement>('model').value = server.models[0] ?? '';
  byId('models').replaceChildren(...server.models.map((name) => new Option(name, name)));
  byId('model').focus();
}

async function offer(): Promise<void> {
  const { servers } = await request<ModelsOut>(`${PREFERENCES}/models`);
  byId('servers').hidden = servers.length === 0;
  byId('servers').replaceChildren(...servers.map((server) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `Use ${server.name} (${server.models.length === 1 ? server.models[0] : `${server.models.length} models`})`;
    button.addEventListener('click', () => take(server));
    return button;
  }));
}

takeTheme();
fit();
byId('preferences').addEventListener('change', (event) => void choose(event));
byId('provider').addEventListener('change', fit);
byId<HTMLFormElement>('own').addEventListener('submit', (event) => {
  event.preventDefault();
  void whileWaiting(() => keep(event.currentTarget as HTMLFormElement));
});
byId('forget').addEventListener('click', () => void whileWaiting(forget));
offer().catch((error: unknown) => say('tested', told(error), true));
