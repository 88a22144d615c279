/**
 * A new ERP or CRM is a folder and an entry in the list of `wiring/record-systems.ts`: here from folders of this test, through the
 * API as it is.
 */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { builtInConnectors, recordSystems } from '../../functions/wiring/record-systems.ts';
import { ApiWorld } from '../features/api-world.ts';
import { saveMapping, tenantSettings } from '../features/set-up-steps.ts';
import { connector as paperCrmConnector } from './paper-crm/connector.ts';
import { paperErp, connector as paperErpConnector } from './paper-erp/connector.ts';

const connectors = {
  crm: [...builtInConnectors.crm, paperCrmConnector],
  erp: [...builtInConnectors.erp, paperErpConnector],
};
const http = {
  send: async () => {
    throw new SyncError('transient', 'No network here.');
  },
};

const paper = { kind: 'paper-erp', name: 'Paper', url: 'https://office.example.com' };
const config = { drawer: 'top', key: 'brass' };
const crm = { kind: 'paper-crm', address: 'https://box.example.com', lid: 'sesame' };

async function paperWorld(): Promise<ApiWorld> {
  const world = new ApiWorld(({ runtime, vault }) => recordSystems({ http, runtime, vault }, connectors));
  await world.tenants();
  return world;
}

async function connectorId(world: ApiWorld): Promise<string> {
  return (await world.send('POST', '/v1/connectors', { body: paper })).json.id;
}

test('a new ERP is offered beside the built-in ones, with the settings a connection needs', async () => {
  const world = await paperWorld();
  const { json } = await world.send('GET', '/v1/connector-types');
  const kinds = json.items.map((type: { kind: string }) => type.kind);
  expect(kinds).toEqual([...builtInConnectors.erp.map(({ kind }) => kind), 'paper-erp']);
  expect(json.items.at(-1)).toEqual({ kind: 'paper-erp', label: 'Paper', configFields: paperErpConnector.settings });
  const fields = await world.send('GET', `/v1/connectors/${await connectorId(world)}/config-fields`);
  expect(fields.json.items.map((field: { key: string }) => field.key)).toEqual(['drawer', 'key']);
});

test('a connector of it is made and tested, and a kind that nobody knows is refused with those that are known', async () => {
  const world = await paperWorld();
  expect((await world.send('POST', `/v1/connectors/${await connectorId(world)}/test`)).json).toEqual({ ok: true });
  const lost = await world.send('POST', '/v1/connectors', {
    body: { ...paper, name: 'Elsewhere', url: 'https://elsewhere.example.com' },
  });
  expect((await world.send('POST', `/v1/connectors/${lost.json.id}/test`)).status).toBe(422);
  const unknown = await world.send('POST', '/v1/connectors', { body: { ...paper, kind: 'papyrus' } });
  expect(unknown).toMatchObject({ status: 400, json: { errors: [{ path: 'kind' }] } });
  expect(unknown.json.errors[0].message).toContain('paper-erp');
});

test('a new CRM is tested and saved with the settings it declares, and its secrets come out masked', async () => {
  const world = await paperWorld();
  const wrong = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm: { ...crm, lid: 'barley' } });
  expect(wrong).toMatchObject({ status: 422 });
  const { lid: _lid, ...shut } = crm;
  const incomplete = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm: { ...shut, clientId: 'x' } });
  const paths = incomplete.json.errors.map((fault: { path: string }) => fault.path);
  expect({ status: incomplete.status, paths }).toEqual({ status: 400, paths: ['crm.clientId', 'crm.lid'] });
  const saved = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
  expect(saved).toMatchObject({ status: 200, json: { crm: { ...crm, lid: { set: true } } } });
  expect([...world.secrets.values()]).toEqual([{ lid: 'sesame' }]);
});

test('a connection of it is made, tested, mapped and activated, and its records are read', async () => {
  const world = await paperWorld();
  await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
  const body = { connectorId: await connectorId(world), name: 'The paper', config };
  const shut = await world.send('POST', '/v1/connections', { body: { ...body, config: { ...config, key: 'tin' } } });
  expect(shut).toMatchObject({ status: 422 });
  const made = await world.send('POST', '/v1/connections', { body });
  expect(made).toMatchObject({
    status: 201,
    json: { connectorKind: 'paper-erp', config: { drawer: 'top', key: { set: true } } },
  });
  const path = `/v1/connections/${made.json.id}`;
  expect((await world.send('POST', `${path}/test`)).status).toBe(200);
  const fields = [{ erpField: 'NAME', crmField: 'name', direction: 'both', showInSearch: true, showInErpTab: true }];
  expect((await saveMapping(world, made.json.id, { active: true, fields })).status).toBe(200);
  expect((await world.send('POST', `${path}/activate`)).json).toMatchObject({ state: 'active' });
  paperErp.edit('card', '7', { NAME: 'Papermill' });
  const found = await world.send('GET', `${path}/actors/customer?q=Paper`);
  expect(found.json.items).toMatchObject([{ erpKey: '7', values: { NAME: 'Papermill' } }]);
  const read = await world.send('GET', `${path}/actors/customer/7`);
  expect(read).toMatchObject({ status: 200, json: { fields: [{ key: 'NAME', value: 'Papermill' }] } });
});
