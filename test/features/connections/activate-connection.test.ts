import { expect, test } from 'vitest';
import type { MemoryRecordType } from '../../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { compareChangedMappings } from '../../../functions/features/connections/compare-changed-mappings.ts';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addConnection,
  customerMapping,
  saveMapping,
  tenantSettings,
  withCrm,
} from '../set-up-steps.ts';

interface Fault {
  readonly path: string;
  readonly message: string;
}

function erpFields(world: ApiWorld): FieldMetadata[] {
  const types = world.erp.options.types as MemoryRecordType[];
  return (types[0]?.fields ?? []) as FieldMetadata[];
}

test('the first activation stores the cursors of now, pairs countries and makes the schedule', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const cursorOf = (side: 'crm' | 'erp', table: string) =>
    world.app.cursors.get({ tenantId: world.tenantId, connectionId: id, side, table });
  expect(await cursorOf('crm', 'contact')).toBeDefined();
  expect(await cursorOf('erp', 'party')).toBeDefined();
  expect(await cursorOf('erp', 'work')).toBeUndefined();
  const setup = await world.app.connections.getSetup(world.tenantId, id);
  expect(setup?.listPairings).toMatchObject([{ pairs: { 1: '528', 2: '56' } }]);
  expect(world.schedules.get(id)).toBe(15);
  expect(world.messages).toEqual([]);
});

test('a later activation keeps the cursors', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const contacts = { tenantId: world.tenantId, connectionId: id, side: 'crm', table: 'contact' } as const;
  const before = await world.app.cursors.get(contacts);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  expect(world.schedules.has(id)).toBe(false);
  world.nowMs += 3_600_000;
  expect((await world.send('POST', `/v1/connections/${id}/activate`)).status).toBe(200);
  expect(await world.app.cursors.get(contacts)).toEqual(before);
  expect(world.messages).toEqual([]);
});

test('a mapping changed since the last activation starts a compare run of that type', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  const fields = [...customerMapping.fields, { erpField: 'BLOCKED', crmField: 'note', direction: 'toCrm' }];
  await saveMapping(world, id, { active: true, fields });
  await world.send('POST', `/v1/connections/${id}/activate`);
  const { json } = await world.send('GET', '/v1/sync-runs');
  expect(json.items).toMatchObject([
    { kind: 'compare', scope: { kind: 'actor-type', actorType: 'customer' }, trigger: { by: 'activation' } },
  ]);
  await world.send('POST', `/v1/connections/${id}/activate`);
  expect((await world.send('GET', '/v1/sync-runs')).json.items).toHaveLength(1);
});

test('what an activation compared with is kept, though the engine sets the type aside at the same time', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const { connections } = world.app;
  const customer = async () => {
    const setup = await connections.getSetup(world.tenantId, id);
    const type = setup?.actorTypes.find(({ actorType }) => actorType === 'customer');
    if (!setup || !type) throw new Error('there is such a type');
    return { setup, type };
  };
  const { type } = await customer();
  await connections.noteActorType(type, { activatedFingerprint: undefined });
  const { setup: read, type: before } = await customer();
  const suspended = { reason: 'forbidden', at: world.app.runtime.now(), metBy: 'list' } as const;
  await connections.noteActorType(before, { suspended });
  await compareChangedMappings(world.app, read, 'key1');
  expect((await customer()).type).toMatchObject({ suspended, activatedFingerprint: type.activatedFingerprint });
});

test('every reason against an activation is named', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const id = await addConnection(world);
  const none = await world.send('POST', `/v1/connections/${id}/activate`);
  expect(none.status).toBe(422);
  expect(none.json.errors.map((fault: Fault) => fault.path)).toEqual(['crm', 'actorTypes']);

  await world.change('PUT', '/v1/tenant', tenantSettings);
  await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
  await saveMapping(world, id, { active: true, fields: [{ erpField: 'VATNO', crmField: 'vatNo', direction: 'both' }] });
  const fields = erpFields(world);
  fields.splice(
    fields.findIndex((field) => field.key === 'VATNO'),
    1,
  );
  const reasons = await world.send('POST', `/v1/connections/${id}/activate`);
  expect(reasons.json.errors.map((fault: Fault) => fault.path)).toEqual([
    'actorTypes.customer.NAME',
    'actorTypes.customer.VATNO',
  ]);
  const { json } = await world.send('GET', `/v1/connections/${id}/actor-types`);
  expect(json.items[0].fields.find((field: FieldMetadata) => field.key === 'VATNO')).toMatchObject({ missing: true });
});

test('an end that does not work is a reason, with its explanation', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  world.erpError = () => new SyncError('transient', 'The ERP does not answer.', { explanation: 'gone fishing' });
  const answer = await world.send('POST', `/v1/connections/${id}/activate`);
  expect(answer).toMatchObject({ status: 422, json: { explanation: 'gone fishing', errors: [{ path: 'erp' }] } });
});

test('activating and deactivating twice changes nothing more', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  expect((await world.send('POST', `/v1/connections/${id}/activate`)).status).toBe(200);
  expect((await world.send('POST', `/v1/connections/${id}/deactivate`)).json.state).toBe('inactive');
  expect((await world.send('POST', `/v1/connections/${id}/deactivate`)).json.state).toBe('inactive');
});

test('an ERP field that comes back is offered again, and one gone without a mapping is dropped', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const fields = erpFields(world);
  const [removed] = fields.splice(
    fields.findIndex((field) => field.key === 'BLOCKED'),
    1,
  );
  const keysAfter = async () => {
    const { json } = await world.send('POST', `/v1/connections/${id}/refresh-metadata`);
    return json.items[0].fields.map((field: FieldMetadata) => field.key);
  };
  expect(await keysAfter()).not.toContain('BLOCKED');
  if (removed) fields.push(removed);
  expect(await keysAfter()).toContain('BLOCKED');
});

test('what an activation left undone when it stopped half-way, the same call again does', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  await world.send('POST', `/v1/connections/${id}/deactivate`);
  await saveMapping(world, id, { ...customerMapping, fields: customerMapping.fields.slice(0, 2) });
  const put = world.app.schedules.put;
  Object.assign(world.app.schedules, {
    put: async () => {
      throw new SyncError('transient', 'No answer.');
    },
  });
  expect((await world.send('POST', `/v1/connections/${id}/activate`)).status).toBe(503);
  Object.assign(world.app.schedules, { put });
  expect((await world.send('POST', `/v1/connections/${id}/activate`)).json.state).toBe('active');
  expect(world.schedules.get(id)).toBe(15);
  expect((await world.send('GET', '/v1/sync-runs')).json.items).toMatchObject([{ kind: 'compare' }]);
});
