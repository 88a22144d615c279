/** What of the CRM a user sees: every operation for users, of records that the CRM shows to them and of hidden ones. */
import { beforeAll, expect, test } from 'vitest';
import type { UserOperationId } from '../../../functions/http/registry.ts';
import { pair } from '../set-up-steps.ts';
import { everyRequest, nothing, type UserWorld, userWorld, withoutNames } from './user-steps.ts';

/**
 * Whether an operation shows a record of the CRM, or acts on one: a new one does not compile before it says so. `pairs`:
 * each is told apart.
 */
const isAbout: Readonly<Record<UserOperationId, 'record' | 'pairs' | 'none'>> = {
  listConnections: 'none',
  readConnection: 'none',
  listActorTypes: 'none',
  listErpItems: 'none',
  searchActors: 'none',
  readActor: 'none',
  previewLinks: 'pairs',
  connectLinks: 'pairs',
  listLinks: 'record',
  readLink: 'record',
  explainLink: 'record',
  disconnectLink: 'record',
  restoreLink: 'record',
  moveLink: 'record',
  triggerRun: 'record',
  readRun: 'record',
  listChanges: 'record',
  listConflicts: 'record',
  listFailures: 'record',
  resolveConflict: 'record',
  getFailure: 'record',
  retryFailure: 'record',
};
const requestsAbout = (what: 'record' | 'pairs' | 'none') =>
  everyRequest.filter(([name]) => isAbout[name.split(' ')[0] as UserOperationId] === what);

const tom = '5';
const company = (crmKey: string) => ({ crmType: 'company', crmKey }) as const;
const every = Array.from({ length: 12 }, (_, at) => company(`c${at + 1}`));

async function worldWithout(...records: ReturnType<typeof company>[]): Promise<UserWorld> {
  const one = await userWorld();
  for (const record of records) one.world.sight.hide(tom, record);
  one.world.nowMs += 5 * 60_000;
  return one;
}

let hidden: UserWorld;
beforeAll(async () => {
  hidden = await worldWithout(...every);
});

test.each(requestsAbout('record'))(
  '%s of a hidden record is answered like one of what does not exist',
  async (_, request) => {
    const { out } = request(hidden.asked);
    const refused = await hidden.ask(request(hidden.asked));
    expect(refused.status).toBe(out === 'empty' ? 200 : 404);
    if (out === 'empty') expect(refused.json).toEqual({ items: [] });
    const unknown = await hidden.ask(request({ ...nothing, connection: hidden.asked.connection }));
    expect(withoutNames(refused, hidden.asked)).toBe(withoutNames(unknown, nothing));
  },
);

test.each(requestsAbout('none'))(
  '%s shows no record of the CRM: it is answered, and the CRM is asked nothing',
  async (_, request) => {
    const asked = hidden.world.sight.asked.length;
    expect((await hidden.ask(request(hidden.asked))).status).toBe(request(hidden.asked).good);
    expect(hidden.world.sight.asked).toHaveLength(asked);
  },
);

test('a search says that an actor is linked where the record is hidden; the id of that link opens nothing', async () => {
  const one = await worldWithout(...every);
  const { json } = await one.get(`/v1/connections/${one.asked.connection}/actors/customer?q=Firm`);
  const linked = json.items.filter((hit: { linked: boolean }) => hit.linked);
  expect(linked.length).toBeGreaterThan(0);
  for (const { linkId } of linked) {
    for (const path of [`links/${linkId}`, `links/${linkId}/fields`]) {
      expect((await one.get(`/v1/${path}`)).status).toBe(404);
    }
    for (const path of ['changes', 'conflicts', 'failures']) {
      expect((await one.get(`/v1/${path}?linkId=${linkId}`)).json.items).toEqual([]);
    }
  }
});

test('what is read of a record in sight is answered, whatever else is hidden', async () => {
  const asked = ['c1', 'c2', 'c4', 'c5', 'c6', 'c10'];
  const one = await worldWithout(...every.filter(({ crmKey }) => !asked.includes(crmKey)));
  const reads = everyRequest.filter(([name, request]) => request(nothing).method === 'GET' || /^preview/.test(name));
  for (const [name, request] of reads) {
    const { good, out } = request(one.asked);
    const { status, json } = await one.ask(request(one.asked));
    expect({ name, status }).toEqual({ name, status: good });
    if (out === 'empty') expect({ name, items: json.items.length }).not.toEqual({ name, items: 0 });
  }
});

test.each([
  ['unanswered', 503, 'transient'],
  ['ended', 401, 'unauthenticated'],
  ['not-askable', 403, 'forbidden'],
] as const)(
  'where the CRM says nothing of the user (%s) everything about a record is %i',
  async (refusal, status, type) => {
    const one = await userWorld();
    one.world.nowMs += 5 * 60_000;
    one.world.sight.refusal = refusal;
    for (const [name, request] of [...requestsAbout('record'), ...requestsAbout('pairs')]) {
      const { status: answered, json } = await one.ask(request(one.asked));
      expect({ name, answered, type: json.type }).toEqual({ name, answered: status, type });
    }
  },
);

test('a list by a record says the same of one without links and of a hidden one while the CRM does not answer', async () => {
  const one = await worldWithout(company('c1'));
  one.world.sight.refusal = 'unanswered';
  for (const crmKey of ['c1', 'c11', 'c999']) {
    for (const path of ['links', 'changes', 'conflicts', 'failures']) {
      expect((await one.get(`/v1/${path}?crmType=company&crmKey=${crmKey}`)).status).toBe(503);
    }
  }
});

