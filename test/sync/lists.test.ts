/** Lists of changes: when they are tried again, where they end, and what a list may not do to links. */
import { expect, test } from 'vitest';
import { type ErrorKind, type ListTrouble, SyncError } from '../../functions/core/errors.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const minuteMs = 60_000;

interface Trouble {
  kind?: ErrorKind;
  listTrouble?: ListTrouble;
  where?: string;
  /** When a call was made to fail. */
  readonly at: number[];
}

async function inTrouble(links = 2, pageSize = 2) {
  const trouble: Trouble = { at: [] };
  const world = await atRest({
    fields,
    links,
    pageSize,
    gate: async (what) => {
      if (what !== trouble.where || !trouble.kind) return;
      trouble.at.push(world.nowMs);
      throw new SyncError(trouble.kind, 'Made to fail.', { listTrouble: trouble.listTrouble });
    },
  });
  return { world, trouble };
}

async function every(world: World, intervalMinutes: number): Promise<void> {
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  if (connection) await world.quiet.connections.replace({ ...connection, intervalMinutes });
}

/** The minutes between two failing calls in turn, from the seventh on: the dispatcher's, and six attempts of a run. */
const gaps = ({ at }: Trouble) => at.slice(7).map((ms, n) => (ms - (at[n + 6] ?? 0)) / minuteMs);

test('a list that fails is tried again after 55 minutes to two hours, be it polled by the minute or by the day', async () => {
  for (const interval of [1, 60, 1440]) {
    const { world, trouble } = await inTrouble();
    await every(world, interval);
    world.nowMs += interval * minuteMs;
    Object.assign(trouble, { kind: 'transient', where: 'erp.listChanges.sent' });
    const call = Math.min(interval, 60);
    for (let passed = 0; passed < 8 * 60; passed += call) {
      await world.poll();
      await world.drain();
      world.nowMs += call * minuteMs;
    }
    expect(trouble.at.length, `${interval} minutes`).toBeGreaterThan(8);
    for (const gap of gaps(trouble)) {
      expect(gap, `${interval} minutes`).toBeGreaterThanOrEqual(55);
      expect(gap, `${interval} minutes`).toBeLessThanOrEqual(120);
    }
    const [failure] = await failuresOf(world);
    expect(failure?.firstAt.slice(0, 16)).toBe(new Date(trouble.at[0] ?? 0).toISOString().slice(0, 16));
    expect(Date.parse(failure?.nextAttemptAt ?? '')).toBeGreaterThan(trouble.at.at(-1) ?? 0);
  }
});

test('a link of a daily connection that cannot be read is tried again within two hours', async () => {
  const { world, trouble } = await inTrouble();
  world.crm.edit('contact', 'c0', { name: 'new' });
  await world.minutes(1);
  world.crm.edit('contact', 'c0', { name: 'newer' });
  world.nowMs += minuteMs;
  Object.assign(trouble, { kind: 'transient', where: 'erp.get.sent' });
  await world.poll();
  await world.drain();
  await every(world, 1440);
  for (let hour = 0; hour < 8; hour += 1) {
    world.nowMs += 60 * minuteMs;
    await world.poll();
    await world.drain();
  }
  expect(gaps(trouble).length).toBeGreaterThan(3);
  for (const gap of gaps(trouble)) expect(gap).toBeGreaterThanOrEqual(55);
  for (const gap of gaps(trouble)) expect(gap).toBeLessThanOrEqual(120);
});

test('the failures of all chains close once they work again, those of a comparison too', async () => {
  const { world, trouble } = await inTrouble();
  Object.assign(trouble, { kind: 'transient', where: 'erp.capabilities.sent' });
  await world.compare();
  await world.poll();
  await world.drain();
  expect((await failuresOf(world)).map(({ id }) => id).sort()).toEqual([
    'conn1.crm.contact',
    'conn1.due',
    'conn1.erp.party',
    'conn1.links.customer',
  ]);
  trouble.kind = undefined;
  await world.minutes(57);
  expect(await failuresOf(world)).toEqual([]);
  expect((await world.quiet.connections.activity(tenantId, connectionId)).chainsWaiting).toBeUndefined();
});

test('a run that a person starts closes the failure of a list that works again', async () => {
  const { world, trouble } = await inTrouble();
  Object.assign(trouble, { kind: 'transient', where: 'erp.listChanges.sent' });
  await world.poll();
  await world.drain();
  expect(await failuresOf(world)).toHaveLength(1);
  trouble.kind = undefined;
  const scope = { kind: 'connection' } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind: 'sync', scope, trigger: { by: 'user' } });
  await world.drain();
  expect(await failuresOf(world)).toEqual([]);
});

test('the failure of a list that is no longer synchronised closes at the next call', async () => {
  const { world, trouble } = await inTrouble();
  Object.assign(trouble, { kind: 'transient', where: 'erp.listChanges.sent' });
  await world.poll();
  await world.drain();
  expect(await failuresOf(world)).toHaveLength(1);
  const setup = await world.quiet.connections.getWholeSetup(tenantId, connectionId);
  const [type] = setup?.actorTypes ?? [];
  if (type) await world.quiet.connections.replaceActorType({ ...type, active: false });
  await world.minutes(1);
  expect(await failuresOf(world)).toEqual([]);
});

