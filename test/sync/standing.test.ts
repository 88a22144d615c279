/** Links of records that are archived, merged or gone: nothing is written, nothing is lost, and they go on by themselves. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import type { Link } from '../../functions/core/model/link.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both' },
  { name: 'city', direction: 'both' },
] as const;

const sidesOf = [
  {
    side: 'crm',
    table: 'contact',
    key: 'c0',
    field: 'name',
    paused: 'crm-record-archived',
    merged: 'crm-record-merged',
  },
  { side: 'erp', table: 'party', key: 'e0', field: 'NAME', paused: 'erp-actor-archived', merged: 'erp-actor-merged' },
] as const;

const twoAtRest = () => atRest({ fields, links: 2 });

async function link0(world: World): Promise<Link | undefined> {
  return world.quiet.links.get(tenantId, 'link0');
}

const refusesLong = (_field: string, value: unknown) => (String(value).length > 10 ? 'too long' : undefined);

function writes(world: World): number {
  return world.crm.written.length + world.erp.written.length;
}

test('an archived record pauses its link with the reason: neither its blanks nor later edits are written anywhere', async () => {
  for (const { side, table, key, field, paused } of sidesOf) {
    const world = await twoAtRest();
    const agreed = (await link0(world))?.fieldStates;
    world[side].edit(table, key, { [field]: null });
    world[side].setStanding(table, key, { kind: 'archived' });
    await world.minutes(1);
    world.crm.edit('contact', 'c0', { city: 'Ede' });
    world.erp.edit('party', 'e0', { CITY: 'Epe' });
    await world.minutes(2);
    expect(await link0(world)).toMatchObject({ state: 'paused', stateReason: paused, fieldStates: agreed });
    expect(writes(world)).toBe(0);
    expect(await dueOf(world)).toEqual([]);
    expect(await failuresOf(world)).toEqual([]);
    const parties = { tenantId, connectionId, side: 'erp', table: 'party' } as const;
    expect(await world.quiet.links.findByKeys(parties, ['e0'])).toEqual(new Map([['e0', 'link0']]));
    expect((await world.quiet.connections.summary(tenantId, connectionId)).customer?.links).toMatchObject({
      active: 1,
      paused: 1,
    });
  }
});

test('a paused link whose record is back in use goes on by itself, and no edit made meanwhile is lost', async () => {
  for (const { side, table, key } of sidesOf) {
    const world = await twoAtRest();
    world[side].setStanding(table, key, { kind: 'archived' });
    await world.minutes(1);
    world.crm.edit('contact', 'c0', { name: 'new' });
    world.erp.edit('party', 'e0', { CITY: 'Ede' });
    await world.minutes(2);
    world[side].setStanding(table, key, undefined);
    await world.minutes(2);
    expect(await link0(world)).toMatchObject({ state: 'active' });
    expect((await link0(world))?.stateReason).toBeUndefined();
    expect(world.erp.valuesOf('party', 'e0')).toEqual({ NAME: 'new', CITY: 'Ede' });
    expect(world.crm.valuesOf('contact', 'c0')).toEqual({ name: 'new', city: 'Ede' });
    expect((await world.log()).filter((change) => change.conflict)).toEqual([]);
  }
});

test('what was seen includes the standing: a record archived without another change is looked at', async () => {
  const world = await twoAtRest();
  const record = world.erp.tables.get('party')?.get('e0');
  if (!record) throw new Error('there is a record');
  // Its version stays the same, as where a flag lies beside the row.
  record.standing = { kind: 'archived' };
  record.stampMs = world.nowMs;
  await world.minutes(1);
  expect(await link0(world)).toMatchObject({ state: 'paused' });
});

test('a link that was never in agreement is pending again after its pause', async () => {
  const world = await twoAtRest();
  await world.quiet.links.connect(
    {
      tenantId,
      connectionId,
      id: 'fresh',
      ends: {
        crm: { type: 'company', table: 'contact', key: 'c9' },
        erp: { type: 'customer', table: 'party', key: 'e9' },
      },
      state: 'pending',
      revision: 1,
      fieldStates: {},
      choices: {},
      seen: {},
      openFailures: [],
      createdAt: '',
      createdBy: 'test',
    },
    { tenantId, connectionId, linkId: 'fresh', sequence: 'fresh' },
  );
  world.crm.edit('contact', 'c9', { name: 'first' });
  world.erp.edit('party', 'e9', {});
  world.erp.setStanding('party', 'e9', { kind: 'archived' });
  await world.minutes(1);
  expect(await world.quiet.links.get(tenantId, 'fresh')).toMatchObject({ state: 'paused' });
  expect(world.erp.valuesOf('party', 'e9')).toEqual({});
  world.erp.setStanding('party', 'e9', undefined);
  await world.minutes(1);
  expect(await world.quiet.links.get(tenantId, 'fresh')).toMatchObject({ state: 'active' });
  expect(world.erp.valuesOf('party', 'e9').NAME).toBe('first');
});

test('a merged record breaks its link and says where it went, with one open failure, and its blanks are written nowhere', async () => {
  for (const { side, table, key, merged } of sidesOf) {
    const world = await twoAtRest();
    world[side].edit(
      table,
      key,
      Object.fromEntries(fields.map(({ name }) => [side === 'erp' ? name.toUpperCase() : name, null])),
    );
    world[side].setStanding(table, key, { kind: 'merged', into: 'other' });
    await world.minutes(2);
    await world.compare();
    await world.drain();
    expect(await link0(world)).toMatchObject({ state: 'broken', stateReason: merged, mergedInto: 'other' });
    expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', kind: 'missing', reason: merged, attempts: 1 }]);
    expect(writes(world)).toBe(0);
    expect(await dueOf(world)).toEqual([]);
  }
});

test('a record found again under its key brings its broken link back: three-way, with its failure closed', async () => {
  for (const { side, table, key } of sidesOf) {
    const world = await twoAtRest();
    const kept = world[side].valuesOf(table, key);
    world[side].removeRecord(table, key);
    await world.compare();
    await world.drain();
    const gone = side === 'crm' ? 'crm-record-gone' : 'erp-actor-gone';
    expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', kind: 'missing', reason: gone }]);
    const other = side === 'crm' ? 'erp' : 'crm';
    if (other === 'crm') world.crm.edit('contact', 'c0', { name: 'new' });
    else world.erp.edit('party', 'e0', { NAME: 'new' });
    await world.minutes(2);
    expect(await link0(world)).toMatchObject({ state: 'broken' });
    world[side].edit(table, key, kept);
    await world.minutes(2);
    expect(await link0(world)).toMatchObject({ state: 'active', openFailures: [] });
    expect(await failuresOf(world)).toEqual([]);
    expect(world[side].valuesOf(table, key)[side === 'crm' ? 'name' : 'NAME']).toBe('new');
    expect((await world.log()).filter((change) => change.conflict)).toEqual([]);
  }
});

test('a compare run looks at paused and broken links, so that what no list shows brings them back', async () => {
  const world = await twoAtRest();
  world.erp.setStanding('party', 'e0', { kind: 'archived' });
  const gone = world.erp.tables.get('party')?.get('e1');
  world.erp.removeRecord('party', 'e1');
  await world.compare();
  await world.drain();
  expect((await world.links()).map(({ state }) => state)).toEqual(['paused', 'broken']);
  const archived = world.erp.tables.get('party')?.get('e0');
  if (!archived || !gone) throw new Error('there are records');
  archived.standing = undefined;
  archived.stampMs = 0;
  world.erp.tables.get('party')?.set('e1', { ...gone, stampMs: 0 });
  await world.minutes(2);
  expect((await world.links()).map(({ state }) => state)).toEqual(['paused', 'broken']);
  await world.compare();
  await world.drain();
  expect((await world.links()).map(({ state }) => state)).toEqual(['active', 'active']);
});

test('a broken link that stays so costs no second failure, and one taken off the list stays off it', async () => {
  const world = await twoAtRest();
  world.erp.removeRecord('party', 'e0');
  await world.compare();
  await world.drain();
  const broken = await link0(world);
  if (!broken) throw new Error('there is a link');
  await world.quiet.links.record({ before: broken, after: { ...broken, openFailures: [] } });
  await world.compare();
  await world.quiesce();
  expect(await failuresOf(world)).toEqual([]);
  world.erp.edit('party', 'e0', { NAME: null });
  world.erp.setStanding('party', 'e0', { kind: 'merged' });
  await world.minutes(2);
  expect(await failuresOf(world)).toMatchObject([{ reason: 'erp-actor-merged' }]);
});

test('a system that is down while a broken link is looked at does not take the place of its reason', async () => {
  let down = false;
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      if (down && what === 'erp.get.sent') throw new SyncError('transient', 'Made to fail.');
    },
  });
  world.erp.removeRecord('party', 'e0');
  await world.compare();
  await world.drain();
  down = true;
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.minutes(1);
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', reason: 'erp-actor-gone' }]);
});

test('an expired intent is settled before its link is paused', async () => {
  const world = await twoAtRest();
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.erp.breakOverNextWrite();
  await world.poll();
  while (world.erp.written.length === 0) {
    const [queued] = world.ready();
    if (!queued) throw new Error('there is a message');
    await world.handle(queued, world.quiet);
    world.acknowledge(queued);
  }
  world.erp.setStanding('party', 'e0', { kind: 'archived' });
  await world.drain();
  await world.minutes(2);
  const link = await link0(world);
  expect(link).toMatchObject({ state: 'paused' });
  expect(link?.intent).toBeUndefined();
  expect(link && world.fieldState(link, 'name')).toEqual({ agreed: { crm: 'new', erp: 'new' } });
  expect(await world.log()).toMatchObject([{ newValue: 'new', outcome: 'settled' }]);
});

test('a dry run plans nothing for a record that is not in use', async () => {
  const world = await twoAtRest();
  world.erp.edit('party', 'e0', { NAME: null });
  world.erp.setStanding('party', 'e0', { kind: 'archived' });
  const run = await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'compare',
    scope: { kind: 'connection' },
    trigger: { by: 'user' },
    dryRun: true,
  });
  await world.drain();
  expect((await world.quiet.changeLog.list(tenantId, { runId: run.id }, { limit: 10 })).items).toEqual([]);
  expect(await link0(world)).toMatchObject({ state: 'active' });
});

test('a link whose breaking a person dropped stays paused until its record is back', async () => {
  const world = await twoAtRest();
  const record = world.erp.tables.get('party')?.get('e0');
  const link = await link0(world);
  if (!record || !link) throw new Error('there is a link');
  world.erp.removeRecord('party', 'e0');
  await world.quiet.links.record({ before: link, after: { ...link, state: 'paused', stateReason: 'dropped' } });
  await world.compare();
  await world.quiesce();
  expect(await link0(world)).toMatchObject({ state: 'paused', stateReason: 'dropped' });
  world.erp.tables.get('party')?.set('e0', { ...record, stampMs: world.nowMs });
  await world.minutes(2);
  expect(await link0(world)).toMatchObject({ state: 'active' });
});

test('a disconnected link is neither listed nor compared', async () => {
  const world = await twoAtRest();
  await world.disconnect(0);
  world.crm.edit('contact', 'c0', { name: 'new' });
  const run = await world.compare();
  await world.drain();
  expect((await world.quiet.runs.get(tenantId, run.id))?.counters.lookedAt).toBe(1);
  const calls = world.erp.callCount();
  await world.minutes(1);
  expect(world.erp.callCount() - calls).toBe(1);
});

test('a paused link does not keep what its failure says of a field that is mapped no more', async () => {
  const short = { name: 'note', direction: 'both', metadata: { maxLength: 5 } } as const;
  const world = await atRest({ fields: [...fields, short], links: 1, erpRefuses: refusesLong });
  world.crm.edit('contact', 'c0', { note: 'far too long' });
  await world.minutes(2);
  world.erp.setStanding('party', 'e0', { kind: 'archived' });
  await world.minutes(2);
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0', fields: [{ field: 'NOTE~note' }] }]);
  const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
  const [customer] = setup?.actorTypes ?? [];
  if (!customer) throw new Error('there is a type');
  const kept = customer.fields.filter(({ erpField }) => erpField !== 'NOTE');
  await world.quiet.connections.replaceActorType({ ...customer, fields: kept });
  const trigger = { by: 'user' } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind: 'compare', scope: { kind: 'connection' }, trigger });
  await world.drain();
  expect(await link0(world)).toMatchObject({ state: 'paused' });
  expect(await failuresOf(world)).toEqual([]);
});