test('of what is out of scope the CRM is asked nothing', async () => {
  const one = await userWorld();
  await one.scope({ users: ['10'], groups: [] });
  one.world.nowMs += 5 * 60_000;
  const asked = one.world.sight.asked.length;
  for (const path of [`links/${one.asked.link}`, `links/${one.asked.link}/fields`, `failures/${one.asked.failure}`]) {
    expect((await one.get(`/v1/${path}`)).status).toBe(404);
  }
  expect((await one.get(`/v1/changes?linkId=${one.asked.link}`)).json.items).toEqual([]);
  expect(one.world.sight.asked).toHaveLength(asked);
});

const ask = (one: UserWorld, path: string, ...pairs: object[]) =>
  one.ask({ method: 'POST', path, body: { connectionId: one.asked.connection, pairs } });

test.each(['/v1/links/preview', '/v1/links'])(
  '%s refuses a pair with a hidden record like one with a missing record',
  async (path) => {
    const one = await worldWithout(company('c10'));
    const refused = await ask(one, path, pair(10));
    const unknown = await ask(one, path, pair(10, 999));
    expect(withoutNames(refused, { key: 'c10' })).toBe(withoutNames(unknown, { key: 'c999' }));
    expect(JSON.stringify(refused.json)).toMatch(/crm-record-missing|The CRM has no such record/);
    expect(JSON.stringify(refused.json)).not.toContain('+31 30');
  },
);

test('of pairs together those in sight are linked, and the CRM is asked once for all of them', async () => {
  const one = await worldWithout(company('c10'));
  const asked = one.world.sight.asked.length;
  const { status, json } = await ask(one, '/v1/links', pair(10), pair(11), pair(12));
  expect(status).toBe(202);
  expect(json.items.map(({ result, reason }: { result: string; reason?: string }) => reason ?? result)).toEqual([
    'crm-record-missing',
    'connected',
    'connected',
  ]);
  expect(one.world.sight.asked.slice(asked).map(({ sight }) => sight.records.length)).toEqual([3]);
});

test('administrators and keys of services are not asked of', async () => {
  const asked = hidden.world.sight.asked.length;
  for (const role of ['admin', 'service'] as const) {
    const { status } = await hidden.world.send('GET', `/v1/links/${hidden.asked.link}`, { role });
    expect(status).toBe(200);
  }
  expect(hidden.world.sight.asked).toHaveLength(asked);
});

/** Company 1 is merged into company 9, and is no more. */
async function mergedInCrm(): Promise<UserWorld> {
  const one = await userWorld();
  one.world.crm.setStanding('contact', 'c1', { kind: 'merged', into: 'c9' });
  await one.world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId: one.asked.connection } });
  await one.world.work();
  one.world.sight.hide(tom, company('c1'));
  one.world.nowMs += 5 * 60_000;
  return one;
}

test('a link whose record was merged is seen, and moved, by whoever sees the record that took its place', async () => {
  const one = await mergedInCrm();
  expect((await one.get(`/v1/links/${one.asked.link}`)).json).toMatchObject({ state: 'broken', mergedInto: 'c9' });
  one.world.sight.hide(tom, company('c9'));
  one.world.nowMs += 5 * 60_000;
  expect((await one.get(`/v1/links/${one.asked.link}`)).status).toBe(404);
});

test('a link is moved to no record that is hidden: it is like one that is missing', async () => {
  const one = await mergedInCrm();
  one.world.sight.hide(tom, company('c10'));
  const move = (crmKey: string) =>
    one.ask({ method: 'POST', path: `/v1/links/${one.asked.link}/move`, body: { crmKey } });
  const [refused, unknown] = [await move('c10'), await move('c999')];
  expect([refused.status, refused.json.detail]).toEqual([
    409,
    'The CRM has no such record. Look for it in the CRM and send the key of a record that is there.',
  ]);
  expect(withoutNames(refused, {})).toBe(withoutNames(unknown, {}));
  expect((await move('c9')).status).toBe(202);
});

test('of a link that was moved a user reads the log of the record that it joins now, not of the one before', async () => {
  const one = await mergedInCrm();
  const path = `/v1/links/${one.asked.link}/move`;
  expect((await one.world.send('POST', path, { body: { crmKey: 'c10' } })).status).toBe(202);
  await one.world.work();
  one.world.erp.edit('party', 'p1', { PHONE: '+31 77' });
  await one.world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: one.asked.connection } });
  await one.world.work();
  one.world.sight.hide(tom, company('c9'));
  one.world.nowMs += 5 * 60_000;
  const keysIn = (answered: { json: { items: { crmKey: string }[] } }) =>
    [...new Set(answered.json.items.map(({ crmKey }) => crmKey))].sort();
  const ofLink = `/v1/changes?linkId=${one.asked.link}`;
  expect(keysIn(await one.world.send('GET', ofLink))).toEqual(['c1', 'c10']);
  expect(keysIn(await one.get(ofLink))).toEqual(['c10']);
  expect(keysIn(await one.get(`${ofLink}&limit=1`))).toEqual(['c10']);
  expect(keysIn(await one.get('/v1/changes?crmType=company&crmKey=c10'))).toEqual(['c10']);
});