test('the end of a list is where its system says, however short its pages are and whatever is in them', async () => {
  const { world } = await inTrouble(3, 1);
  world.nowMs += minuteMs;
  // Records that nobody linked fill the first pages, and every page is shorter than what could be asked for.
  for (const key of ['a1', 'a2', 'a3', 'b1']) world.crm.edit('contact', key, { name: 'not linked' });
  for (const at of [0, 1, 2]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  await world.poll();
  await world.drain();
  expect([0, 1, 2].map((at) => world.erp.valuesOf('party', `e${at}`).NAME)).toEqual(['new0', 'new1', 'new2']);
});

test('a cursor that is no longer accepted starts a compare run, and the list goes on from now', async () => {
  const { world, trouble } = await inTrouble();
  world.erp.edit('party', 'e1', { NAME: 'missed' });
  world.nowMs += 10 * minuteMs;
  Object.assign(trouble, {
    kind: 'misconfigured',
    listTrouble: 'cursor-not-accepted',
    where: 'erp.listChanges.sent',
  });
  const of = { tenantId, connectionId, side: 'erp', table: 'party' } as const;
  const before = await world.quiet.cursors.get(of);
  await world.poll();
  await world.drain();
  trouble.kind = undefined;
  expect((await world.quiet.cursors.get(of))?.cursor).not.toBe(before?.cursor);
  expect((await world.runs()).map(({ kind }) => kind)).toContain('compare');
  expect(world.crm.valuesOf('contact', 'c1').name).toBe('missed');
  expect(await failuresOf(world)).toEqual([]);
});

test('a server whose clock stepped back is an open failure once it is met twice, and nothing moves', async () => {
  const { world, trouble } = await inTrouble();
  Object.assign(trouble, { kind: 'transient', listTrouble: 'clock-stepped-back', where: 'erp.listChanges.sent' });
  const of = { tenantId, connectionId, side: 'erp', table: 'party' } as const;
  const before = await world.quiet.cursors.get(of);
  await world.minutes(30);
  // Once by the dispatcher, and twice by the run that it left it to.
  expect(trouble.at).toHaveLength(3);
  expect(await failuresOf(world)).toMatchObject([{ reason: 'clock-stepped-back' }]);
  expect(await world.quiet.cursors.get(of)).toEqual(before);
  trouble.kind = undefined;
  await world.minutes(30);
  expect(await failuresOf(world)).toEqual([]);
});

test('a person who retries it says that the clock is right now: the list goes on from now, and all links are compared', async () => {
  const { world, trouble } = await inTrouble();
  const steppedBack = { kind: 'transient', listTrouble: 'clock-stepped-back', where: 'erp.listChanges.sent' };
  Object.assign(trouble, steppedBack);
  world.erp.edit('party', 'e1', { NAME: 'missed' });
  await world.minutes(10);
  const of = { tenantId, connectionId, side: 'erp', table: 'party' } as const;
  const before = await world.quiet.cursors.get(of);
  expect(await failuresOf(world)).toMatchObject([{ reason: 'clock-stepped-back' }]);
  const retried = async (by: 'user' | 'retry') => {
    await startRun(world.quiet, {
      tenantId,
      connectionId,
      kind: 'sync',
      scope: { kind: 'connection' },
      trigger: { by },
    });
    await world.drain();
  };
  await retried('user');
  expect(await failuresOf(world)).toHaveLength(1);
  await retried('retry');
  trouble.kind = undefined;
  expect((await world.quiet.cursors.get(of))?.cursor).not.toBe(before?.cursor);
  expect(world.crm.valuesOf('contact', 'c1').name).toBe('missed');
  expect(await failuresOf(world)).toEqual([]);
});

test('a link that keeps its wait is left alone when its record is listed again; any other is looked at at once', async () => {
  const { world } = await inTrouble();
  const notBefore = new Date(world.nowMs + 60 * minuteMs).toISOString();
  const due = { tenantId, connectionId, notBefore };
  await world.quiet.dueItems.putMany([
    { ...due, linkId: 'link0', sequence: 'kept', keepsWait: true },
    { ...due, linkId: 'link1', sequence: 'other' },
  ]);
  for (const at of [0, 1]) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  await world.minutes(5);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('start0');
  expect(world.erp.valuesOf('party', 'e1').NAME).toBe('new1');
  const [kept] = await dueOf(world);
  expect(kept).toMatchObject({ linkId: 'link0', notBefore, keepsWait: true });
  expect(kept?.sequence).not.toBe('kept');
  await world.minutes(56);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new0');
  expect(await dueOf(world)).toEqual([]);
});

test('paused and broken links are found by changes and by a comparison, disconnected ones are not', async () => {
  for (const [state, found] of [
    ['paused', 1],
    ['broken', 1],
    ['disconnected', 0],
  ] as const) {
    const { world } = await inTrouble(1);
    const link = await world.quiet.links.get(tenantId, 'link0');
    if (state === 'disconnected') await world.disconnect(0);
    else if (link) await world.quiet.links.record({ before: link, after: { ...link, state } });
    world.nowMs += minuteMs;
    world.crm.edit('contact', 'c0', { name: 'new' });
    const before = (await world.runs()).length;
    await world.poll();
    await world.drain();
    expect((await world.runs()).length - before, `${state} by changes`).toBe(found);
    // The first look may have taken it up.
    const current = await world.quiet.links.get(tenantId, 'link0');
    if (state !== 'disconnected' && current) {
      await world.quiet.links.record({ before: current, after: { ...current, state } });
    }
    const { id } = await world.compare();
    await world.drain();
    const run = await world.quiet.runs.get(tenantId, id);
    // Whatever a look makes of it: it was detected.
    expect(run?.counters.lookedAt, `${state} by comparison`).toBe(found);
  }
});
