/** One CRM record, several connections: what one writes there reaches the others, and whose value stands is known. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { choiceFingerprint } from '../../functions/core/merge/plan-group.ts';
import type { ConflictPolicy } from '../../functions/core/merge/policy.ts';
import type { Choice } from '../../functions/core/model/link.ts';
import type { Run } from '../../functions/core/model/run.ts';
import type { Value } from '../../functions/core/values/value.ts';
import { type StartRunRequest, startRun } from '../../functions/sync/runs/start-run.ts';
import { Hub } from '../property/hub.ts';
import { connectionId, tenantId, type WorldOptions } from '../property/world.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;
const erpWins: ConflictPolicy = { kind: 'erp-wins' };

/** Three connections whose links are in agreement, with nothing to do. */
async function hub(options: Partial<WorldOptions> = {}): Promise<Hub> {
  const made = new Hub({ fields, links: 2, ...options }, [{ id: 'conn2' }, { id: 'conn3' }]);
  await made.setUp();
  await made.quiesce();
  return made;
}

async function pollOf(world: Hub, id: string): Promise<void> {
  world.nowMs += 60_000;
  await world.poll(world.quiet, id);
  await world.drain();
}

const dueIn = async (world: Hub, id: string) =>
  (await world.quiet.dueItems.list(tenantId, id, 50)).items.map(({ linkId }) => linkId);

/** A table that counts its calls while told to. */
function counting(): { calls: string[]; gate: WorldOptions['gate'] } {
  const calls: string[] = [];
  return {
    calls,
    gate: async (what) => {
      if (what.startsWith('table.') && !what.endsWith('>')) calls.push(what);
    },
  };
}

test('what one connection writes to the CRM makes the links of the others due, once it is recorded', async () => {
  const world = await hub();
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  await pollOf(world, 'conn2');
  expect(world.held(0, 'name')).toEqual(['new', 'start0', 'new', 'start0']);
  expect(await dueIn(world, connectionId)).toEqual([world.linkOf(connectionId, 0)]);
  expect(await dueIn(world, 'conn3')).toEqual([world.linkOf('conn3', 0)]);
  expect(await dueIn(world, 'conn2')).toEqual([]);
  for (const id of [connectionId, 'conn3']) await pollOf(world, id);
  expect(world.held(0, 'name')).toEqual(['new', 'new', 'new', 'new']);
  const written = world.writes();
  await world.quiesce();
  expect(world.writes()).toBe(written);
});

test('a write that reached the ERP alone makes nobody else due', async () => {
  const world = await hub();
  world.crm.edit('contact', 'c0', { name: 'new' });
  await pollOf(world, 'conn2');
  expect(await dueIn(world, 'conn3')).toEqual([]);
});

test('where a person waits, the others are looked at at once', async () => {
  const world = await hub();
  world.erpOf('conn3').edit('party', 'e1', { CITY: 'Delft' });
  await world.syncNow('conn3', 1);
  await world.drain();
  expect(world.held(1, 'city')).toEqual(['Delft', 'Delft', 'Delft', 'Delft']);
  const followed = (await world.runs()).filter(({ trigger }) => trigger.by === 'connection');
  expect(followed.map((run) => run.connectionId).sort()).toEqual([connectionId, 'conn2']);
  expect(await dueIn(world, connectionId)).toEqual([]);
});

test('a connection that is switched off meanwhile has its links due when it is switched on', async () => {
  const world = await hub();
  await world.switchConnection('inactive');
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  await world.syncNow('conn2', 0);
  await world.drain();
  expect(world.held(0, 'name')).toEqual(['new', 'start0', 'new', 'new']);
  expect(await dueIn(world, connectionId)).toEqual([world.linkOf(connectionId, 0)]);
  await world.switchConnection('active');
  await pollOf(world, connectionId);
  expect(world.held(0, 'name')).toEqual(['new', 'new', 'new', 'new']);
});

