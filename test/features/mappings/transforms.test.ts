/** Transforms and constants of a mapping, from the request that sets them to what they make of edits, and where they are told. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

const mappingPath = (id: string) => `/v1/connections/${id}/actor-types/customer/mapping`;

/** A linked pair whose VAT number carries a country in the CRM alone, and whose CRM code is always the same. */
async function transformed() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  world.erp.edit('party', 'p1', { VATNO: '123' });
  world.crm.edit('contact', 'c1', { vatNo: 'NL123' });
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const kept = customerMapping.fields.filter(({ erpField }) => erpField !== 'VATNO');
  const prefix = { kind: 'prefix', text: 'NL' };
  const rows = [
    { erpField: 'VATNO', crmField: 'vatNo', direction: 'both', transform: prefix },
    { crmField: 'code', direction: 'toCrm', constant: 'erp', enforce: true },
  ];
  const saved = await saveMapping(world, id, { active: true, fields: [...kept, ...rows] });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.json));
  await world.send('POST', `/v1/connections/${id}/activate`);
  const sync = async () => {
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
    await world.work();
  };
  return { world, id, sync };
}

test('what was saved is read back, and can be sent again as it is', async () => {
  const { world, id } = await transformed();
  const { json } = await world.send('GET', mappingPath(id));
  expect(json.fields.slice(-2)).toMatchObject([
    { erpField: 'VATNO', transform: { kind: 'prefix', text: 'NL' } },
    { erpField: '=', crmField: 'code', constant: 'erp' },
  ]);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const again = await saveMapping(world, id, { active: json.active, fields: json.fields });
  expect(again).toMatchObject({ status: 200, json: { fields: json.fields } });
});

test('the preview shows what a transform makes, and that equal ones agree', async () => {
  const { world, id } = await transformed();
  const { json } = await world.send('POST', '/v1/links/preview', { body: { connectionId: id, pairs: [pair(1)] } });
  const fields = json.items[0].fields.slice(-2);
  expect(fields).toMatchObject([
    { erpField: 'VATNO', differs: false, transform: { kind: 'prefix' } },
    { crmField: 'code', constant: 'erp', writes: 'crm', result: { value: 'erp' } },
  ]);
});

test('edits travel through the transform both ways, a constant is set and put back, and the log says so', async () => {
  const { world, id, sync } = await transformed();
  const { json } = await connect(world, id, pair(1));
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ vatNo: 'NL123', code: 'erp' });
  world.erp.edit('party', 'p1', { VATNO: '456' });
  world.crm.edit('contact', 'c1', { code: 'mine' });
  await sync();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ vatNo: 'NL456', code: 'erp' });
  world.crm.edit('contact', 'c1', { vatNo: 'NL789' });
  await sync();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('789');
  const log = (await world.send('GET', `/v1/changes?linkId=${json.items[0].linkId}`)).json.items;
  const told = log.map(({ crmField, newValue, rule, transform }: Record<string, string>) => [
    crmField,
    newValue,
    rule,
    transform,
  ]);
  expect(told.toSorted()).toEqual([
    ['code', 'erp', 'first-sync-fills-blank', 'constant'],
    ['code', 'erp', 'restored', 'constant'],
    ['phone', '+31 30 1', 'first-sync', undefined],
    ['vatNo', '789', 'changed-in-crm', 'prefix'],
    ['vatNo', 'NL456', 'changed-in-erp', 'prefix'],
  ]);
});

test('a value that cannot be taken back parks its field alone, is explained, and another one travels', async () => {
  const { world, id, sync } = await transformed();
  const { json } = await connect(world, id, pair(1));
  await world.work();
  world.crm.edit('contact', 'c1', { vatNo: 'BE1', phone: '+31 99' });
  await sync();
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ VATNO: '123', PHONE: '+31 99' });
  const explained = (await world.send('GET', `/v1/links/${json.items[0].linkId}/fields`)).json.fields;
  const vat = explained.find(({ erpField }: { erpField: string }) => erpField === 'VATNO');
  expect(vat).toMatchObject({
    state: 'parked',
    transform: { kind: 'prefix' },
    reason: expect.stringContaining('transform'),
  });
  world.crm.edit('contact', 'c1', { vatNo: 'NL55' });
  await sync();
  expect(world.erp.valuesOf('party', 'p1').VATNO).toBe('55');
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});

test('another constant reaches the linked records when the changed mapping is activated, and nothing else is written', async () => {
  const { world, id } = await transformed();
  await connect(world, id, pair(1));
  await world.work();
  const { json } = await world.send('GET', mappingPath(id));
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const fields = json.fields.map((row: { crmField: string }) =>
    row.crmField === 'code' ? { ...row, constant: 'new' } : row,
  );
  await saveMapping(world, id, { active: true, fields });
  await world.send('POST', `/v1/connections/${id}/activate`);
  const before = (await world.send('GET', `/v1/changes?connectionId=${id}`)).json.items.length;
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1').code).toBe('new');
  expect((await world.send('GET', `/v1/changes?connectionId=${id}`)).json.items).toHaveLength(before + 1);
});

test('no system is asked for the field that a constant has not', async () => {
  const { world, id } = await transformed();
  const asked = new Set<string>();
  const get = world.erp.get.bind(world.erp);
  world.erp.get = (type, keys, fields) => {
    for (const field of fields) asked.add(field);
    return get(type, keys, fields);
  };
  await connect(world, id, pair(1));
  await world.work();
  expect([asked.has('VATNO'), asked.has('=')]).toEqual([true, false]);
});

test('a constant that is given as a number, or yes or no, agrees with the text or item that it is written as', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const constants = { note: 42, code: true, category: 7 };
  const rows = Object.entries(constants).map(([crmField, constant]) => ({ crmField, direction: 'toCrm', constant }));
  const [nameRow] = customerMapping.fields;
  expect((await saveMapping(world, id, { active: true, fields: [nameRow, ...rows] })).status).toBe(200);
  await world.send('POST', `/v1/connections/${id}/activate`);
  await connect(world, id, pair(1));
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ note: '42', code: 'true', category: '7' });
  const { length } = world.crm.written;
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId: id } });
  await world.work();
  expect(world.crm.written).toHaveLength(length);
  expect((await world.send('GET', `/v1/links?connectionId=${id}&differing=true`)).json.items).toEqual([]);
});
