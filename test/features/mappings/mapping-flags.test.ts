/** The flags of a mapped field, from the request that sets them to what they make of edits. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
  withCrm,
} from '../set-up-steps.ts';

const mappingPath = (id: string) => `/v1/connections/${id}/actor-types/customer/mapping`;

function withFlags(flags: Readonly<Record<string, object>>) {
  const fields = customerMapping.fields.map((row) => ({ ...row, ...flags[row.erpField] }));
  return { active: true, fields };
}

test('the flags of a field are saved and read back, and a field without them is read as it was', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const mapping = withFlags({ VATNO: { enforce: true }, PHONE: { noBlanks: true } });
  const saved = await saveMapping(world, id, mapping);
  expect(saved.status).toBe(200);
  const { json } = await world.send('GET', mappingPath(id));
  expect(json.fields).toMatchObject(mapping.fields);
  expect(json.fields[0]).not.toHaveProperty('enforce');
});

test('enforce is refused, with the field named, where a field does not go one way', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const { status, json } = await saveMapping(world, id, withFlags({ PHONE: { enforce: true } }));
  expect(status).toBe(422);
  expect(json.errors).toEqual([
    { path: 'fields[1].enforce', message: 'Only a field that goes one way, toErp or toCrm, can be enforced' },
  ]);
  const wrong = await saveMapping(world, id, withFlags({ PHONE: { noBlanks: 'yes' } }));
  expect(wrong).toMatchObject({ status: 400, json: { errors: [{ path: 'fields[1].noBlanks' }] } });
});

test('an edit made before a field is enforced is put back when the changed mapping is activated, and logged', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'NL1' });
  await connect(world, id, pair(1));
  await world.work();
  world.erp.edit('party', 'p1', { VATNO: 'mine' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('mine');
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, withFlags({ VATNO: { enforce: true } }));
  await world.send('POST', `/v1/connections/${id}/activate`);
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('NL1');
  const { json } = await world.send('GET', `/v1/changes?connectionId=${id}&field=VATNO`);
  expect(json.items[0]).toMatchObject({
    rule: 'restored',
    side: 'erp',
    oldValue: 'mine',
    newValue: 'NL1',
    conflict: { winner: 'crm', policy: 'enforce', base: { crm: 'NL1', erp: 'NL1' }, erp: 'mine' },
  });
});