test('the edit of a higher connection wins over that of a lower one, whatever the policy says', async () => {
  const world = await hub({ policy: erpWins });
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'of the last' });
  await pollOf(world, connectionId);
  await pollOf(world, 'conn3');
  expect(world.held(0, 'name')).toEqual(['of the first', 'of the first', 'start0', 'of the first']);
  const log = await world.quiet.changeLog.list(tenantId, { linkId: world.linkOf('conn3', 0) }, { limit: 10 });
  expect(log.items[0]?.conflict).toMatchObject({ winner: 'crm', policy: 'sync-priority', erp: 'of the last' });
});

test('the order that counts is that of the moment', async () => {
  const world = await hub({ policy: erpWins });
  await world.quiet.connections.reorder(tenantId, ['conn3', 'conn2', connectionId]);
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'of the last' });
  await pollOf(world, connectionId);
  await pollOf(world, 'conn3');
  await world.quiesce();
  expect(new Set(world.held(0, 'name'))).toEqual(new Set(['of the last']));
});

test('what a person wrote over it since is theirs: then the policy decides', async () => {
  const world = await hub({ policy: erpWins });
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  await pollOf(world, connectionId);
  world.crm.edit('contact', 'c0', { name: 'of a person' });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'of the last' });
  await pollOf(world, 'conn3');
  expect(world.held(0, 'name')[0]).toBe('of the last');
});

test('a value that the CRM stored otherwise than it was sent is known as its connection’s, too', async () => {
  const reformat = (_field: string, value: unknown) => (typeof value === 'string' ? value.toUpperCase() : null);
  const world = await hub({ policy: erpWins, crm: { reformat } });
  world.erp.edit('party', 'e0', { NAME: 'first' });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'last' });
  await pollOf(world, connectionId);
  await pollOf(world, 'conn3');
  expect(world.held(0, 'name')).toEqual(['FIRST', 'first', 'start0', 'FIRST']);
});

test('the same holds where it is the same value in another form', async () => {
  const reformat = (_field: string, value: unknown) => (typeof value === 'string' ? value.trim() : null);
  const world = await hub({ policy: { kind: 'crm-wins' }, crm: { reformat } });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'last ' });
  world.erp.edit('party', 'e0', { NAME: 'first ' });
  await pollOf(world, 'conn3');
  await pollOf(world, connectionId);
  expect(world.held(0, 'name')).toEqual(['first', 'first ', 'start0', 'last ']);
});

/** A hub of which a connection has written to the CRM, and whose worker died before it could record that. */
async function diedOverRecord(value = 'new', options: Partial<WorldOptions> = {}, by = 'conn2'): Promise<Hub> {
  let dies = false;
  const gate = async (what: string) => {
    if (dies && what === 'table.transact') throw new SyncError('transient', 'storage is away');
    if (what === 'crm.update.answered') dies = true;
  };
  const world = await hub({ ...options, gate });
  world.erpOf(by).edit('party', 'e0', { NAME: value });
  world.nowMs += 60_000;
  await world.poll(world.quiet, by);
  for (let round = 0; round < 2; round += 1) {
    for (const queued of [...world.ready()]) {
      world.acknowledge(queued);
      await world.handle(queued).catch(() => {});
    }
  }
  dies = false;
  return world;
}

test('a write whose worker died is passed on by whoever settles it', async () => {
  const world = await diedOverRecord();
  expect(world.held(0, 'name')[0]).toBe('new');
  expect(await dueIn(world, 'conn3')).toEqual([]);
  world.nowMs += 200_000;
  await world.drain();
  expect(await dueIn(world, connectionId)).toEqual([world.linkOf(connectionId, 0)]);
  expect(await dueIn(world, 'conn3')).toEqual([world.linkOf('conn3', 0)]);
});

