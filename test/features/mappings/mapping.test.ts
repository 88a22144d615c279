import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addConnection, customerMapping, saveMapping, withCrm } from '../set-up-steps.ts';

async function newConnection(): Promise<{ world: ApiWorld; id: string; path: string }> {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  return { world, id, path: `/v1/connections/${id}/actor-types/customer/mapping` };
}

test('only types that can be synced are offered, with their fields', async () => {
  const { world, id } = await newConnection();
  const { json } = await world.send('GET', `/v1/connections/${id}/actor-types`, { role: 'service' });
  expect(json.items.map((type: { actorType: string }) => type.actorType)).toEqual(['customer', 'project', 'supplier']);
  expect(json.items[0]).toMatchObject({ crmType: 'company', active: false });
  expect(json.items[0].fields[0]).toMatchObject({ key: 'NAME', access: 'mandatory', searchable: true });
});

test('a new connection is mapped by the baseline keys, without directions', async () => {
  const { world, path } = await newConnection();
  const { json } = await world.send('GET', path);
  expect(json).toMatchObject({ actorType: 'customer', active: false });
  const rows = json.fields.map((row: { erpField: string; crmField: string; direction: string }) => [
    row.erpField,
    row.crmField,
    row.direction,
  ]);
  expect(rows).toEqual([
    ['NAME', 'name', 'none'],
    ['NUMBER1', 'code', 'none'],
    ['PHONE', 'phone', 'none'],
    ['VATNO', 'vatNo', 'none'],
    ['COUNTRY', 'country', 'none'],
  ]);
});

test('per ERP field the possible directions are listed, and why there are no others', async () => {
  const { world, path } = await newConnection();
  const { json } = await world.send('GET', path.replace('customer', 'CUSTOMER'));
  const option = (erpField: string, crmField: string) =>
    json.options
      .find((one: { erpField: string }) => one.erpField === erpField)
      .crmFields.find((one: { crmField: string }) => one.crmField === crmField);
  expect(option('NAME', 'name')).toMatchObject({ possible: ['toCrm', 'toErp', 'both'], refused: [] });
  expect(option('NUMBER1', 'code')).toMatchObject({
    possible: ['toCrm'],
    refused: [
      { direction: 'toErp', reason: 'read-only' },
      { direction: 'both', reason: 'read-only' },
    ],
  });
  expect(option('BLOCKED', 'note')).toMatchObject({ possible: ['toCrm'] });
  expect(option('COUNTRY', 'country')).toMatchObject({ possible: ['toCrm', 'toErp', 'both'] });
  expect(option('CATEGORY', 'category')).toMatchObject({ possible: ['toCrm', 'toErp', 'both'] });
});

test('of two systems with hundreds of fields the options of mapped ones are answered, and of any other that is asked for', async () => {
  const world = new ApiWorld();
  const fieldsOf = (prefix: string, many: number) =>
    Array.from({ length: many }, (_, at) => ({
      ...{ key: `${prefix}${at}`, label: `Field ${at}`, type: at % 2 ? ('text' as const) : ('date' as const) },
      ...{ maxLength: 0, access: 'normal' as const, searchable: false },
    }));
  world.erp.describe = async () => fieldsOf('E', 250);
  world.crm.describe = async () => fieldsOf('c', 200);
  await withCrm(world);
  const id = await addConnection(world);
  const path = `/v1/connections/${id}/actor-types/customer/mapping`;
  const last = { erpField: 'E249', crmField: 'c199', direction: 'both' };
  const saved = await saveMapping(world, id, { active: true, fields: [last] });
  expect(saved.status).toBe(200);
  const { status, json } = await world.send('GET', path);
  expect([status, json.options, json.optionsLeftOut]).toEqual([200, saved.json.options, saved.json.optionsLeftOut]);
  expect(JSON.stringify(json).length).toBeLessThan(4_000_000);
  expect(json.options.length + json.optionsLeftOut).toBe(250);
  const keys = json.options.map(({ erpField }: { erpField: string }) => erpField);
  expect([keys[0], keys.at(-1), keys.length > 50]).toEqual(['E0', 'E249', true]);
  const one = (await world.send('GET', `${path}?erpField=E240`)).json;
  expect([one.options.length, one.options[0].crmFields.length, one.optionsLeftOut]).toEqual([1, 200, undefined]);
  expect((await world.send('GET', `${path}?erpField=NONE`)).json.options).toEqual([]);
});

