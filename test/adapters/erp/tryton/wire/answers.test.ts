import { expect, test } from 'vitest';
import { connector } from '../../../../../functions/adapters/erp/tryton/connector.ts';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import type { Effect } from '../../../../../functions/adapters/erp/tryton/wire/answer-error.ts';
import { jsonRpc } from '../../../../../functions/adapters/erp/tryton/wire/json-rpc.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

let nowMs = 0;
const runtime = { nowMs: () => nowMs, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => {} };
const url = 'https://erp.example/';

function ask(answer: Scripted, effect: Effect) {
  const http = scriptedTryton({ m: [answer] });
  return jsonRpc({ http, runtime, url })({ path: '/erp/rpc/', method: 'm', params: [], effect });
}

test.each<[string, Scripted, Effect, object]>([
  [
    'a refused write',
    { error: ['UserError', ['No.', 'Why.', null]] },
    'write',
    { kind: 'rejected', explanation: 'No. – Why.' },
  ],
  ['a refused read', { error: ['UserError', ['No.', '', null]] }, 'read', { kind: 'forbidden', explanation: 'No.' }],
  ['a warning', { error: ['UserWarning', ['name', 'Sure?', '']] }, 'write', { kind: 'rejected', explanation: 'Sure?' }],
  ['a stale row', { error: ['ConcurrencyException', 'modified'] }, 'write', { kind: 'stale' }],
  ['a second factor', { error: ['LoginException', ['sms', 'Code', 'char']] }, 'read', { kind: 'unauthorised' }],
  ['an unknown field', { error: ["'nofield'", ''] }, 'read', { kind: 'misconfigured', explanation: "'nofield'" }],
  ['a busy database', { error: ['database is locked', 'Traceback'] }, 'write', { kind: 'transient' }],
  ['a fault', { error: ['list index out of range', 'Traceback'] }, 'write', { kind: 'defect' }],
  ['a time-out of the server', { error: [] }, 'write', { kind: 'transient' }],
  ['a forbidden method', { status: 403 }, 'write', { kind: 'misconfigured' }],
  ['an address that leads elsewhere', { status: 308 }, 'read', { kind: 'misconfigured' }],
  ['an unknown database', { status: 404 }, 'read', { kind: 'misconfigured' }],
  [
    'too many tries',
    { status: 429, headers: { 'retry-after': '30' } },
    'read',
    { kind: 'throttled', retryAfterMs: 30_000 },
  ],
  ['a gateway that is down, on a read', { status: 503 }, 'read', { kind: 'transient' }],
  ['a gateway that is down, on a write', { status: 503 }, 'write', { kind: 'unknown-outcome' }],
  ['a page of the server on a read', { status: 500 }, 'read', { kind: 'transient' }],
  ['a page of a network in front, on a read', { status: 520 }, 'read', { kind: 'transient' }],
  ['a request that took too long, on a read', { status: 408 }, 'read', { kind: 'transient' }],
  ['a page of the server on a write', { status: 500 }, 'write', { kind: 'unknown-outcome' }],
  ['a page of maintenance, on a read', { status: 200, text: '<html>' }, 'read', { kind: 'transient' }],
  ['an answer cut short, on a read', { status: 200, text: '{"id":1,"result":[{"id":1' }, 'read', { kind: 'transient' }],
  ['a page of maintenance, on a write', { status: 200, text: '<html>' }, 'write', { kind: 'unknown-outcome' }],
  ['another kind of server', { status: 200, text: '<html>' }, 'probe', { kind: 'misconfigured' }],
  [
    'half a character',
    { error: ["'utf-8' codec can't encode character '\\ud800' in position 5: surrogates not allowed", ''] },
    'write',
    { kind: 'rejected' },
  ],
  [
    'a text with NUL',
    { error: ['PostgreSQL text fields cannot contain NUL (0x00) bytes', ''] },
    'write',
    { kind: 'rejected' },
  ],
])('%s becomes an error by what it says', async (_case, answer, effect, expected) => {
  await expect(ask(answer, effect)).rejects.toMatchObject(expected);
});

