/** Why a field has its value: both sides now, what was agreed, how it stands, and the change, run and trigger behind it. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, customerMapping, pair, saveMapping } from '../set-up-steps.ts';

interface Explained {
  readonly world: ApiWorld;
  readonly connectionId: string;
  readonly linkId: string;
}

async function linked(): Promise<Explained> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  const { json } = await connect(world, connectionId, pair(1));
  await world.work();
  return { world, connectionId, linkId: json.items[0].linkId };
}

async function explain({ world, linkId }: Explained) {
  const { status, json } = await world.send('GET', `/v1/links/${linkId}/fields`, { role: 'service' });
  expect(status).toBe(200);
  const field = (name: string) => json.fields.find((one: { erpField: string }) => one.erpField === name);
  return { json, field };
}

async function sync({ world, connectionId }: Explained, kind = 'sync') {
  const { json } = await world.send('POST', '/v1/sync-runs', { body: { kind, connectionId } });
  await world.work();
  return json.id;
}

test('a changed field tells of the rule, the run, its trigger, when it was and where the value came from', async () => {
  const made = await linked();
  made.world.nowMs += 60_000;
  made.world.crm.edit('contact', 'c1', { phone: '+31 77 7' });
  const runId = await sync(made);
  const { field, json } = await explain(made);
  expect(json).toMatchObject({ linkId: made.linkId, state: 'active', crmKey: 'c1', erpKey: 'p1' });
  expect(json.notSynced).toBeUndefined();
  expect(field('PHONE')).toMatchObject({
    crmField: 'phone',
    direction: 'both',
    crm: { value: '+31 77 7' },
    erp: { value: '+31 77 7' },
    lastAgreed: { crm: { value: '+31 77 7' }, erp: { value: '+31 77 7' } },
    state: 'agreed',
    reason: 'Nothing changed since both sides last agreed.',
    why: {
      change: {
        at: new Date(made.world.nowMs).toISOString(),
        rule: 'changed-in-crm',
        text: 'It was changed in the CRM.',
        side: 'erp',
        source: 'crm',
        oldValue: '+31 30 1',
        newValue: '+31 77 7',
        outcome: 'written',
        runId,
        run: { kind: 'sync', trigger: { by: 'user', caller: 'key-of-admin' } },
      },
    },
  });
});

test('a field that nobody changed says since when, and list items have their texts', async () => {
  const { field } = await explain(await linked());
  expect(field('COUNTRY')).toMatchObject({
    crm: { value: '528', text: 'Nederland' },
    erp: { value: '1', text: 'Netherlands' },
    lastAgreed: { crm: { text: 'Nederland' }, erp: { text: 'Netherlands' } },
    why: { unchanged: { text: 'Not changed since the records were connected.', connectedBy: 'key-of-admin' } },
  });
});

test('what waits is told as the next look then writes it, and asking changes nothing', async () => {
  const made = await linked();
  const { world } = made;
  world.erp.edit('party', 'p1', { COUNTRY: '2' });
  world.crm.edit('contact', 'c1', { phone: '+31 88 8' });
  const written = world.erp.written.length;
  const { field } = await explain(made);
  expect(field('COUNTRY')).toMatchObject({
    state: 'waiting',
    next: { side: 'crm', value: '56', text: 'België', rule: 'changed-in-erp' },
  });
  expect(field('PHONE').next).toEqual({ side: 'erp', value: '+31 88 8', rule: 'changed-in-crm' });
  expect(world.erp.written).toHaveLength(written);
  await sync(made);
  expect(world.crm.valuesOf('contact', 'c1').country).toBe('56');
  expect(world.erp.valuesOf('party', 'p1').PHONE).toBe('+31 88 8');
});

test('a parked field names its failure, one that is held its conflict, and an edit on the target side is left alone', async () => {
  const made = await linked();
  const { world, connectionId, linkId } = made;
  world.crm.edit('contact', 'c1', { vatNo: 'NL00000001' });
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const fields = customerMapping.fields.map((row) =>
    row.erpField === 'PHONE' ? { ...row, conflictPolicy: { kind: 'ask' } } : row,
  );
  await saveMapping(world, connectionId, { active: true, fields });
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  await world.work();
  world.crm.edit('contact', 'c1', { phone: '+31 1' });
  world.erp.edit('party', 'p1', { PHONE: '+31 2' });
  await sync(made);
  const { field } = await explain(made);
  expect(field('VATNO')).toMatchObject({ state: 'parked', failureId: linkId });
  expect(field('VATNO').reason).toContain('longer than the other side can hold');
  const conflicts = (await world.send('GET', '/v1/conflicts')).json.items;
  expect(field('PHONE')).toMatchObject({ state: 'held', conflictId: conflicts[0].id, failureId: linkId });
  world.crm.edit('contact', 'c1', { vatNo: 'NL1' });
  await sync(made);
  world.erp.edit('party', 'p1', { VATNO: 'mine' });
  expect((await explain(made)).field('VATNO')).toMatchObject({ state: 'left-alone', erp: { value: 'mine' } });
});

test('a system that fails shows its trouble in place of its values, and the other side is shown all the same', async () => {
  const made = await linked();
  made.world.crm.edit('contact', 'c1', { phone: '+31 9' });
  made.world.erpError = () => new SyncError('transient', 'Down.', { explanation: 'maintenance until noon' });
  const { json, field } = await explain(made);
  expect(json.sides.erp.trouble).toEqual({
    reason: 'transient',
    message: 'The ERP could not be read now (transient).',
    explanation: 'maintenance until noon',
  });
  expect(json.sides.crm).toMatchObject({ key: 'c1', standing: 'live' });
  expect(field('PHONE')).toMatchObject({ crm: { value: '+31 9' }, state: 'waiting' });
  expect(field('PHONE')).not.toHaveProperty('erp');
  expect(field('NAME')).toMatchObject({ state: 'agreed', lastAgreed: { erp: { value: 'Firm 1' } } });
  expect(JSON.stringify(made.world.logged)).not.toContain('noon');
  made.world.crmError = () => new SyncError('throttled', 'Wait.', { retryAfterMs: 30_000 });
  expect((await explain(made)).json.sides).toMatchObject({
    crm: { trouble: { reason: 'throttled' } },
    erp: { trouble: { reason: 'transient' } },
  });
});

test('a record that is gone or archived is said so, and the fields of a link that is not live are explained too', async () => {
  const made = await linked();
  const { world, linkId } = made;
  world.crm.edit('contact', 'c1', { phone: '+31 9' });
  world.erp.setStanding('party', 'p1', { kind: 'archived' });
  await sync(made);
  const paused = await explain(made);
  expect(paused.json).toMatchObject({
    state: 'paused',
    notSynced: 'link-paused',
    sides: { erp: { standing: 'archived' } },
  });
  expect(paused.field('PHONE')).toMatchObject({
    state: 'waiting',
    crm: { value: '+31 9' },
    erp: { value: '+31 30 1' },
  });
  world.erp.removeRecord('party', 'p1');
  await sync(made, 'compare');
  const broken = await explain(made);
  expect(broken.json).toMatchObject({
    state: 'broken',
    stateReason: 'erp-actor-gone',
    notSynced: 'link-broken',
    failure: { id: linkId, reason: 'erp-actor-gone' },
    sides: { erp: { trouble: { reason: 'missing' } } },
  });
  expect(broken.field('NAME')).toMatchObject({ state: 'agreed', why: { unchanged: {} } });
  await world.send('DELETE', `/v1/links/${linkId}`);
  const { json, field } = await explain(made);
  expect(json).toMatchObject({ state: 'disconnected', notSynced: 'link-disconnected' });
  expect(field('PHONE').why.change).toMatchObject({ rule: 'first-sync', side: 'erp', source: 'crm' });
});

test('of a connection that is switched off what the next look would do is told, of a suspended one neither system is asked', async () => {
  const made = await linked();
  const { world, connectionId } = made;
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  world.crm.edit('contact', 'c1', { phone: '+31 9' });
  const off = await explain(made);
  expect(off.json.notSynced).toBe('connection-inactive');
  expect(off.field('PHONE')).toMatchObject({ state: 'waiting', next: { side: 'erp', value: '+31 9' } });
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  world.erpError = () => new SyncError('unauthorised', 'No.', { explanation: 'locked' });
  await sync(made);
  const asked = world.crm.callCount() + world.erp.callCount();
  const suspended = await explain(made);
  expect(suspended.json.sides.crm.trouble).toMatchObject({ reason: 'left-alone' });
  expect(suspended.json.sides.erp.trouble.message).toContain('suspended');
  expect(suspended.field('PHONE')).toMatchObject({ state: 'agreed', lastAgreed: { crm: { value: '+31 30 1' } } });
  expect(world.crm.callCount() + world.erp.callCount()).toBe(asked);
});

test('what a link wrote to a record that it has moved away from explains nothing of the present one', async () => {
  const made = await linked();
  const { world, linkId } = made;
  world.erp.edit('party', 'p2', { NAME: 'Firm 1', PHONE: '+31 30 1', COUNTRY: '1', VATNO: 'NL1' });
  world.erp.setStanding('party', 'p1', { kind: 'merged', into: 'p2' });
  await sync(made);
  expect((await world.send('POST', `/v1/links/${linkId}/move`, { body: {} })).status).toBe(202);
  await world.work();
  const { json, field } = await explain(made);
  expect(json).toMatchObject({ state: 'active', erpKey: 'p2' });
  expect(field('PHONE')).toMatchObject({ state: 'agreed', why: { unchanged: { connectedBy: 'key-of-admin' } } });
});

test('a stopped engine, and an actor type that is set aside or switched off, are told as what keeps a link from being synced', async () => {
  const made = await linked();
  const { world, connectionId } = made;
  await world.change('PUT', '/v1/engine', { running: false, defaultIntervalMinutes: 60 });
  expect((await explain(made)).json.notSynced).toBe('engine-stopped');
  await world.change('PUT', '/v1/engine', { running: true, defaultIntervalMinutes: 60 });
  const setup = await world.app.connections.getWholeSetup(world.tenantId, connectionId);
  const type = setup?.actorTypes.find(({ actorType }) => actorType === 'customer');
  if (!type) throw new Error('there is a type');
  const suspended = { reason: 'forbidden', at: world.app.runtime.now(), metBy: 'look' } as const;
  const aside = await world.app.connections.noteActorType(type, { suspended });
  expect((await explain(made)).json.notSynced).toBe('actor-type-set-aside');
  if (aside) await world.app.connections.replaceActorType({ ...aside, suspended: undefined, active: false });
  expect((await explain(made)).json).toMatchObject({ notSynced: 'actor-type-inactive', fields: [] });
});

test('a link that does not exist is not found', async () => {
  const { world } = await linked();
  expect((await world.send('GET', '/v1/links/none/fields')).status).toBe(404);
});

test('a constant is explained without asking a system for it, and an actor outside the filter stands so', async () => {
  const made = await linked();
  const { world, connectionId } = made;
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  const fields = [customerMapping.fields[1], { crmField: 'code', direction: 'toCrm', constant: 'erp' }];
  const filter = [{ field: 'BLOCKED', operator: '=', values: [false] }];
  const rows = [customerMapping.fields[0], ...fields];
  expect((await saveMapping(world, connectionId, { active: true, fields: rows, filter })).status).toBe(200);
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  await world.work();
  const inside = await explain(made);
  expect(inside.json.sides).toMatchObject({ crm: { standing: 'live' }, erp: { standing: 'live' } });
  expect(inside.field('=')).toMatchObject({ constant: 'erp', crm: { value: 'erp' }, erp: { value: 'erp' } });
  world.erp.edit('party', 'p1', { BLOCKED: true, PHONE: '+31 99' });
  const outside = await explain(made);
  expect(outside.json.sides.erp.standing).toBe('outside');
  expect(outside.field('PHONE')).toMatchObject({ erp: { value: '+31 99' }, crm: { value: '+31 30 1' } });
  expect(outside.field('PHONE').next).toBeUndefined();
  await sync(made);
  expect(world.crm.valuesOf('contact', 'c1').phone).toBe('+31 30 1');
});