test('a mapping is saved and read back', async () => {
  const { world, id, path } = await newConnection();
  const saved = await saveMapping(world, id, customerMapping);
  expect(saved).toMatchObject({ status: 200, json: { active: true, fields: customerMapping.fields } });
  expect((await world.send('GET', path)).json).toEqual(saved.json);
});

test('every fault of a mapping is named', async () => {
  const { world, id } = await newConnection();
  const fields = [
    { erpField: 'NAME', crmField: 'name', direction: 'both' },
    { erpField: 'PHONE', crmField: 'name', direction: 'toCrm' },
    { erpField: 'NAME', crmField: 'note', direction: 'toCrm' },
    { erpField: 'NUMBER1', crmField: 'code', direction: 'both' },
    { erpField: 'CATEGORY', crmField: 'vatNo', direction: 'toCrm' },
    { erpField: 'NOTHING', crmField: 'nothing', direction: 'toCrm' },
  ];
  const { status, json } = await saveMapping(world, id, { active: true, fields });
  expect(status).toBe(422);
  expect(json.errors.map((fault: { path: string }) => fault.path)).toEqual([
    'fields[1].crmField',
    'fields[2].erpField',
    'fields[3].direction',
    'fields[4].direction',
    'fields[5].erpField',
    'fields[5].crmField',
  ]);
  expect(json.errors[3].message).toBe('The field that would be written cannot hold values of this type.');
});

test('a mapping changes only while inactive, and only with the present entity tag', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}/actor-types/customer/mapping`;
  expect((await saveMapping(world, id, customerMapping)).status).toBe(409);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect((await world.send('PUT', path, { body: customerMapping })).status).toBe(428);
  const headers = { 'if-match': '"0"' };
  expect((await world.send('PUT', path, { body: customerMapping, headers })).status).toBe(412);
  expect((await saveMapping(world, id, customerMapping)).status).toBe(200);
});

test('types that the ERP does not offer, or that do not exist, have no mapping', async () => {
  const { world, id } = await newConnection();
  expect((await world.send('GET', `/v1/connections/${id}/actor-types/person/mapping`)).status).toBe(404);
  expect((await world.send('GET', `/v1/connections/${id}/actor-types/nonsense/mapping`)).status).toBe(404);
});

test('fields and lists of both sides are read from their systems, a page at a time', async () => {
  const { world, id } = await newConnection();
  const first = await world.send('GET', '/v1/crm/Company/fields?limit=5');
  expect(first.json.items).toHaveLength(5);
  const second = await world.send('GET', `/v1/crm/Company/fields?limit=5&cursor=${first.json.nextCursor}`);
  expect(second.json.items.map((field: { key: string }) => field.key)).toEqual(['category', 'note']);
  expect(second.json.nextCursor).toBeUndefined();
  const erp = await world.send('GET', `/v1/connections/${id}/lists/country`);
  expect(erp.json.items).toContainEqual({ key: '1', text: 'Netherlands', code: 'NL' });
  const crm = await world.send('GET', '/v1/crm/lists/country');
  expect(crm.json.items).toContainEqual({ key: '56', text: 'België', code: 'BE' });
});

test('the summary counts what is mapped and linked', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const { json } = await world.send('GET', `/v1/connections/${id}/summary`);
  expect(json).toMatchObject({ connectionId: id, active: true, state: 'active' });
  expect(json.actorTypes[0]).toEqual({
    actorType: 'customer',
    crmType: 'company',
    active: true,
    mappedFields: 4,
    links: { pending: 0, active: 0, paused: 0, broken: 0, disconnected: 0 },
    failures: 0,
    held: 0,
    withheld: { blanks: 0, breaks: 0, uniform: 0, swaps: 0, refusals: 0 },
  });
});
