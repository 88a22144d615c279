/** What people call the records of a link, as it was last seen: where it is shown, when it changes, and when it goes. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const unnamed = {
  active: true,
  fields: [
    { erpField: 'NAME', crmField: 'note', direction: 'both' },
    { erpField: 'PHONE', crmField: 'phone', direction: 'both', conflictPolicy: { kind: 'ask' } },
  ],
};

/** Linked, with a mapping that does not have the CRM's name: what both are called differs and stays so. */
async function linked() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const path = `/v1/connections/${connectionId}`;
  await world.send('POST', `${path}/deactivate`);
  await world.change('PUT', `${path}/actor-types/customer/mapping`, unnamed);
  await world.send('POST', `${path}/activate`);
  addRecords(world, 2);
  world.erp.edit('party', 'p1', { NAME: 'FIRM-1', PHONE: '+31 30 1' });
  world.crm.edit('contact', 'c1', { note: 'FIRM-1' });
  world.erp.edit('party', 'p2', { PHONE: '+31 30 2' });
  const { json } = await connect(world, connectionId, pair(1));
  await world.work();
  if (!json.items) throw new Error(JSON.stringify(json));
  const linkId: string = json.items[0].linkId;
  const read = async (what: string) => (await world.send('GET', `/v1/${what}`)).json;
  const sync = async (kind = 'sync', dryRun = false) => {
    world.nowMs += 60_000;
    const { json: run } = await world.send('POST', '/v1/sync-runs', { body: { kind, connectionId, dryRun } });
    await world.work();
    return run.id as string;
  };
  return { world, connectionId, linkId, read, sync };
}

const names = { crmName: 'Firm 1', erpName: 'FIRM-1' };

test('a link has the names of both records from its first look on, mapped or not', async () => {
  const { linkId, read } = await linked();
  expect((await read('links')).items).toMatchObject([names]);
  expect(await read(`links/${linkId}`)).toMatchObject(names);
  expect(await read(`links/${linkId}/fields`)).toMatchObject(names);
});

test('the log, planned changes, failures and conflicts say which records they are about', async () => {
  const { world, linkId, read, sync } = await linked();
  world.crm.edit('contact', 'c1', { phone: '+31 71' });
  const dry = await sync('compare', true);
  expect((await read(`sync-runs/${dry}/changes`)).items).toMatchObject([names]);
  await sync();
  expect((await read(`changes?linkId=${linkId}`)).items).toMatchObject([names]);
  world.crm.edit('contact', 'c1', { phone: '+31 72' });
  world.erp.edit('party', 'p1', { PHONE: '+31 73' });
  await sync();
  const pairOfBoth = { crmType: 'company', crmKey: 'c1', actorType: 'customer', erpKey: 'p1', ...names };
  expect((await read('failures')).items).toMatchObject([{ linkId, ...pairOfBoth }]);
  expect(await read(`failures/${linkId}`)).toMatchObject(pairOfBoth);
  expect((await read('conflicts')).items).toMatchObject([pairOfBoth]);
});

test('a name that changed is seen by the look at that change, and the log keeps what it was', async () => {
  const { world, linkId, read, sync } = await linked();
  world.crm.edit('contact', 'c1', { phone: '+31 71' });
  await sync();
  world.crm.edit('contact', 'c1', { name: 'Firm One' });
  await sync();
  expect(await read(`links/${linkId}`)).toMatchObject({ crmName: 'Firm One', erpName: 'FIRM-1' });
  expect((await read('changes')).items).toMatchObject([names]);
});

test('a name that was written is the name at once', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, connectionId, pair(1));
  await world.work();
  world.crm.edit('contact', 'c1', { name: 'Firm One' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  await world.work();
  const { json } = await world.send('GET', '/v1/links');
  expect(json.items).toMatchObject([{ crmName: 'Firm One', erpName: 'Firm One' }]);
});

test('a look that finds nothing different stores nothing, also where the link has no names yet', async () => {
  const { world, linkId, sync } = await linked();
  const before = await world.app.links.get(world.tenantId, linkId);
  if (!before) throw new Error('it is there');
  const stored = await world.app.links.record({ before, after: { ...before, names: undefined } });
  await sync('compare');
  expect(await world.app.links.get(world.tenantId, linkId)).toEqual(stored);
});

test('a record that is gone is still called what it was', async () => {
  const { world, linkId, read, sync } = await linked();
  world.erp.removeRecord('party', 'p1');
  await sync('compare');
  expect(await read(`links/${linkId}`)).toMatchObject({ state: 'broken', ...names });
  expect((await read('failures')).items).toMatchObject([{ reason: 'erp-actor-gone', ...names }]);
});

test('a link that is moved forgets the name of the record that it leaves', async () => {
  const { world, linkId, read, sync } = await linked();
  world.erp.edit('party', 'p1', { NAME: null });
  world.erp.setStanding('party', 'p1', { kind: 'merged', into: 'p2' });
  await sync('compare');
  expect(await read(`links/${linkId}`)).toMatchObject({ state: 'broken', ...names });
  const moved = await world.send('POST', `/v1/links/${linkId}/move`, { body: {} });
  expect(moved).toMatchObject({ status: 202, json: { erpKey: 'p2', crmName: 'Firm 1' } });
  expect(moved.json).not.toHaveProperty('erpName');
  await world.work();
  expect(await read(`links/${linkId}`)).toMatchObject({ erpKey: 'p2', crmName: 'Firm 1', erpName: expect.any(String) });
});

test('the name of an erased record is nowhere any more', async () => {
  const { world, linkId, read, sync } = await linked();
  world.crm.edit('contact', 'c1', { phone: '+31 71' });
  await sync('compare', true);
  await sync();
  world.crm.edit('contact', 'c1', { phone: '+31 72' });
  world.erp.edit('party', 'p1', { PHONE: '+31 73' });
  await sync();
  const holding = async () => {
    const items = (await world.standing()).filter((item) => /firm.1/i.test(JSON.stringify(item)));
    return [...new Set(items.map(({ type }) => type))].toSorted();
  };
  expect(await holding()).toEqual(['change', 'changes', 'failure', 'link']);
  await world.send('POST', '/v1/crm/company/c1/erase');
  expect(await holding()).toEqual([]);
  expect(await read(`links/${linkId}`)).not.toHaveProperty('crmName');
});

test('an answer that is kept to be given again has no names, which would outlive their record', async () => {
  const { world, linkId, read } = await linked();
  const headers = { 'idempotency-key': 'restored-once' };
  const restored = async () => world.send('POST', `/v1/links/${linkId}/restore`, { headers });
  await world.send('DELETE', `/v1/links/${linkId}`);
  const { status, json } = await restored();
  expect([status, json]).toMatchObject([202, names]);
  await world.work();
  await world.send('POST', '/v1/crm/company/c1/erase');
  const again = await restored();
  expect(again).toMatchObject({ status: 202, headers: { 'idempotent-replayed': 'true' }, json: { id: json.id } });
  expect(Object.keys(again.json).filter((key) => key in names)).toEqual([]);
  expect((await read(`links/${linkId}`)).state).toBe('disconnected');
});
