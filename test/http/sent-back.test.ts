/** Every thing of the API that is read and replaced at one path: what was read can be sent back as it is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operations } from '../../functions/http/registry.ts';
import { ApiWorld } from '../features/api-world.ts';
import { activeConnection, addConnection, addRecords, connect, pair, withCrm } from '../features/set-up-steps.ts';

const all = Object.values(operations);
const replaced = all.filter(({ method }) => method === 'PUT' || method === 'PATCH').map(({ path }) => path);
const pairs = replaced.filter((path) => all.some((one) => one.path === path && one.method === 'GET'));

/** Only a connection itself is patched. */
const methodAt = (path: string) => (/^\/v1\/connections\/\w+$/.test(path) ? 'PATCH' : 'PUT');

/** Active, with everything set that can be. */
async function fullWorld(): Promise<{ world: ApiWorld; paths: string[] }> {
  const world = new ApiWorld();
  const active = await activeConnection(world);
  const inactive = await addConnection(world, 'Not active');
  const types = [active, inactive].flatMap((id) =>
    ['customer', 'supplier', 'project'].map((type) => `/v1/connections/${id}/actor-types/${type}`),
  );
  addRecords(world, 1);
  await connect(world, active, pair(1));
  await world.work();
  const change = async (path: string, body: unknown) => {
    const { status, json } = await world.change(methodAt(path), path, body);
    expect([path, status, json.errors]).toEqual([path, 200, undefined]);
  };
  await change(`/v1/connections/${inactive}`, {
    description: 'Of Utrecht',
    scope: { groups: ['2'] },
    intervalMinutes: 7,
    conflictPolicy: { kind: 'erp-wins' },
    allowances: { blanks: { links: 3, share: 0 } },
  });
  await change(`/v1/connections/${inactive}/actor-types/customer/mapping`, {
    active: true,
    fields: [
      { erpField: 'NAME', crmField: 'name', direction: 'both', noBlanks: true },
      { erpField: 'PHONE', crmField: 'phone', direction: 'toCrm', transform: { kind: 'trim' }, enforce: true },
      { erpField: 'COUNTRY', crmField: 'country', direction: 'both', conflictPolicy: { kind: 'crm-wins' } },
      { erpField: 'CATEGORY', crmField: 'category', direction: 'both' },
      { crmField: 'vatNo', direction: 'toCrm', constant: 'x' },
    ],
    filter: [{ field: 'NAME', operator: 'begins', values: ['F'] }],
  });
  await change(`/v1/connections/${inactive}/actor-types/customer/defaults`, {
    defaults: [{ erpField: 'PHONE', value: '+31', ask: true }],
  });
  await change('/v1/engine', { running: true, defaultIntervalMinutes: 9 });
  const tenant = (await world.send('GET', '/v1/tenant')).json;
  await change('/v1/tenant', { ...tenant, erpTab: { groups: ['1'] } });
  const connector = (await world.send('GET', '/v1/connectors')).json.items[0].id;
  const paths: Record<string, string[]> = {
    '/v1/tenant': ['/v1/tenant'],
    '/v1/engine': ['/v1/engine'],
    '/v1/connectors/{id}': [`/v1/connectors/${connector}`],
    '/v1/connections/{id}': [`/v1/connections/${active}`, `/v1/connections/${inactive}`],
    '/v1/connections/{id}/list-mappings': [active, inactive].map((id) => `/v1/connections/${id}/list-mappings`),
    '/v1/connections/{id}/actor-types/{type}/mapping': types.map((type) => `${type}/mapping`),
    '/v1/connections/{id}/actor-types/{type}/defaults': types.map((type) => `${type}/defaults`),
    '/v1/connections/{id}/actor-types/{type}/field-order': types.map((type) => `${type}/field-order`),
  };
  expect(Object.keys(paths).toSorted()).toEqual([...new Set(pairs)].toSorted());
  return { world, paths: Object.values(paths).flat() };
}

