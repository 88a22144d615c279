/** A field that is mapped no more keeps its base, for when it is again; nobody is asked about it, and it is listed nowhere. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

/** Two links: one asks about its phone, the phones of the other are agreed to differ. */
async function differing() {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 2);
  await connect(world, connectionId, pair(1), pair(2));
  await world.work();
  await world.change('PATCH', `/v1/connections/${connectionId}`, { conflictPolicy: { kind: 'ask' } });
  world.nowMs += 60_000;
  world.crm.edit('contact', 'c2', { phone: null });
  await ran(world, connectionId, { kind: 'resync-from-crm', noBlanks: true });
  world.erp.edit('party', 'p1', { PHONE: '+31 71' });
  world.crm.edit('contact', 'c1', { phone: '+31 72' });
  await ran(world, connectionId, { kind: 'sync' });
  return { world, connectionId };
}

async function ran(world: ApiWorld, connectionId: string, body: object): Promise<void> {
  await world.send('POST', '/v1/sync-runs', { body: { connectionId, ...body } });
  await world.work();
}

async function remap(world: ApiWorld, connectionId: string, withPhone: boolean): Promise<void> {
  const path = `/v1/connections/${connectionId}`;
  await world.send('POST', `${path}/deactivate`);
  const fields = customerMapping.fields.filter(({ erpField }) => withPhone || erpField !== 'PHONE');
  expect((await saveMapping(world, connectionId, { active: true, fields })).status).toBe(200);
  expect((await world.send('POST', `${path}/activate`)).status).toBe(200);
  await world.work();
}

async function listed(world: ApiWorld, connectionId: string) {
  const summary = await world.send('GET', `/v1/connections/${connectionId}/summary`);
  const differ = await world.send('GET', `/v1/links?connectionId=${connectionId}&differing=true`);
  const conflicts = (await world.send('GET', '/v1/conflicts')).json.items;
  const failures = (await world.send('GET', '/v1/failures')).json.items;
  return {
    held: summary.json.actorTypes[0].held,
    differing: differ.json.items.map(({ crmKey }: { crmKey: string }) => crmKey),
    conflicts: conflicts.map(({ base }: { base: unknown }) => base),
    failures: failures.length,
  };
}

test('what is held or differs in a field that is mapped no more is counted and listed no more, and is again once it is mapped', async () => {
  const { world, connectionId } = await differing();
  const base = { crm: '+31 30 1', erp: '+31 30 1' };
  const all = { held: 1, differing: ['c2'], conflicts: [base], failures: 1 };
  expect(await listed(world, connectionId)).toEqual(all);
  await remap(world, connectionId, false);
  expect(await listed(world, connectionId)).toEqual({ held: 0, differing: [], conflicts: [], failures: 0 });
  await remap(world, connectionId, true);
  expect(await listed(world, connectionId)).toEqual(all);
});
