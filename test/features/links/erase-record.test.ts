import { expect, test } from 'vitest';
import type { Item } from '../../../functions/ports/table.ts';
import { handleWork } from '../../../functions/sync/handle-work.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair, saveMapping } from '../set-up-steps.ts';

const phone = '+31 30 1';
const secondPhone = '+31 99 1';
const askedMapping = {
  active: true,
  fields: [
    { erpField: 'NAME', crmField: 'name', direction: 'both' },
    { erpField: 'PHONE', crmField: 'phone', direction: 'both', conflictPolicy: { kind: 'ask' } },
  ],
};

async function linked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  const { json } = await connect(world, connectionId, pair(1), pair(2));
  await world.work();
  world.crm.edit('contact', 'c1', { phone: secondPhone });
  world.nowMs += 60_000;
  const [first, second]: string[] = json.items.map((item: { linkId: string }) => item.linkId);
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'links', linkIds: [first] } } });
  await world.work();
  return { world, connectionId, first: first ?? '', second: second ?? '' };
}

const setAsList = (_name: string, part: unknown) => (part instanceof Set ? [...part] : part);

async function holding(world: ApiWorld, text: string): Promise<string[]> {
  const items: readonly Item[] = await world.standing();
  return items.filter((item) => JSON.stringify(item, setAsList).includes(text)).map(({ type }) => String(type));
}

const erase = (world: ApiWorld, key = 'c1', role: 'admin' | 'service' = 'admin') =>
  world.send('POST', `/v1/crm/company/${key}/erase`, { role });

test('what is stored of a record is erased: no item has a value of it any more, and the answer counts', async () => {
  const { world } = await linked();
  expect(await holding(world, phone)).toContain('changes');
  expect(await holding(world, secondPhone)).toContain('link');
  const { status, json } = await erase(world);
  expect(status).toBe(200);
  expect(json).toMatchObject({ links: 1, failures: 0, conflicts: 0, complete: true });
  expect(json.changes).toBeGreaterThan(1);
  for (const value of [phone, secondPhone, 'NL1', 'Firm 1']) expect(await holding(world, value), value).toEqual([]);
  expect((await erase(world)).json).toEqual({ links: 0, changes: 0, failures: 0, conflicts: 0, complete: true });
});

test('the log keeps when, which field, why and by which run, and is marked as erased', async () => {
  const { world, first } = await linked();
  const before = (await world.send('GET', `/v1/changes?linkId=${first}`)).json.items;
  await erase(world);
  const after = (await world.send('GET', `/v1/changes?linkId=${first}`)).json.items;
  expect(after).toHaveLength(before.length);
  for (const [at, change] of after.entries()) {
    const { oldValue: _old, newValue: _new, sentValue: _sent, conflict, crmName, erpName, ...kept } = before[at];
    expect([crmName, erpName]).toEqual(['Firm 1', 'Firm 1']);
    expect(change).toMatchObject({ ...kept, oldValue: null, newValue: null, erased: true });
    expect(change).not.toHaveProperty('crmName');
    expect(change).not.toHaveProperty('erpName');
    expect(change.conflict === undefined).toBe(conflict === undefined);
  }
  const { runId } = before[0];
  const ofRun = (await world.send('GET', `/v1/sync-runs/${runId}/changes`)).json.items;
  expect(ofRun.filter((change: { linkId: string }) => change.linkId === first)).toMatchObject([{ erased: true }]);
});

test('the link is disconnected and shown as erased; others keep theirs', async () => {
  const { world, first, second } = await linked();
  const other = (await world.send('GET', `/v1/changes?linkId=${second}`)).json;
  await erase(world);
  expect((await world.send('GET', `/v1/links/${first}`)).json).toMatchObject({
    state: 'disconnected',
    erasedAt: expect.any(String),
  });
  const explained = (await world.send('GET', `/v1/links/${first}/fields`)).json;
  expect(explained).toMatchObject({ notSynced: 'link-disconnected', erasedAt: expect.any(String) });
  const field = explained.fields.find(({ crmField }: { crmField: string }) => crmField === 'phone');
  expect(field.lastAgreed).toBeUndefined();
  expect(field.why.change).toMatchObject({ erased: true, oldValue: null, newValue: null });
  expect((await world.send('GET', `/v1/links/${second}`)).json).toMatchObject({ state: 'active' });
  expect((await world.send('GET', `/v1/changes?linkId=${second}`)).json).toEqual(other);
});