test('what was read is taken as it is, and nothing is changed: no version, no revision, no trail', async () => {
  const { world, paths } = await fullWorld();
  const trail = async () => (await world.send('GET', '/v1/audit?limit=200')).json.items;
  const before = await trail();
  for (const path of paths) {
    const read = await world.send('GET', path);
    const body = read.json;
    const headers = { 'if-match': String(read.headers.etag) };
    const sent = await world.send(methodAt(path), path, { body, headers });
    expect([path, sent.status, sent.json.detail, sent.json.errors]).toEqual([path, 200, undefined, undefined]);
    const again = await world.send('GET', path);
    expect([path, again.headers.etag, again.json]).toEqual([path, read.headers.etag, body]);
  }
  expect(await trail()).toEqual(before);
});

test('what no request sets is refused where it is to be something else, with how it is changed', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const connection = `/v1/connections/${id}`;
  const refused = async (path: string, body: object) => {
    const read = (await world.send('GET', path)).json;
    const { status, json } = await world.change(
      methodAt(path),
      path,
      methodAt(path) === 'PUT' ? { ...read, ...body } : body,
    );
    return [status, json.errors];
  };
  const cannot = (path: string, instead = '') => [400, [{ path, message: `Cannot be set here${instead}` }]];
  const actions = ': use `POST /v1/connections/{id}/activate`, `/deactivate` or `/restore`';
  expect(await refused(connection, { state: 'inactive' })).toEqual(cannot('state', actions));
  expect(await refused(connection, { place: 3 })).toEqual(cannot('place', ': use `PUT /v1/connections/order`'));
  expect(await refused(connection, { connectorId: 'other' })).toEqual(cannot('connectorId'));
  expect(await refused('/v1/tenant', { crmContext: 'Cust99999' })).toEqual(cannot('crmContext'));
  const type = `${connection}/actor-types/customer`;
  expect(await refused(`${type}/mapping`, { actorType: 'supplier' })).toEqual(cannot('actorType'));
  expect(await refused(`${type}/defaults`, { actorType: 'supplier' })).toEqual(cannot('actorType'));
  expect((await world.send('GET', connection)).json).toMatchObject({ state: 'active', place: 0 });
});

test('a changed mapping is a new version as ever, and needs an inactive connection', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const path = `/v1/connections/${id}/actor-types/customer/mapping`;
  const { json } = await world.send('GET', path);
  const changed = { ...json, fields: json.fields.slice(1) };
  expect((await world.change('PUT', path, changed)).status).toBe(409);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect((await world.change('PUT', path, changed)).json.mappingVersion).toBe(json.mappingVersion + 1);
  expect((await world.change('PUT', path, changed)).json.mappingVersion).toBe(json.mappingVersion + 1);
});

const row = fc.record(
  {
    erpField: fc.constantFrom('NAME', 'PHONE', 'VATNO', 'COUNTRY', 'TEXT', '='),
    crmField: fc.constantFrom('name', 'phone', 'vatNo', 'country', 'note', '='),
    direction: fc.constantFrom('both', 'toCrm', 'toErp', 'none'),
    showInSearch: fc.boolean(),
    conflictPolicy: fc.constantFrom({ kind: 'crm-wins' }, { kind: 'ask' }, { kind: 'latest-wins', fallback: 'crm' }),
    noBlanks: fc.boolean(),
    enforce: fc.boolean(),
    transform: fc.constantFrom({ kind: 'upper' }, { kind: 'prefix', text: 'NL' }, { kind: 'first', characters: 3 }),
    constant: fc.constantFrom('x', '1', 1, true),
  },
  { requiredKeys: ['erpField', 'crmField', 'direction'] },
);
const filter = fc.constantFrom(undefined, [], [{ field: 'NAME', operator: 'begins', values: ['F'] }]);

test('whatever mapping is taken can be read and sent back, and stays the version that it is', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const path = `/v1/connections/${await addConnection(world)}/actor-types/customer/mapping`;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(row, { maxLength: 2 }), filter, async (active, fields, filtered) => {
      const saved = await world.change('PUT', path, { active, fields, filter: filtered });
      if (saved.status !== 200) return;
      taken += 1;
      const read = await world.send('GET', path);
      const again = await world.change('PUT', path, read.json);
      expect([again.status, again.headers.etag, again.json]).toEqual([200, read.headers.etag, read.json]);
    }),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(5);
});
