/** What only a status says: a page of something in front of Tryton is no word of Tryton's. */
import { expect, test } from 'vitest';
import { versionOf } from '../../../../../functions/adapters/erp/tryton/read/version.ts';
import { tryton } from '../../../../../functions/adapters/erp/tryton/tryton.ts';
import { type Scripted, scriptedTryton } from '../scripted-tryton.ts';

const runtime = { nowMs: () => 0, now: () => '', newId: () => 'id', random: () => 0.5, sleep: async () => undefined };
const probe = 'model.res.user.get_preferences';
const answers: Scripted = { result: {} };

function on(script: Readonly<Record<string, readonly Scripted[]>>) {
  const config = { database: 'e', user: 'x' };
  return tryton({ http: scriptedTryton(script), runtime, url: 'https://e.example', config, password: 'y' });
}

const statuses = [302, 400, 403, 404, 405, 418];

test.each(statuses)(
  'a read refused with %i while Tryton answers the session is an outage of one call',
  async (status) => {
    const system = on({ 'model.country.country.search_read': [{ status, text: '<html>' }], [probe]: [answers] });
    await expect(system.listItems('country')).rejects.toMatchObject({
      kind: 'transient',
      explanation: expect.stringContaining('in front of Tryton'),
    });
  },
);

test.each(statuses)('where every call is answered with %i an administrator has to mend it', async (status) => {
  const system = on({ 'model.country.country.search_read': [{ status }], [probe]: [{ status }] });
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('where a session that worked gets through no more it is an outage, which says what answers', async () => {
  const system = on({
    'model.country.country.search_read': [{ result: [] }, { status: 404 }],
    [probe]: [{ status: 404 }],
  });
  await system.listItems('country');
  await expect(system.listItems('country')).rejects.toMatchObject({
    kind: 'transient',
    explanation: expect.stringContaining('another server answers in its place'),
  });
});

test('a sign-in in whose place one page comes is tried once more, for no Tryton has seen the password', async () => {
  const country = { 'model.country.country.search_read': [{ result: [] }] };
  const login: Scripted[] = [{ status: 403, text: '<html>' }, { result: [7, 'key', null] }];
  expect(await on({ ...country, 'common.db.login': login }).listItems('country')).toEqual([]);
  const http = scriptedTryton({ 'common.db.login': [{ status: 401, text: '<html>' }] });
  const refused = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  await expect(refused.listItems('country')).rejects.toMatchObject({ kind: 'unauthorised' });
  expect(http.methods).toEqual(['common.db.login']);
  const unknown = on({ ...country, 'common.db.login': [{ status: 404 }] });
  await expect(unknown.listItems('country')).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a page with 401 in the place of an answer ends no session that Tryton takes otherwise', async () => {
  const page: Scripted = { status: 401, text: '<html>' };
  const system = on({ 'model.country.country.search_read': [page], [probe]: [answers] });
  await expect(system.listItems('country')).rejects.toMatchObject({ kind: 'transient' });
});

test('a limit that our own calls used up is waited for once, and a lock of the sign-in never', async () => {
  const limit: Scripted = { status: 429 };
  const countries = (...answers: Scripted[]) => ({ 'model.country.country.search_read': answers });
  const system = on(countries({ result: [] }, limit, { result: [] }, limit, limit));
  await system.listItems('country');
  expect(await system.listItems('country')).toEqual([]);
  await expect(system.listItems('country')).rejects.toMatchObject({
    kind: 'throttled',
    explanation: expect.not.stringContaining('sign-in'),
  });
  const http = scriptedTryton({ 'common.db.login': [limit] });
  const locked = tryton({
    http,
    runtime,
    url: 'https://e.example',
    config: { database: 'e', user: 'x' },
    password: 'y',
  });
  await expect(locked.listItems('country')).rejects.toMatchObject({
    kind: 'throttled',
    explanation: expect.stringContaining('failed sign-ins'),
  });
  expect(http.methods).toEqual(['common.db.login']);
});

test('a write that is kept from Tryton fails alone, and its neighbours are written', async () => {
  const work = (id: number) => ({
    ...{ id, _write: 1, _timestamp: '1', last_modified_at: '2026-11-23T11:00:00.000Z', write_uid: 1, create_uid: 1 },
    ...{ name: `Work ${id}`, number: null, comment: null },
  });
  const system = on({
    'model.project.work.search_read': [{ result: [work(1), work(2)] }],
    'model.project.work.write': [{ status: 403 }, { status: 403 }, { result: null }],
    [probe]: [answers],
  });
  const writes = [1, 2].map((id) => ({
    ...{ key: String(id), values: { NAME: 'New' }, replaces: { NAME: `Work ${id}` } },
    version: versionOf([{ model: 'project.work', id, mayWrite: true, timestamp: '1', modifiedAtMs: 0, writerId: 1 }]),
  }));
  expect(await system.update('project', writes, ['NAME'])).toMatchObject([
    { outcome: 'failed', error: { kind: 'forbidden', explanation: expect.stringContaining('in front of Tryton') } },
    { outcome: 'ok' },
  ]);
});

test('an answer of another shape is told plainly, with its place and nothing that stands there', async () => {
  const country = { id: 1, name: 'Secret', code: 7 };
  const system = on({ 'model.country.country.search_read': [{ result: [country] }] });
  const failure = await system.listItems('country').catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: 'misconfigured', explanation: expect.stringContaining('"code"') });
  expect(failure).not.toMatchObject({ explanation: expect.stringContaining('Secret') });
});
