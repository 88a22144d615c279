/** Versions of a mapping: who saved what when, what differs, and how one is brought back. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

const base = (id: string) => `/v1/connections/${id}/actor-types/customer/mapping`;

/** An inactive connection whose mapping was saved three times. */
async function saved() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  world.nowMs += 60_000;
  const rows: { erpField: string }[] = (await world.send('GET', base(id))).json.fields;
  const fields = rows.map((row) => (row.erpField === 'PHONE' ? { ...row, direction: 'toCrm' } : row));
  await saveMapping(world, id, { active: true, fields });
  world.nowMs += 60_000;
  await saveMapping(world, id, { active: false, fields: fields.filter(({ erpField }) => erpField !== 'VATNO') });
  return { world, id };
}

test('each save is a version that says who, when and what changed, newest first', async () => {
  const { world, id } = await saved();
  const { json } = await world.send('GET', `${base(id)}/versions`);
  const by = { kind: 'api-key', id: 'key-of-admin', name: 'The admin key' };
  expect(json.items).toEqual([
    { number: 3, at: '2026-11-23T08:02:00.000Z', by, changed: ['active', 'mapping.VATNO'] },
    { number: 2, at: '2026-11-23T08:01:00.000Z', by, changed: ['mapping.PHONE'] },
    {
      number: 1,
      at: '2026-11-23T08:00:00.000Z',
      by,
      changed: expect.arrayContaining(['active', 'mapping.NAME']),
    },
  ]);
  expect((await world.send('GET', base(id))).json.mappingVersion).toBe(3);
});

test('a version is read whole, with what differs from the one before or from any', async () => {
  const { world, id } = await saved();
  const two = (await world.send('GET', `${base(id)}/versions/2`)).json;
  expect(two).toMatchObject({ number: 2, active: true, comparedWith: 1 });
  // Automatic mapping added the number after the first version.
  expect(two.changes).toMatchObject([
    { path: 'mapping.NUMBER1', new: { direction: 'none' } },
    { path: 'mapping.PHONE', old: { direction: 'both' }, new: { direction: 'toCrm' } },
  ]);
  expect(world.storageCalls).toBeLessThanOrEqual(3);
  const back = (await world.send('GET', `${base(id)}/versions/1?compareWith=3`)).json;
  expect(back.changes.map(({ path }: { path: string }) => path)).toEqual([
    'active',
    'mapping.NUMBER1',
    'mapping.PHONE',
    'mapping.VATNO',
  ]);
  expect((await world.send('GET', `${base(id)}/versions/1`)).json).not.toHaveProperty('comparedWith');
  for (const path of ['versions/4', 'versions/1?compareWith=9', 'versions/0', 'versions/x']) {
    expect([path, (await world.send('GET', `${base(id)}/${path}`)).status]).toEqual([path, 404]);
  }
  expect((await world.send('GET', `${base(id)}/versions`, { tenantId: world.otherTenantId })).status).toBe(404);
  expect((await world.send('GET', `${base(id)}/versions/1`, { tenantId: world.otherTenantId })).status).toBe(404);
});

test('a version that is brought back is a version of its own, checked like any, while the connection is inactive', async () => {
  const { world, id } = await saved();
  const one = (await world.send('GET', `${base(id)}/versions/1`)).json;
  const restored = await world.send('POST', `${base(id)}/versions/1/restore`);
  expect(restored).toMatchObject({ status: 200, json: { mappingVersion: 4, fields: one.fields, active: true } });
  expect((await world.send('GET', `${base(id)}/versions/4`)).json).toMatchObject({ restores: 1, comparedWith: 3 });
  await world.send('POST', `/v1/connections/${id}/activate`);
  expect((await world.send('POST', `${base(id)}/versions/2/restore`)).status).toBe(409);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const describe = world.erp.describe.bind(world.erp);
  world.erp.describe = async (type) => (await describe(type)).filter(({ key }) => key !== 'VATNO');
  await saveMapping(world, id, { active: true, fields: customerMapping.fields.slice(0, 2) });
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  const refused = await world.send('POST', `${base(id)}/versions/1/restore`);
  expect(refused).toMatchObject({ status: 422, json: { errors: [{ path: 'fields[3].erpField' }] } });
});

test('what the engine writes is told with the version of the mapping that it was planned by', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  const { json } = await connect(world, id, pair(1));
  await world.work();
  const path = `/v1/links/${json.items[0].linkId}/fields`;
  const phone = async () =>
    (await world.send('GET', path)).json.fields.find(({ erpField }: { erpField: string }) => erpField === 'PHONE');
  expect((await phone()).why.change).toMatchObject({ rule: 'first-sync', mappingVersion: 1 });
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, { ...customerMapping, fields: customerMapping.fields.slice(0, 3) });
  await world.send('POST', `/v1/connections/${id}/activate`);
  world.erp.edit('party', 'p1', { PHONE: '+31 9' });
  await world.work();
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
  await world.work();
  expect((await phone()).why.change).toMatchObject({ newValue: '+31 9', mappingVersion: 2 });
  const log = (await world.send('GET', `/v1/changes?connectionId=${id}`)).json.items;
  expect(log.map(({ mappingVersion }: { mappingVersion: number }) => mappingVersion)).toContain(2);
});

test('a mapping too large to be stored is refused in words', async () => {
  const { world, id } = await saved();
  const table = Array.from({ length: 50 }, (_, at) => ({
    from: `${at}`.padEnd(200, 'x'),
    to: `${at}`.padEnd(200, 'y'),
  }));
  const row = { direction: 'toCrm', transform: { kind: 'replace', table } };
  const fields = ['NAME', 'PHONE', 'VATNO'].map((erpField, at) => ({
    erpField,
    crmField: ['name', 'phone', 'vatNo'][at],
    ...row,
  }));
  expect(await saveMapping(world, id, { active: true, fields })).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'fields', message: expect.stringContaining('at most 50000') }] },
  });
});