test('a connection that comes while another writes is told of it', async () => {
  const world = await hub();
  const third = world.linkOf('conn3', 0);
  const link = await world.quiet.links.get(tenantId, third);
  if (!link) throw new Error('it is there');
  const due = { tenantId, connectionId: 'conn3', linkId: third, sequence: 'back' };
  await world.quiet.links.disconnect(link, due);
  const { update } = world.crm;
  world.crm.update = async (...parameters) => {
    const answers = await update.apply(world.crm, parameters);
    const gone = await world.quiet.links.get(tenantId, third);
    if (gone) await world.quiet.links.restore(gone, due);
    await world.quiet.dueItems.remove(due);
    return answers;
  };
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  await pollOf(world, 'conn2');
  world.crm.update = update;
  expect(await dueIn(world, 'conn3')).toEqual([third]);
});

test('links that share their record with nobody cost no call more', async () => {
  const shared = counting();
  const hubWorld = await hub({ gate: shared.gate });
  const [alone] = await hubWorld.linksOf('conn3');
  const callsOf = async (id: string) => {
    shared.calls.length = 0;
    await hubWorld.syncNow(id, 0, hubWorld.engine);
    for (const queued of [...hubWorld.ready()]) {
      await hubWorld.handle(queued);
      hubWorld.acknowledge(queued);
    }
    return shared.calls.length;
  };
  const together = await callsOf('conn3');
  for (const id of [connectionId, 'conn2']) {
    const link = await hubWorld.quiet.links.get(tenantId, hubWorld.linkOf(id, 0));
    if (link)
      await hubWorld.quiet.links.disconnect(link, { tenantId, connectionId: id, linkId: link.id, sequence: 'x' });
  }
  const now = alone && (await hubWorld.quiet.links.get(tenantId, alone.id));
  if (now) {
    const { shared: _over, ...rest } = now;
    await hubWorld.quiet.links.record({ before: now, after: rest });
  }
  expect(together - (await callsOf('conn3'))).toBe(1);
});

/** A resync of the first connection that goes on to the others, or another one, to its end. */
async function resyncToOthers(world: Hub, over: Partial<StartRunRequest> = {}): Promise<Run> {
  const asked = { kind: 'resync-from-erp', scope: { kind: 'connection' }, toOthers: true } as const;
  const run = await startRun(world.quiet, { tenantId, connectionId, ...asked, trigger: { by: 'user' }, ...over });
  await world.drain();
  return run;
}

test('a resync from one ERP goes on to all others, over edits of theirs, which are logged as losing', async () => {
  const world = await hub();
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'right', CITY: null });
  world.erpOf('conn3').edit('party', 'e1', { CITY: 'of the last' });
  const run = await resyncToOthers(world, { connectionId: 'conn2', noBlanks: true });
  expect((await world.quiet.runs.get(tenantId, run.id))?.state).toBe('done');
  await world.quiesce();
  expect(new Set(world.held(0, 'name'))).toEqual(new Set(['right']));
  expect(world.held(0, 'city')).toEqual(['start0', 'start0', null, 'start0']);
  expect(new Set(world.held(1, 'city'))).toEqual(new Set(['start1']));
  const log = await world.quiet.changeLog.list(tenantId, { linkId: world.linkOf('conn3', 1) }, { limit: 10 });
  expect(log.items.map(({ conflict }) => conflict)).toMatchObject([
    { winner: 'crm', policy: 'resync', crm: 'start1', erp: 'of the last' },
  ]);
  for (const id of world.connectionIds) {
    for (const link of await world.linksOf(id)) expect(link.resyncsFromCrm).toBeUndefined();
  }
  const written = world.writes();
  await world.compareAll();
  await world.quiesce();
  expect(world.writes()).toBe(written);
});

test('a dry run passes nothing on', async () => {
  const world = await hub();
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  const linkIds = [world.linkOf('conn2', 0)];
  const scope = { kind: 'links', linkIds } as const;
  await resyncToOthers(world, { connectionId: 'conn2', scope, linkIds, dryRun: true });
  for (const id of world.connectionIds) expect(await dueIn(world, id)).toEqual([]);
  const [planned] = (await world.runs()).filter(({ dryRun }) => dryRun);
  expect(planned?.counters).toMatchObject({ writtenToCrm: 1 });
});

