import { expect, test } from 'vitest';
import { withoutEchoes } from '../../../functions/adapters/http/without-echoes.ts';
import type { HttpAnswer, HttpRequest } from '../../../functions/ports/http.ts';
import { recordSystems } from '../../../functions/wiring/record-systems.ts';

const secret = 'correct "horse"';

function answering(answer: Partial<HttpAnswer>) {
  return { send: async () => ({ status: 200, headers: {}, text: '', ...answer }) };
}

async function textOf(answer: Partial<HttpAnswer>, request: Partial<HttpRequest> = {}): Promise<string> {
  const http = withoutEchoes(answering(answer), [secret, 'short']);
  return (await http.send({ method: 'POST', url: 'https://erp.example.com', ...request })).text;
}

test('a refusal that quotes a secret comes without it, however it is written', async () => {
  const quoting = `{"ErrorMessage":"The token ${JSON.stringify(secret).slice(1, -1)} is not known"}`;
  expect(JSON.parse(await textOf({ status: 401, text: quoting }))).toEqual({
    ErrorMessage: 'The token … is not known',
  });
  expect(await textOf({ status: 500, text: `<p>${secret}</p>` })).toBe('<p>…</p>');
  expect(await textOf({ status: 200, text: quoting }, { body: JSON.stringify({ password: secret }) })).not.toContain(
    'horse',
  );
});

test('data that happens to hold the same words is left alone', async () => {
  const text = JSON.stringify({ name: secret });
  expect(await textOf({ text })).toBe(text);
  expect(await textOf({ text }, { body: '{"method":"read"}' })).toBe(text);
  expect(await textOf({ status: 404, text: 'in short' })).toBe('in short');
});

test('what a system says of a sign-in is told without the secrets', async () => {
  const password = 'hunter2hunter2';
  const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0, sleep: async () => undefined };
  const vault = { read: async () => ({}) };
  const open = (answer: Partial<HttpAnswer>) => recordSystems({ http: answering(answer), runtime, vault });
  const words = `no user with ${password}`;
  const erp = open({ text: JSON.stringify({ id: 1, error: ['UserError', [words, '']] }) });
  const tryton = await erp.candidateErp(
    'tryton',
    'https://erp.example.com',
    { database: 'd', user: 'u', password },
    { tenantId: 'T' },
  );
  await expect(tryton.capabilities()).rejects.toMatchObject({ explanation: 'no user with …' });
});
