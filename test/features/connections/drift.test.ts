import { expect, test } from 'vitest';
import type { MemoryRecordType } from '../../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';
import { drifted, erpSays } from './drifted.ts';

test('a refresh that finds a mapped field gone or changed says so on the connection, its summary and the row of its mapping', async () => {
  const { world, id, read, mapping, path, failure } = await drifted(['PHONE', undefined], ['VATNO', { maxLength: 3 }]);
  const drift = [
    { side: 'erp', field: 'PHONE', what: 'gone', was: { type: 'text', format: 'phone', maxLength: 0 } },
    { side: 'erp', field: 'VATNO', what: 'shorter', was: { maxLength: 5 }, now: { maxLength: 3 } },
  ];
  const told = drift.map((one) => ({ ...one, actorType: 'customer' }));
  expect((await read()).drift).toMatchObject(told);
  expect((await read(`${path}/summary`)).drift).toMatchObject(told);
  expect((await mapping()).drift).toMatchObject([
    { ...drift[0], row: 1 },
    { ...drift[1], row: 3 },
  ]);
  expect(await read(failure)).toMatchObject({
    connectionId: id,
    kind: 'misconfigured',
    reason: 'fields-drifted',
    fields: [{ field: 'customer.erp.PHONE' }, { field: 'customer.erp.VATNO' }],
  });
  expect(world.app.alerts).toMatchObject({ told: [{ event: 'fields-drifted', connectionId: id }] });
  expect((await read()).state).toBe('active');
});

test.each(['describe', 'listItems'] as const)(
  'systems that cannot be looked at again (%s) keep no other failure from being tried',
  async (call) => {
    const { world, id } = await drifted(['PHONE', undefined]);
    addRecords(world, 1);
    world.crm.edit('contact', 'c1', { vatNo: 'NL123456789' });
    await connect(world, id, pair(1));
    await world.work();
    expect((await world.send('GET', '/v1/failures')).json.items).toHaveLength(2);
    world.erp[call] = async () => {
      throw new SyncError('transient', 'Nothing answers.');
    };
    const { status, json } = await world.send('POST', '/v1/failures/retry', { body: { connectionId: id } });
    expect([status, json]).toMatchObject([202, { retried: 1, refused: [{ connectionId: id }] }]);
    expect(json.runIds).toHaveLength(1);
  },
);

test('a field that is written and became read-only is told, parks by itself once it would be written, and the others go on', async () => {
  const { world, id, read, mapping } = await drifted(['PHONE', { access: 'read-only' }]);
  expect((await read()).drift).toMatchObject([
    { field: 'PHONE', what: 'read-only', was: { access: 'normal' }, now: { access: 'read-only' } },
  ]);
  expect((await mapping()).drift).toMatchObject([{ field: 'PHONE', row: 1 }]);
  expect((await read('/v1/failures')).items).toMatchObject([
    { fields: [{ field: 'customer.erp.PHONE', reason: 'drift-read-only' }] },
  ]);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ VATNO: 'NL1', PHONE: '+31 20 1' });
  const { items } = await read(`/v1/failures?linkId=${(await read('/v1/links')).items[0].id}`);
  expect(items).toMatchObject([{ fields: [{ field: 'PHONE~phone', reason: 'read-only' }] }]);
  expect((await read()).state).toBe('active');
});

test('a field that became mandatory is told, and its values go on', async () => {
  const { world, id, read } = await drifted(['PHONE', { access: 'mandatory' }]);
  expect((await read()).drift).toMatchObject([{ field: 'PHONE', what: 'mandatory' }]);
  expect((await read('/v1/failures')).items).toMatchObject([{ fields: [{ reason: 'drift-mandatory' }] }]);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  world.crm.edit('contact', 'c1', { phone: '+31 30 2' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 30 2');
});

test('the other fields of a link are written while one is gone', async () => {
  const { world, id } = await drifted(['PHONE', undefined]);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ VATNO: 'NL1', PHONE: '+31 20 1' });
  expect((await world.send('GET', '/v1/failures')).json.items).toHaveLength(1);
});

test('saving the mapping mends what changed, once a field that is gone is mapped no more', async () => {
  const { world, id, path, read, failure } = await drifted(['PHONE', undefined], ['VATNO', { maxLength: 3 }]);
  await world.send('POST', `${path}/deactivate`);
  expect((await saveMapping(world, id, customerMapping)).status).toBe(422);
  expect((await read()).drift).toHaveLength(2);
  const fields = customerMapping.fields.filter(({ erpField }) => erpField !== 'PHONE');
  await saveMapping(world, id, { ...customerMapping, fields });
  expect((await read()).drift).toEqual([]);
  expect((await world.send('GET', failure)).status).toBe(404);
  await world.send('POST', `${path}/refresh-metadata`);
  expect((await read()).drift).toEqual([]);
});

test('a retry looks at the systems again and starts nothing: what is as it was before is told no more', async () => {
  const { world, read, failure } = await drifted(['VATNO', { maxLength: 3 }]);
  const retry = () => world.send('POST', `${failure}/retry`);
  const runs = async () => (await read('/v1/sync-runs')).items.length;
  const before = await runs();
  expect(await retry()).toMatchObject({ status: 202, json: { runIds: [] } });
  expect((await world.send('GET', failure)).status).toBe(200);
  expect(await runs()).toBe(before);
  erpSays(world, 'VATNO', { maxLength: 5 });
  await retry();
  expect((await world.send('GET', failure)).status).toBe(404);
  expect((await read()).drift).toEqual([]);
});

test('a deleted connection has no open failure of drift', async () => {
  const { world, path, failure } = await drifted(['PHONE', undefined]);
  await world.change('DELETE', path);
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
  expect((await world.send('GET', failure)).status).toBe(404);
});

test('a mapping of a thousand fields of which a few are mapped is saved, tried and activated as any', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}`;
  const [customer, ...others] = world.erp.options.types as MemoryRecordType[];
  const [known] = customer?.fields ?? [];
  if (!customer || !known) throw new Error('there is a type');
  const more = Array.from({ length: 1_000 }, (_, at) => ({
    ...known,
    ...{ key: `EXTRA_${at}`, label: `Extra ${at}`, access: 'normal' as const },
    description: `What is known of extra field ${at}. `.repeat(8),
  }));
  Object.assign(world.erp.options, { types: [{ ...customer, fields: [...customer.fields, ...more] }, ...others] });
  expect((await world.send('POST', `${path}/refresh-metadata`)).status).toBe(200);
  const extra = { erpField: 'EXTRA_900', crmField: 'note', direction: 'both' };
  const mapping = { ...customerMapping, fields: [...customerMapping.fields, extra] };
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  world.crm.edit('contact', 'c1', { note: 'tried' });
  const tried = await world.send('POST', `${path}/actor-types/customer/mapping/dry-run`, { body: mapping });
  await world.work();
  expect((await world.send('GET', `/v1/sync-runs/${tried.json.id}`)).json).toMatchObject({ state: 'done' });
  expect((await world.send('GET', `/v1/sync-runs/${tried.json.id}/changes`)).json.items).toMatchObject([
    { erpField: 'EXTRA_900' },
  ]);
  await world.send('POST', `${path}/deactivate`);
  expect((await saveMapping(world, id, mapping)).status).toBe(200);
  expect((await world.send('POST', `${path}/activate`)).status).toBe(200);
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').EXTRA_900).toBe('tried');
});