test('a value that a person wrote is theirs, also where a connection had sent the same one long before', async () => {
  for (const value of [null, 'yes']) {
    const world = await hub({ policy: erpWins });
    world.erp.edit('party', 'e0', { CITY: value });
    await world.quiesce();
    world.crm.edit('contact', 'c0', { city: 'no' });
    await world.quiesce();
    world.crm.edit('contact', 'c0', { city: value });
    world.erpOf('conn3').edit('party', 'e0', { CITY: 'of the last' });
    await pollOf(world, 'conn3');
    expect(world.held(0, 'city')[0]).toBe('of the last');
  }
});

test('a value that a person chose is theirs, through whichever connection it came to the CRM', async () => {
  const world = await hub({ policy: erpWins });
  world.crm.edit('contact', 'c0', { name: 'of the CRM' });
  world.erp.edit('party', 'e0', { NAME: 'chosen' });
  const before = await world.quiet.links.get(tenantId, world.linkOf(connectionId, 0));
  if (!before) throw new Error('it is there');
  const { 'NAME~name': _agreed, ...fieldStates } = before.fieldStates;
  const choice: Choice = { side: 'erp', fingerprint: choiceFingerprint('of the CRM', 'chosen'), resolves: true };
  await world.quiet.links.record({ before, after: { ...before, fieldStates, choices: { 'NAME~name': choice } } });
  await pollOf(world, connectionId);
  expect(world.held(0, 'name')[0]).toBe('chosen');
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'of the last' });
  await pollOf(world, 'conn3');
  expect(world.held(0, 'name')[0]).toBe('of the last');
});

test('of two connections that have sent the same value it is that which sent it last', async () => {
  const world = await hub();
  world.erp.edit('party', 'e0', { CITY: 'yes' });
  await world.quiesce();
  world.erpOf('conn2').edit('party', 'e0', { CITY: 'no' });
  await world.quiesce();
  world.erpOf('conn3').edit('party', 'e0', { CITY: 'yes' });
  world.erpOf('conn2').edit('party', 'e0', { CITY: 'other' });
  for (const id of ['conn3', 'conn2']) await pollOf(world, id);
  expect(world.held(0, 'city')[0]).toBe('other');
});

test('a field that the CRM re-forms does not make the other values of its look nobody’s', async () => {
  const reformat = (field: string, value: Value) =>
    field === 'name' && typeof value === 'string' ? value.toUpperCase() : value;
  const world = await hub({ policy: erpWins, crm: { reformat } });
  world.erp.edit('party', 'e0', { NAME: 'first', CITY: 'of the first' });
  world.erpOf('conn3').edit('party', 'e0', { CITY: 'of the last' });
  for (const id of [connectionId, 'conn3']) await pollOf(world, id);
  expect(world.held(0, 'city')).toEqual(['of the first', 'of the first', 'start0', 'of the first']);
});

test('what the link of another connection waits an hour for stands, where a person waits too', async () => {
  const world = await hub();
  const linkId = world.linkOf('conn3', 0);
  const notBefore = new Date(world.nowMs + 3_000_000).toISOString();
  const waiting = { tenantId, connectionId: 'conn3', linkId, sequence: 'w', notBefore, keepsWait: true };
  await world.quiet.dueItems.putMany([waiting]);
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  await world.syncNow('conn2', 0);
  await world.drain();
  const [due] = await world.quiet.dueItems.getMany(tenantId, 'conn3', [linkId]);
  expect(due).toMatchObject({ notBefore, keepsWait: true });
});