test('the trail tells who erased which record, and none of its data', async () => {
  const { world } = await linked();
  await erase(world);
  const { items } = (await world.send('GET', '/v1/audit?subject=crm-record')).json;
  expect(items).toMatchObject([{ act: 'crm-record.erase', subject: { id: 'company/c1' }, by: { id: 'key-of-admin' } }]);
  expect(JSON.stringify(items)).not.toContain('Firm');
});

test('open failures and held fields of the record go with their words', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await saveMapping(world, connectionId, askedMapping)).status).toBe(200);
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  addRecords(world, 1);
  await connect(world, connectionId, pair(1));
  await world.work();
  const open = async () => (await world.send('GET', `/v1/failures?connectionId=${connectionId}`)).json.items.length;
  expect(await open()).toBe(1);
  expect((await erase(world)).json).toMatchObject({ links: 1, failures: 1, conflicts: 1 });
  expect(await open()).toBe(0);
});

test('a link that is being written is left for a minute, and that is said', async () => {
  const { world, first } = await linked();
  const link = await world.app.links.get(world.tenantId, first);
  if (!link) throw new Error('it is there');
  const read = { versions: { crm: '1', erp: '1' }, readAtMs: { crm: 1, erp: 1 } };
  const intent = { token: 't', runId: 'r', chunkId: 'k', expiresAtMs: world.nowMs + 60_000, ...read, writes: [] };
  await world.app.links.takeIntent(link, intent);
  expect(await erase(world)).toMatchObject({ status: 409, json: { detail: expect.stringContaining('try again') } });
  world.nowMs += 61_000;
  expect((await erase(world)).json).toMatchObject({ links: 1 });
  expect((await world.app.links.get(world.tenantId, first))?.intent).toBeUndefined();
});

test('what a dry run planned of a record is erased too, also where it is erased while the run plans, or its worker dies', async () => {
  for (const meanwhile of ['before', 'after', 'dies'] as const) {
    const { world, connectionId } = await linked();
    world.crm.edit('contact', 'c1', { phone: '+31 55 5' });
    const erased = async () => expect((await erase(world)).json).toMatchObject({ links: 1, complete: true });
    const { changeLog } = world.app;
    const { putPlanned } = changeLog;
    changeLog.putPlanned = async (changes) => {
      changeLog.putPlanned = putPlanned;
      if (meanwhile !== 'after') await erased();
      await putPlanned(changes);
      if (meanwhile === 'dies') throw new Error('dead');
    };
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId, dryRun: true } });
    for (let messages = world.takeAll(); messages.length > 0; messages = world.takeAll()) {
      for (const message of messages) {
        await handleWork(world.app, message, 1).catch(() => handleWork(world.app, message, 2));
      }
    }
    if (meanwhile === 'after') await erased();
    expect(await holding(world, '+31 55 5'), meanwhile).toEqual([]);
  }
});

test('only an administrator erases, and a record without links is no fault', async () => {
  const { world } = await linked();
  expect((await erase(world, 'c1', 'service')).status).toBe(403);
  expect((await erase(world, 'c99')).json).toMatchObject({ links: 0, changes: 0, complete: true });
  expect((await world.send('GET', '/v1/audit?subject=crm-record')).json.items).toEqual([]);
});

test('a request that dies at any call leaves nothing that the same request does not erase', async () => {
  const undisturbed = await linked();
  await erase(undisturbed.world);
  const calls = undisturbed.world.storageCalls;
  expect(calls).toBeGreaterThan(5);
  for (let dieAt = 1; dieAt <= calls; dieAt += 1) {
    const { world } = await linked();
    world.storageGate = () => {
      if (world.storageCalls + 1 >= dieAt) throw new Error('dead');
    };
    expect((await erase(world)).status, `at call ${dieAt}`).toBe(500);
    world.storageGate = () => {};
    expect((await erase(world)).json, `at call ${dieAt}`).toMatchObject({ complete: true });
    for (const value of [phone, secondPhone]) expect(await holding(world, value), `at call ${dieAt}`).toEqual([]);
    expect((await world.send('GET', '/v1/audit?subject=crm-record')).json.items, `at call ${dieAt}`).toHaveLength(1);
  }
});
