/** Every operation that changes set-up, each telling who did it, from where, and what it was before. */
import { expect, test } from 'vitest';
import type { AuditAct, AuditEntry } from '../../../functions/core/model/audit.ts';
import type { registry } from '../../../functions/http/registry.ts';
import { ApiWorld, callerAddress, goodPassword, goodToken } from '../api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
  tenantSettings,
  withCrm,
} from '../set-up-steps.ts';

type Operations = (typeof registry)['connections' | 'links' | 'sync' | 'session'];
type ChangingIn<Of> = Of extends object
  ? { [Id in keyof Of]: Of[Id] extends { method: 'GET' } ? never : Id }[keyof Of]
  : never;
type Changing = ChangingIn<Operations>;

/** What each leaves behind; `nothing`: it changes no set-up. */
const acts: Record<Changing, AuditAct | 'nothing'> = {
  issueApiKey: 'api-key.issue',
  revokeApiKey: 'api-key.revoke',
  saveTenant: 'tenant.change',
  testTenant: 'nothing',
  saveEngine: 'engine.change',
  addConnector: 'connector.add',
  changeConnector: 'connector.change',
  removeConnector: 'connector.remove',
  testConnector: 'nothing',
  createConnection: 'connection.create',
  copyConnection: 'connection.copy',
  testConfiguration: 'nothing',
  orderConnections: 'connections.order',
  changeConnection: 'connection.change',
  deleteConnection: 'connection.delete',
  testConnection: 'connection.resume',
  activateConnection: 'connection.activate',
  deactivateConnection: 'connection.deactivate',
  restoreConnection: 'connection.restore',
  refreshMetadata: 'connection.refresh',
  saveMapping: 'mapping.change',
  saveDefaults: 'defaults.change',
  saveFieldOrder: 'field-order.change',
  restoreMappingVersion: 'mapping.change',
  beginSession: 'session.start',
  endSession: 'session.end',
  saveListMappings: 'list-mapping.change',
  planConfig: 'nothing',
  // Each change that it makes is told as by its ordinary operation.
  applyConfig: 'connection.create',
  previewLinks: 'nothing',
  connectLinks: 'nothing',
  disconnectLink: 'nothing',
  restoreLink: 'nothing',
  moveLink: 'nothing',
  eraseRecord: 'crm-record.erase',
  triggerRun: 'nothing',
  cancelRun: 'nothing',
  continueRun: 'nothing',
  dropRun: 'nothing',
  dryRunMapping: 'nothing',
  resolveConflict: 'nothing',
  resolveConflicts: 'nothing',
  // Of drift both systems are asked again.
  retryFailure: 'connection.refresh',
  retryFailures: 'connection.refresh',
  dismissFailure: 'drift.accept',
};

async function trailOf(world: ApiWorld, query = ''): Promise<AuditEntry[]> {
  const { json } = await world.send('GET', `/v1/audit?limit=200${query}`);
  return json.items.toReversed();
}

/** A set-up in which everything was done that can be. */
async function everythingDone(): Promise<ApiWorld> {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const path = `/v1/connections/${id}`;
  const second = await addConnection(world, 'Second ERP');
  await world.send('POST', `${path}/copy`, { body: { name: 'Next company' } });
  const third = (await world.send('GET', '/v1/connections')).json.items.at(-1).id;
  await world.send('PUT', '/v1/connections/order', { body: { connectionIds: [second, id, third] } });
  await saveMapping(world, id, customerMapping);
  const type = `${path}/actor-types/customer`;
  await world.change('PUT', `${type}/defaults`, { defaults: [{ erpField: 'PHONE', value: '+31 1' }] });
  const order = (await world.send('GET', `${path}/actor-types`)).json.items[0].fields.map(
    ({ key }: { key: string }) => key,
  );
  await world.change('PUT', `${type}/field-order`, { erpFields: order.toReversed() });
  await world.change('PATCH', path, { name: 'Renamed', config: { password: goodPassword } });
  const describe = world.erp.describe.bind(world.erp);
  world.erp.describe = async (type) => (await describe(type)).filter(({ key }) => key !== 'VATNO');
  await world.send('POST', `${path}/refresh-metadata`);
  const drift = `/v1/failures/${id}.drift`;
  const { fields } = (await world.send('GET', drift)).json;
  await world.send('POST', `${drift}/dismiss`, { body: { fields } });
  world.erp.describe = describe;
  const pairs = [{ erpItem: '1', crmItem: '528' }];
  const countries = { erpList: 'country', crmList: 'country', pairs };
  await world.change('PUT', `${path}/list-mappings`, { lists: [countries] });
  await world.send('POST', `${path}/activate`);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  const stored = await world.app.connections.get(world.tenantId, id);
  if (stored) {
    const suspension = { kind: 'unauthorised', at: world.app.runtime.now() };
    await world.app.connections.replace({ ...stored, state: 'suspended', suspension });
  }
  await world.send('POST', `${path}/test`);
  await world.send('POST', `${path}/deactivate`);
  await world.change('DELETE', path);
  await world.send('POST', `${path}/restore`);
  const connector = (await world.send('POST', '/v1/connectors', { body: connectorBody('Spare') })).json.id;
  await world.change('PUT', `/v1/connectors/${connector}`, connectorBody('Spare one'));
  await world.change('DELETE', `/v1/connectors/${connector}`);
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 5 });
  await world.send('POST', '/v1/crm/company/c1/erase');
  const key = (await world.send('POST', '/v1/api-keys', { body: { name: 'Scripts', role: 'service' } })).json.id;
  await world.send('DELETE', `/v1/api-keys/${key}`);
  const own = (await world.send('POST', '/v1/api-keys', { body: { name: 'The admin key', role: 'admin' } })).json;
  const { session } = (await world.send('POST', '/v1/session', { body: { apiKey: own.key }, role: 'none' })).json;
  await world.send('DELETE', '/v1/session', { bearer: session });
  return world;
}