test('a link that a message is under way to is not looked at in a run more', async () => {
  const further = Array.from({ length: 7 }, (_, at) => ({ id: `conn${at + 2}` }));
  const world = new Hub({ fields, links: 1 }, further);
  await world.setUp();
  await world.quiesce();
  const ids = world.connectionIds;
  for (const id of ids) world.erpOf(id).edit('party', 'e0', { NAME: `of ${id}` });
  for (const id of ids.toReversed()) await world.syncNow(id, 0);
  await world.drain();
  await world.quiesce();
  expect(new Set(world.held(0, 'name')).size).toBe(1);
  const followed = (await world.runs()).filter(({ trigger }) => trigger.by === 'connection');
  // One of each, and not one of each for every write of the others.
  expect(followed.length).toBeLessThan(2 * ids.length);
});

test('a write that is settled once its link is disconnected is passed on too', async () => {
  const world = await diedOverRecord();
  const link = await world.quiet.links.get(tenantId, world.linkOf('conn2', 0));
  if (!link?.intent) throw new Error('it is not settled yet');
  await world.quiet.links.disconnect(link, { tenantId, connectionId: 'conn2', linkId: link.id, sequence: 'd' });
  world.nowMs += 200_000;
  await pollOf(world, 'conn2');
  expect(await dueIn(world, 'conn3')).toEqual([world.linkOf('conn3', 0)]);
});

test('a value in the form that the CRM made of it is its connection’s also where it was settled', async () => {
  const reformat = (_field: string, value: Value) => (typeof value === 'string' ? value.trim() : value);
  const world = await diedOverRecord('first ', { policy: erpWins, crm: { reformat } }, connectionId);
  world.nowMs += 200_000;
  await world.drain();
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'last' });
  await pollOf(world, 'conn3');
  await world.quiesce();
  expect(world.held(0, 'name')).toEqual(['first', 'first ', 'first', 'first']);
});

test('a write that is settled where a person waits is passed on at once', async () => {
  const world = await diedOverRecord();
  world.nowMs += 200_000;
  for (const queued of [...world.ready()]) world.acknowledge(queued);
  await world.syncNow('conn2', 0);
  await world.drain();
  expect(world.held(0, 'name')).toEqual(['new', 'new', 'new', 'new']);
});

test('a link that is disconnected while it is written leaves no marks of its connection at the record', async () => {
  const reformat = (_field: string, value: Value) => (typeof value === 'string' ? value.toUpperCase() : value);
  const world = await hub({ crm: { reformat } });
  const { update } = world.crm;
  world.crm.update = async (...parameters) => {
    const answers = await update.apply(world.crm, parameters);
    const link = await world.quiet.links.get(tenantId, world.linkOf('conn2', 0));
    const due = { tenantId, connectionId: 'conn2', linkId: world.linkOf('conn2', 0), sequence: 'd' };
    if (link) await world.quiet.links.disconnect(link, due);
    return answers;
  };
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'new' });
  await pollOf(world, 'conn2');
  expect(world.held(0, 'name')[0]).toBe('NEW');
  expect((await world.quiet.links.get(tenantId, world.linkOf('conn2', 0)))?.state).toBe('disconnected');
  const record = (await world.quiet.links.crmRecords(tenantId, 'contact', ['c0'])).get('c0');
  expect(record?.links).toHaveLength(2);
  expect(record?.sent.conn2).toBeUndefined();
});

test('a resync that a person asks of a link goes before one that has come to it from another connection', async () => {
  const world = await hub();
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  await resyncToOthers(world);
  world.erpOf('conn2').edit('party', 'e0', { NAME: 'of the second' });
  const linkIds = [world.linkOf('conn2', 0)];
  const scope = { kind: 'links', linkIds } as const;
  await resyncToOthers(world, { connectionId: 'conn2', scope, linkIds, toOthers: false });
  await world.quiesce();
  expect(new Set(world.held(0, 'name'))).toEqual(new Set(['of the second']));
});

