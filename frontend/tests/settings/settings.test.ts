import { fireEvent, waitFor } from '@testing-library/dom';
import { beforeEach, expect, test, vi } from 'vitest';

const PAGE = `
  <form id="preferences">
    <input type="radio" name="answer_length" value="short"><input type="radio" name="tutor" value="own" disabled>
    <input type="radio" name="tutor" value="default" checked><small id="own-name"></small><p id="chosen"></p>
  </form>
  <div id="servers" hidden></div>
  <form id="own">
    <select id="provider" name="provider"><option value="openai" data-example="gpt"></option><option value="ollama_chat" data-address></option></select>
    <input id="model" name="model"><datalist id="models"></datalist>
    <input id="address" class="address" name="api_base"><input id="key" name="key">
    <button type="submit">Test and keep</button><button type="button" id="forget" hidden></button><p id="tested"></p>
  </form>`;
const OWN = { provider: 'openai', title: 'OpenAI', model: 'small', api_base: '', tested_at: '2026-01-01T00:00:00Z' };
const SERVER = { name: 'Ollama', provider: 'ollama_chat', api_base: 'http://127.0.0.1:11434', models: ['llama', 'qwen'] };

let replies: Record<string, () => Response> = {};
let sent: [string, string, unknown][] = [];

const json = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status });
const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const type = (id: string, value: string) => { element<HTMLInputElement>(id).value = value; };

beforeEach(async () => {
  document.body.innerHTML = PAGE;
  sent = [];
  replies = { 'GET /api/preferences/models': json({ providers: [], servers: [SERVER] }) };
  vi.stubGlobal('fetch', (address: string, { method, body }: { method: string; body?: string }) => {
    sent.push([method, address, body && JSON.parse(body)]);
    return Promise.resolve(replies[`${method} ${address}`]!());
  });
  vi.resetModules();
  await import('../../src/settings/settings');
});

test('a choice is sent at once and said to be kept', async () => {
  replies['PUT /api/preferences'] = json({});
  fireEvent.click(document.querySelector('[value=short]')!);
  await waitFor(() => expect(element('chosen')).toHaveTextContent('Kept'));
  expect(sent).toContainEqual(['PUT', '/api/preferences', { answer_length: 'short' }]);
});

test('a model server of this computer fills the form', async () => {
  await waitFor(() => expect(element('servers')).toHaveTextContent('Use Ollama (2 models)'));
  expect(element('address')).not.toBeVisible();
  fireEvent.click(element('servers').querySelector('button')!);
  expect(element('address')).toHaveValue(SERVER.api_base);
  expect(element('model')).toHaveValue('llama');
  expect(element<HTMLInputElement>('key').required).toBe(false);
});

test('a model that answered is shown, and its key is gone from the page', async () => {
  replies['PUT /api/preferences/model-key'] = json({ tutor: 'own', own_model: OWN });
  type('model', 'small');
  type('key', 'secret');
  fireEvent.submit(element('own'));
  await waitFor(() => expect(element('tested')).toHaveTextContent('small answered'));
  expect(sent).toContainEqual(['PUT', '/api/preferences/model-key', { provider: 'openai', model: 'small', api_base: '', key: 'secret' }]);
  expect(element('key')).toHaveValue('');
  expect(element('own-name')).toHaveTextContent('OpenAI, small');
  expect(document.querySelector('[value=own]')).toBeChecked();
});

test('one that did not answer says why, and the key may be corrected', async () => {
  replies['PUT /api/preferences/model-key'] = json({ message: 'The provider refused the key.' }, 422);
  type('key', 'secert');
  fireEvent.submit(element('own'));
  await waitFor(() => expect(element('tested')).toHaveTextContent('refused the key'));
  expect(element('tested')).toHaveClass('wrong');
  expect(element('key')).toHaveValue('secert');
  expect(document.querySelector('[type=submit]')).toBeEnabled();
});
