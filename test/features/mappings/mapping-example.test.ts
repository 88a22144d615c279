/** Both sides of a real record, for whoever makes a mapping. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const pathOf = (id: string, query = '') => `/v1/connections/${id}/actor-types/customer/mapping/example${query}`;

async function linkedWorld(world = new ApiWorld()) {
  const id = await activeConnection(world);
  addRecords(world, 3);
  world.crm.edit('contact', 'c2', { note: 'not mapped' });
  await connect(world, id, pair(1), pair(2));
  await world.work();
  const example = async (query?: string) => (await world.send('GET', pathOf(id, query))).json;
  return { world, id, example };
}

interface Shown {
  readonly fields: readonly { readonly key: string; readonly value: unknown; readonly text?: string }[];
}
const fieldOf = ({ fields }: Shown, key: string) => fields.find((field) => field.key === key);

test('both sides of the record of a key are shown with every field, and list items with their text', async () => {
  const { world, example } = await linkedWorld();
  for (const query of ['?erpKey=p2', '?crmKey=c2']) {
    const shown = await example(query);
    expect(shown).toMatchObject({ actorType: 'customer', crmType: 'company' });
    expect([shown.erp.key, shown.crm.key, shown.erp.standing]).toEqual(['p2', 'c2', 'live']);
    expect(fieldOf(shown.crm, 'note')).toMatchObject({ label: 'note', type: 'text', value: 'not mapped' });
    expect(fieldOf(shown.crm, 'country')).toMatchObject({ value: '528', text: 'Nederland' });
    expect(fieldOf(shown.erp, 'COUNTRY')).toMatchObject({ value: '1', text: 'Netherlands' });
    expect(fieldOf(shown.erp, 'BLOCKED')).toMatchObject({ value: null });
    expect(shown.erp.fields).toHaveLength(7);
  }
  const { linkId } = await example('?erpKey=p2');
  expect((await world.send('GET', `/v1/links/${linkId}`)).json.erpKey).toBe('p2');
});

test('without a key the link that was synced last is shown', async () => {
  const { world, id, example } = await linkedWorld();
  for (const at of [1, 2]) {
    world.erp.edit('party', `p${at}`, { PHONE: `+31 77 ${at}` });
    world.nowMs += 60_000;
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
    await world.work();
    expect((await example()).erp.key).toBe(`p${at}`);
  }
});

test('a record that is not linked is shown by itself, and where nothing is the first one of the ERP', async () => {
  const { world, id, example } = await linkedWorld();
  const unlinked = await example('?erpKey=p3');
  expect(unlinked.erp.key).toBe('p3');
  expect(unlinked).not.toHaveProperty('crm');
  expect(unlinked).not.toHaveProperty('linkId');
  expect(await example('?crmKey=c3')).toMatchObject({ crm: { key: 'c3' } });
  const { items } = (await world.send('GET', `/v1/links?connectionId=${id}`)).json;
  for (const link of items) await world.send('DELETE', `/v1/links/${link.id}`);
  const first = await example();
  expect(fieldOf(first.erp, 'NAME')).toMatchObject({ value: 'Firm 1' });
  expect(first).not.toHaveProperty('crm');
});

test('a side that cannot be read says why, and keeps nobody from the other', async () => {
  const { world, example } = await linkedWorld();
  world.crmError = () => new SyncError('transient', 'Nothing answers.', { explanation: 'down for the night' });
  const shown = await example('?erpKey=p1');
  expect(shown.crm).toEqual({
    key: 'c1',
    trouble: {
      reason: 'transient',
      message: 'The CRM could not be read now (transient).',
      explanation: 'down for the night',
    },
    fields: [],
  });
  expect(fieldOf(shown.erp, 'NAME')).toMatchObject({ value: 'Firm 1' });
  expect((await example('?erpKey=nobody')).erp).toMatchObject({ key: 'nobody', trouble: { reason: 'missing' } });
});

test('a deactivated connection shows its records, and nothing is asked of a deleted one', async () => {
  const { world, id, example } = await linkedWorld();
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect(fieldOf((await example('?erpKey=p1')).erp, 'NAME')).toMatchObject({ value: 'Firm 1' });
  await world.change('DELETE', `/v1/connections/${id}`);
  expect((await world.send('GET', pathOf(id))).status).toBe(409);
});

test('only an administrator of the tenant sees values, by one key, of a type that is offered', async () => {
  const { world, id } = await linkedWorld();
  expect((await world.send('GET', pathOf(id), { role: 'service' })).status).toBe(403);
  expect((await world.send('GET', pathOf(id), { tenantId: world.otherTenantId })).status).toBe(404);
  expect((await world.send('GET', pathOf(id, '?erpKey=p1&crmKey=c1'))).status).toBe(400);
  expect((await world.send('GET', pathOf(id).replace('customer', 'person'))).status).toBe(404);
});

test('each side is read once, and a record of a key takes three calls of storage, all fields among them, and one without a key a query for each of four partitions', async () => {
  const { world, example } = await linkedWorld(new ApiWorld(undefined, true));
  await example('?erpKey=p1');
  const before = [world.crm.callCount(), world.erp.callCount()];
  await example('?erpKey=p1');
  expect(world.storageCalls).toBe(3);
  const made = [world.crm.callCount(), world.erp.callCount()].map((calls, at) => calls - (before[at] ?? 0));
  expect(made).toEqual([1, 1]);
  await example();
  expect(world.storageCalls).toBeLessThanOrEqual(6);
});