test('a resync goes on with the fields that it brought to the CRM: what it does not map or only receives is left alone', async () => {
  for (const direction of [undefined, 'toErp'] as const) {
    const world = await hub({ policy: erpWins });
    const [type] = (await world.quiet.connections.getWholeSetup(tenantId, connectionId))?.actorTypes ?? [];
    if (!type) throw new Error('it is set up');
    const kept = type.fields.filter(({ crmField }) => direction || crmField !== 'city');
    const mapping = kept.map((row) => (row.crmField === 'city' && direction ? { ...row, direction } : row));
    await world.quiet.connections.replaceActorType({ ...type, fields: mapping });
    world.erpOf('conn2').edit('party', 'e0', { CITY: 'moved today' });
    await resyncToOthers(world);
    await world.quiesce();
    expect(world.held(0, 'city')[0]).toBe('moved today');
  }
});

test('what a brake withheld of a resync does not go on to others as the value that the CRM had', async () => {
  const world = await hub({ policy: erpWins });
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  if (!connection) throw new Error('it is set up');
  await world.quiet.connections.replace({ ...connection, allowances: { blanks: { links: 0, share: 0 } } });
  world.erp.edit('party', 'e0', { CITY: null });
  world.erpOf('conn2').edit('party', 'e0', { CITY: 'moved today' });
  await resyncToOthers(world);
  await world.quiesce();
  expect(world.held(0, 'city')[2]).toBe('moved today');
});

test('a resync that a link has not met for a week, or that found its record archived, is not made later', async () => {
  for (const way of ['off', 'archived'] as const) {
    const world = await hub();
    const second = world.erpOf('conn2');
    const switched = async (state: 'active' | 'inactive') => {
      const connection = await world.quiet.connections.get(tenantId, 'conn2');
      if (connection) await world.quiet.connections.replace({ ...connection, state });
    };
    if (way === 'off') await switched('inactive');
    else second.setStanding('party', 'e0', { kind: 'archived' });
    await resyncToOthers(world);
    if (way === 'archived') await pollOf(world, 'conn2');
    world.nowMs += (way === 'off' ? 8 : 1) * 24 * 3_600_000;
    second.setStanding('party', 'e0', undefined);
    second.edit('party', 'e0', { CITY: 'news' });
    await switched('active');
    await world.quiesce();
    expect(new Set(world.held(0, 'city'))).toEqual(new Set(['news']));
  }
});

test('a write that the CRM refuses leaves the value that stands there its connection’s', async () => {
  const refuses = (_field: string, value: Value) => (value === 'refused' ? 'no' : undefined);
  const world = await hub({ policy: erpWins, crm: { refuses } });
  world.erp.edit('party', 'e0', { NAME: 'of the first' });
  world.erpOf('conn3').edit('party', 'e0', { NAME: 'of the last' });
  await pollOf(world, connectionId);
  world.erp.edit('party', 'e0', { NAME: 'refused' });
  for (const id of [connectionId, 'conn3']) await pollOf(world, id);
  await world.quiesce();
  expect(world.held(0, 'name')[0]).toBe('of the first');
});

test('systems of two connections that make forms of their own, and whose answers prove nothing, come to rest', async () => {
  const shout = (_field: string, value: Value) => (typeof value === 'string' ? value.toUpperCase() : value);
  const whisper = (_field: string, value: Value) => (typeof value === 'string' ? value.toLowerCase() : value);
  for (const enforced of [false, true]) {
    const world = await hub({ erp: { answersStored: false } });
    const [type] = (await world.quiet.connections.getWholeSetup(tenantId, connectionId))?.actorTypes ?? [];
    if (!type) throw new Error('it is set up');
    const rows = type.fields.map((row) => ({ ...row, direction: 'toCrm' as const, enforce: true }));
    if (enforced) await world.quiet.connections.replaceActorType({ ...type, fields: rows });
    else Object.assign(world.erp.options, { reformat: shout });
    Object.assign(world.erpOf('conn2'), { options: { ...world.erp.options, reformat: whisper } });
    world.erp.edit('party', 'e0', { NAME: 'Jansen Holding' });
    for (let round = 0; round < 3; round += 1) await world.quiesce();
    const written = world.writes();
    await world.quiesce();
    expect(world.writes()).toBe(written);
  }
});
