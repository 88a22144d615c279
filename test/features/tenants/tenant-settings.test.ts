import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld, goodToken } from '../api-world.ts';
import { activeConnection, crmSettings, tenantSettings, withCrm } from '../set-up-steps.ts';

test('CRM settings are tested, saved, and read back with their secrets masked', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { json, headers } = await world.send('GET', '/v1/tenant');
  const set = { set: true };
  expect(json).toMatchObject({
    crmContext: 'Cust11111',
    crm: { address: 'https://online.example.com', systemToken: set, clientSecret: set, privateKey: set },
    retentionDays: 90,
  });
  expect(JSON.stringify(json)).not.toContain(goodToken);
  expect(headers.etag).toMatch(/^"\d+"$/);
  expect([...world.secrets.values()]).toEqual([
    { systemToken: goodToken, clientSecret: 'client-secret', privateKey: 'private-key' },
  ]);
});

test('settings that do not work are refused with the explanation, and no secret is stored', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const crm = { ...crmSettings, systemToken: 'wrong' };
  const answer = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
  expect(answer).toMatchObject({ status: 422, json: { type: 'rejected', explanation: 'Token is not valid' } });
  expect(JSON.stringify(answer.json)).not.toContain('wrong');
  expect(world.secrets.size).toBe(0);
  expect((await world.send('GET', '/v1/tenant')).json.crm).toBeUndefined();
});

test('a masked secret sent back keeps the stored one', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const { json } = await world.send('GET', '/v1/tenant');
  const saved = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm: json.crm, retentionDays: 30 });
  expect(saved).toMatchObject({ status: 200, json: { retentionDays: 30 } });
  expect(world.secrets.size).toBe(1);
});

test('keeping a secret that was never stored is refused', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const crm = { ...crmSettings, systemToken: { set: true } };
  const answer = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ path: 'crm.systemToken' }] } });
});

test('every fault of the settings is named at once, those of the kind of CRM too', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const { clientId: _clientId, ...rest } = crmSettings;
  const crm = { ...rest, address: 'ftp://x', clientSecret: null, colour: 'red' };
  const { status, json } = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm, retentionDays: 0 });
  expect(status).toBe(400);
  const paths = json.errors.map((fault: { path: string }) => fault.path);
  expect(paths.sort()).toEqual(['crm.address', 'crm.clientId', 'crm.clientSecret', 'crm.colour', 'retentionDays']);
});

test('a CRM of a kind that is not built in is refused, and the known kinds are named', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const crm = { ...crmSettings, kind: 'paper' };
  const errors = [{ path: 'crm.kind', message: 'There is no such kind; known: superoffice' }];
  expect(await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm })).toMatchObject({
    status: 400,
    json: { errors },
  });
  expect(await world.send('POST', '/v1/tenant/test', { body: { crm } })).toMatchObject({
    status: 400,
    json: { errors },
  });
});

test('a change needs the entity tag, and the present one', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  expect((await world.send('PUT', '/v1/tenant', { body: tenantSettings })).status).toBe(428);
  const headers = { 'if-match': '"1"' };
  expect((await world.send('PUT', '/v1/tenant', { body: tenantSettings, headers })).status).toBe(412);
});

test('the CRM context cannot be sent', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const answer = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crmContext: 'Cust99999' });
  expect(answer).toMatchObject({ status: 400, json: { type: 'invalid' } });
});

test('saved and unsaved settings can be tested', async () => {
  const world = new ApiWorld();
  await world.tenants();
  expect((await world.send('POST', '/v1/tenant/test')).status).toBe(409);
  expect((await world.send('POST', '/v1/tenant/test', { body: { crm: crmSettings } })).json).toEqual({ ok: true });
  await world.change('PUT', '/v1/tenant', tenantSettings);
  expect((await world.send('POST', '/v1/tenant/test')).json).toEqual({ ok: true });
  world.crmError = () => new SyncError('transient', 'The CRM does not answer.', { explanation: 'down for repair' });
  const failed = await world.send('POST', '/v1/tenant/test');
  expect(failed).toMatchObject({ status: 422, json: { explanation: 'down for repair' } });
});

test('CRM settings can be removed only while no connection needs them', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const { crm: _crm, ...without } = tenantSettings;
  expect((await world.change('PUT', '/v1/tenant', without)).status).toBe(409);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await world.change('PUT', '/v1/tenant', without)).status).toBe(200);
  expect([...world.secrets.keys()].filter((name) => name.includes('/crm/'))).toEqual([]);
});

test('a flood of settings is told in a word, and a missing kind with those that there are', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const flood = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`${at}`, 1]));
  const many = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm: { ...crmSettings, ...flood } });
  expect(many).toMatchObject({ status: 400, json: { errors: [{ path: 'crm', message: 'Has more than 200 fields' }] } });
  const { kind: _kind, ...rest } = crmSettings;
  const none = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm: rest });
  const errors = [{ path: 'crm.kind', message: 'There is no such kind; known: superoffice' }];
  expect(none).toMatchObject({ status: 400, json: { errors } });
});

const set = { set: true };
const keptSecrets = { ...crmSettings, systemToken: set, clientSecret: set, privateKey: set };
const enterAgain = ['crm.systemToken', 'crm.clientSecret', 'crm.privateKey'];

test('stored secrets are sent to no other address and for no other application than they were tested with', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const asked: string[] = [];
  const systems = world.app.systems as { candidateCrm: typeof world.app.systems.candidateCrm };
  const { candidateCrm } = systems;
  systems.candidateCrm = (kind, site, config, signer) => {
    asked.push(site.address);
    return candidateCrm(kind, site, config, signer);
  };
  for (const other of [{ address: 'https://elsewhere.example.net' }, { clientId: 'app-2' }]) {
    const crm = { ...keptSecrets, ...other };
    const tested = await world.send('POST', '/v1/tenant/test', { body: { crm } });
    const saved = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
    for (const { status, json } of [tested, saved]) {
      expect({ status, paths: json.errors.map((fault: { path: string }) => fault.path) }).toEqual({
        status: 400,
        paths: enterAgain,
      });
    }
  }
  expect(asked).toEqual([]);
  const sameAddress = { ...keptSecrets, address: 'https://ONLINE.example.com/' };
  expect((await world.send('POST', '/v1/tenant/test', { body: { crm: sameAddress } })).status).toBe(200);
});

test('secrets to keep for a kind of CRM that is not built in are faults beside the kind', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const crm = { ...keptSecrets, kind: 'paper' };
  const { status, json } = await world.change('PUT', '/v1/tenant', { ...tenantSettings, crm });
  const paths = json.errors.map((fault: { path: string }) => fault.path);
  expect({ status, paths }).toEqual({ status: 400, paths: ['crm.kind', ...enterAgain] });
});

test('settings of a kind that is no longer built in are read', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const systems = world.app.systems as { connectorTypes: typeof world.app.systems.connectorTypes };
  systems.connectorTypes = () => [];
  expect(await world.send('GET', '/v1/tenant')).toMatchObject({ status: 200, json: { crm: { kind: 'superoffice' } } });
});