test('an answer tells the clock of the server when the call began', async () => {
  const http = scriptedTryton({ m: [{ result: 1 }] });
  const slow = {
    send: async (request: Parameters<typeof http.send>[0]) => {
      nowMs += 2_500;
      return http.send(request);
    },
  };
  const answer = await jsonRpc({ http: slow, runtime, url })({ path: '/', method: 'm', params: [], effect: 'read' });
  expect(answer.beganAtMs).toBe(Date.parse('2026-11-23T09:59:57.500Z'));
});

const noAccess = [{ result: { 'project.work': { read: 0, write: 0, create: 0, delete: 0 } } }];

test.each<[string, Scripted[]]>([
  ['the module is not active', [{ error: ["'project.work'", ''] }]],
  ['the user may not read them', noAccess],
])('projects are not offered where %s', async (_case, access) => {
  const http = scriptedTryton({
    'model.party.address.fields_get': [{ result: {} }],
    'model.ir.model.access.get_access': access,
  });
  const system = tryton({ http, runtime, url, config: { database: 'erp', user: 'x' }, password: 'y' });
  const { types } = await system.capabilities();
  expect(types.map(({ type, table }) => `${type} in ${table}`)).toEqual([
    'customer in party.party',
    'supplier in party.party',
    'partner in party.party',
    'person in party.party',
  ]);
});

test('a setting that is missing is named', async () => {
  const system = tryton({ http: scriptedTryton({}), runtime, url, config: { database: 'erp' }, password: 'y' });
  await expect(system.capabilities()).rejects.toMatchObject({ kind: 'misconfigured', faults: [{ path: 'user' }] });
});

test('a refused password is not tried again until a minute has passed', async () => {
  const http = scriptedTryton({
    'common.db.login': [{ status: 401 }, { result: [7, 'key', null] }],
    'model.country.country.search_read': [{ result: [] }],
  });
  const system = tryton({ http, runtime, url, config: { database: 'erp', user: 'x' }, password: 'y' });
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'unauthorised' });
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'unauthorised' });
  expect(http.methods).toHaveLength(1);
  nowMs += 61_000;
  await expect(system.listItems('country')).resolves.toEqual([]);
});

test('a sign-in that is answered with something else is not refused: it is tried again', async () => {
  const http = scriptedTryton({
    'common.db.login': [{ result: null }, { result: [7, 'key', null] }],
    'model.country.country.search_read': [{ result: [] }],
  });
  const system = tryton({ http, runtime, url, config: { database: 'erp', user: 'x' }, password: 'y' });
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(system.listItems('country')).resolves.toEqual([]);
});

test('a session that is refused at its first call is signed in for once more, and then believed to be refused', async () => {
  const opened = (answers: Scripted[]) => {
    const http = scriptedTryton({ 'model.country.country.search_read': answers });
    const config = { database: 'erp', user: 'x' };
    return { http, system: tryton({ http, runtime, url, config, password: 'y' }) };
  };
  const once = opened([{ status: 401 }, { result: [] }]);
  await expect(once.system.listItems('country')).resolves.toEqual([]);
  const { http, system } = opened([{ status: 401 }]);
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'unauthorised' });
  const tried = ['common.db.login', 'model.country.country.search_read'];
  expect(http.methods).toEqual([...tried, ...tried]);
});

test('an older Tryton is told apart by its version', async () => {
  const http = scriptedTryton({ 'common.server.version': [{ status: 405 }, { result: '6.0.29' }] });
  await expect(connector.reach({ http, runtime }, url)).rejects.toMatchObject({
    kind: 'misconfigured',
    explanation: 'This is Tryton 6.0.29. The connector works with Tryton 8.',
  });
});