function connectorBody(name: string) {
  return { kind: 'tryton', name, url: 'https://spare.example.com' };
}

test('every operation that changes set-up leaves an entry that says who, from where and when', async () => {
  const world = await everythingDone();
  const trail = await trailOf(world);
  const wanted = Object.values(acts).filter((act) => act !== 'nothing');
  expect([...new Set(trail.map(({ act }) => act))].toSorted()).toEqual(
    ['tenant.create', ...new Set(wanted)].toSorted(),
  );
  const { id: _id, ...created } = trail[0] ?? {};
  expect(created).toMatchObject({ act: 'tenant.create', by: { kind: 'operator' }, subject: { id: world.tenantId } });
  for (const { act, by, from, at, changes } of trail.slice(1)) {
    const id = act.startsWith('session.') ? expect.any(String) : 'key-of-admin';
    expect({ by, from, at }).toEqual({
      by: { kind: 'api-key', id, name: 'The admin key' },
      from: callerAddress,
      at: world.app.runtime.now(),
    });
    expect(changes.length).toBeGreaterThan(0);
  }
});

test('what a change was before and is after stands in the trail, and no secret does', async () => {
  const world = await everythingDone();
  const trail = await trailOf(world);
  const changesOf = (act: AuditAct) => trail.find((entry) => entry.act === act)?.changes;
  expect(changesOf('connection.change')).toEqual([
    { path: 'config.password', old: { set: true }, new: { set: true, anew: true } },
    { path: 'name', old: 'Demo ERP', new: 'Renamed' },
  ]);
  expect(changesOf('connection.activate')).toEqual([{ path: 'state', old: 'inactive', new: 'active' }]);
  expect(changesOf('mapping.change')).toContainEqual({
    path: 'customer.active',
    old: false,
    new: true,
  });
  expect(changesOf('engine.change')).toEqual([
    { path: 'defaultIntervalMinutes', old: 15, new: 5 },
    { path: 'running', old: true, new: false },
  ]);
  const text = JSON.stringify(trail);
  for (const secret of [goodPassword, goodToken, tenantSettings.crm.clientSecret, tenantSettings.crm.privateKey]) {
    expect(text).not.toContain(secret);
  }
});

test('a refresh tells what the CRM describes otherwise of the fields in use, and of no others', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const [company, ...others] = world.crm.options.types;
  const shorter = ['name', 'note'];
  const fields = company?.fields.map((field) => (shorter.includes(field.key) ? { ...field, maxLength: 9 } : field));
  Object.assign(world.crm.options, { types: [{ ...company, fields }, ...others] });
  expect((await world.send('POST', `/v1/connections/${id}/refresh-metadata`)).status).toBe(200);
  const [entry] = (await world.send('GET', '/v1/audit')).json.items;
  expect(entry).toMatchObject({
    act: 'connection.refresh',
    changes: ['customer', 'supplier'].map((type) => ({
      path: `${type}.crm.offered.name`,
      old: { maxLength: 219 },
      new: { maxLength: 9 },
    })),
  });
});

test('who takes up an actor type that was set aside is told, with why it was', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const { connections } = world.app;
  const setup = await connections.getSetup(world.tenantId, id);
  const type = setup?.actorTypes.find(({ actorType }) => actorType === 'customer');
  if (!type) throw new Error('there is such a type');
  const at = world.app.runtime.now();
  await connections.noteActorType(type, { suspended: { reason: 'forbidden', at, metBy: 'list' } });
  await world.send('POST', `/v1/connections/${id}/test`);
  expect((await world.send('GET', '/v1/audit')).json.items[0]).toMatchObject({
    act: 'connection.resume',
    by: { id: 'key-of-admin' },
    changes: [
      { path: 'customer.setAside.reason', old: 'forbidden' },
      { path: 'customer.setAside.since', old: at },
    ],
  });
});

test('what is refused or changes nothing leaves no entry, and asking leaves none', async () => {
  const world = await everythingDone();
  const before = await trailOf(world);
  const stale = { headers: { 'if-match': '"99"' }, body: { running: true, defaultIntervalMinutes: 9 } };
  expect((await world.send('PUT', '/v1/engine', stale)).status).toBe(412);
  expect((await world.send('POST', '/v1/tenant/test', { body: {} })).status).toBe(200);
  expect((await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 5 })).status).toBe(200);
  expect(await trailOf(world)).toEqual(before);
});

test('the trail of one thing is found by it, by administrators of its tenant alone', async () => {
  const world = await everythingDone();
  const id = (await world.send('GET', '/v1/connections')).json.items[0].id;
  const ofOne = await trailOf(world, `&subject=connection&id=${id}`);
  expect(ofOne.length).toBeGreaterThan(5);
  expect(new Set(ofOne.map(({ subject }) => subject.id))).toEqual(new Set([id]));
  expect((await world.send('GET', `/v1/audit?id=${id}`)).json.errors).toEqual([
    { path: 'query.subject', message: 'Needed with id' },
  ]);
  const foreign = await world.send('GET', '/v1/audit', { tenantId: world.otherTenantId });
  expect(foreign.json.items.map(({ act }: AuditEntry) => act)).toEqual(['tenant.create']);
  expect((await world.send('GET', '/v1/audit', { role: 'service' })).status).toBe(403);
  expect(world.storageCalls).toBe(0);
  await trailOf(world);
  expect(world.storageCalls).toBe(1);
});
