/** Harm is rationed before it is done: what exceeds the allowance of a day is withheld, and the brake asks a person. */
import { expect, test } from 'vitest';
import type { Brake } from '../../functions/core/model/brake.ts';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { allAllowed } from '../../functions/ports/record-system.ts';
import { cancelRun } from '../../functions/sync/runs/cancel-run.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { Attack } from '../crash/deaths.ts';
import { bookFaults } from '../property/books.ts';
import { connectionId, type FieldSpec, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
];
const links = 14;
const allowance = 10;

/** A record rule in the ERP that hides all phones, and can be taken away again. */
class HiddenPhones {
  hidden: readonly string[] = [];
  readonly options: WorldOptions = { fields, links, pageSize: 20, erpHides: () => this.hidden };

  async hide(options: Partial<WorldOptions> = {}): Promise<World> {
    const world = await atRest({ ...this.options, ...options });
    this.hidden = ['PHONE'];
    return world;
  }
}

async function compare(world: World): Promise<void> {
  await world.compare();
  await world.drain();
}

async function brakesOf(world: World): Promise<readonly Brake[]> {
  return (await world.quiet.connections.getSetup(tenantId, connectionId))?.brakes ?? [];
}

/** Links whose phone was overwritten with a blank in the CRM. */
function blanked(world: World): string[] {
  return world.crm.written.filter(({ values }) => values.phone === null).map(({ key }) => key);
}

async function answer(world: World, kind: 'continue' | 'drop') {
  const [brake] = await brakesOf(world);
  return answerBrake(world.quiet, { tenantId, caller: 'key1', runId: brake?.runId ?? '', answer: kind });
}

async function lastRun(world: World) {
  const [run] = await world.runs();
  return run;
}

test('of values that all turn blank ten links lose theirs, the rest is withheld, due, and asked', async () => {
  const world = await new HiddenPhones().hide();
  world.crm.edit('contact', 'c13', { name: 'still travels' });
  await compare(world);
  expect(blanked(world)).toHaveLength(allowance);
  expect(world.erp.valuesOf('party', 'e13').NAME).toBe('still travels');
  const run = await lastRun(world);
  expect(run).toMatchObject({
    kind: 'compare',
    state: 'stopped-by-brake',
    reason: 'blanks',
    counters: { withheld: 4 },
  });
  const [brake, ...others] = await brakesOf(world);
  expect(others).toEqual([]);
  expect(brake).toMatchObject({ kind: 'blanks', runId: run?.id, withheld: 4 });
  expect(brake?.examples).toHaveLength(4);
  expect(brake?.examples[0]).toMatchObject({ fields: ['PHONE~phone'], reason: 'allowance' });
  expect(await dueOf(world)).toHaveLength(4);
  expect(await failuresOf(world)).toMatchObject([
    { id: `${connectionId}.brake.blanks`, kind: 'rejected', reason: 'braked-blanks' },
  ]);
  expect(await bookFaults(world)).toEqual([]);
});

test('while a brake stands no run of any kind does such an act, on the next day neither, and all else goes on', async () => {
  const world = await new HiddenPhones().hide();
  await compare(world);
  world.crm.edit('contact', 'c13', { name: 'goes by a poll' });
  await world.minutes(2);
  expect(world.erp.valuesOf('party', 'e13').NAME).toBe('goes by a poll');
  expect(await brakesOf(world)).toHaveLength(1);
  world.nowMs += 86_400_000;
  world.crm.edit('contact', 'c12', { name: 'still travels' });
  await world.quiesce();
  await compare(world);
  const scope = { kind: 'links', linkIds: ['link12', 'link13'] } as const;
  await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { ...scope, linkIds: [...scope.linkIds] },
    linkIds: scope.linkIds,
    trigger: { by: 'user' },
  });
  await world.drain();
  expect(blanked(world)).toHaveLength(allowance);
  expect(world.erp.valuesOf('party', 'e12').NAME).toBe('still travels');
  expect(await brakesOf(world)).toHaveLength(1);
});

test('a link that took its part of the allowance takes nothing for another plan of the same day', async () => {
  const world = await new HiddenPhones().hide();
  await compare(world);
  const [link] = blanked(world);
  expect(link).toBeDefined();
  const purse = {
    tenantId,
    connectionId,
    kind: 'blanks',
    of: new Date(world.nowMs).toISOString().slice(0, 10),
  } as const;
  expect(await world.quiet.brakes.take(purse, `link${link?.slice(1)}`, allowance)).toBe(true);
  expect(await world.quiet.brakes.take(purse, 'another', allowance)).toBe(false);
});

test('continue lets through what was withheld, and the brake lifts', async () => {
  const world = await new HiddenPhones().hide();
  await compare(world);
  const run = await answer(world, 'continue');
  await world.drain();
  expect(new Set(blanked(world)).size).toBe(links);
  expect(blanked(world)).toHaveLength(links);
  expect(await world.quiet.runs.get(tenantId, run.id)).toMatchObject({ state: 'done', counters: { writtenToCrm: 4 } });
  expect(await brakesOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
});

test('continue lets no more through than was withheld and shown, plus one allowance', async () => {
  const world = await new HiddenPhones().hide({ links: 40 });
  const [first] = await world.links();
  if (!first) throw new Error('there are links');
  const linkIds = Array.from({ length: 12 }, (_, at) => world.linkId(at));
  const scope = { kind: 'links', linkIds } as const;
  const request = { tenantId, connectionId, kind: 'sync', scope, linkIds, trigger: { by: 'user' } } as const;
  await startRun(world.quiet, { ...request, scope: { ...scope } });
  await world.drain();
  expect(await brakesOf(world)).toMatchObject([{ withheld: 2 }]);
  const due = (await world.links())
    .slice(12)
    .map(({ id }) => ({ tenantId, connectionId, linkId: id, sequence: 'more' }));
  await world.quiet.dueItems.putMany(due);
  await answer(world, 'continue');
  await world.drain();
  expect(blanked(world)).toHaveLength(allowance + 2 + allowance);
  expect(await lastRun(world)).toMatchObject({ trigger: { by: 'brake' }, state: 'stopped-by-brake' });
  expect(await brakesOf(world)).toMatchObject([{ withheld: 18, runId: (await lastRun(world))?.id }]);
  expect((await brakesOf(world))[0]?.answer).toBeUndefined();
});

test('an answer whose run was cancelled leaves the brake standing, to be answered again', async () => {
  const world = await new HiddenPhones().hide();
  await compare(world);
  const run = await answer(world, 'continue');
  await expect(answer(world, 'drop')).rejects.toMatchObject({ kind: 'conflict' });
  await cancelRun(world.quiet, tenantId, run.id);
  await world.drain();
  expect(blanked(world)).toHaveLength(allowance);
  await answer(world, 'continue');
  await world.drain();
  expect(blanked(world)).toHaveLength(links);
  expect(await brakesOf(world)).toEqual([]);
});

test('drop holds the fields with both values, logs them, and lets them go once a value changes', async () => {
  const right = new HiddenPhones();
  const world = await right.hide();
  await compare(world);
  await answer(world, 'drop');
  await world.drain();
  expect(blanked(world)).toHaveLength(allowance);
  expect(await brakesOf(world)).toEqual([]);
  const held = (await world.links()).filter((link) => world.fieldState(link, 'phone')?.held === 'dropped');
  expect(held).toHaveLength(4);
  const dropped = (await world.log()).filter(({ outcome }) => outcome === 'dropped');
  expect(dropped).toHaveLength(4);
  expect(dropped[0]).toMatchObject({
    side: 'crm',
    newValue: null,
    conflict: { winner: 'crm', policy: 'dropped', erp: null },
  });
  expect((await failuresOf(world)).map(({ fields }) => fields.map(({ kind, reason }) => `${kind} ${reason}`))).toEqual(
    Array.from({ length: 4 }, () => ['conflict dropped']),
  );
  await compare(world);
  expect(blanked(world)).toHaveLength(allowance);
  const at = Number(held[0]?.id.slice('link'.length));
  right.hidden = [];
  world.erp.edit('party', `e${at}`, { PHONE: 'new' });
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', `c${at}`).phone).toBe('new');
  expect(await failuresOf(world)).toHaveLength(3);
});

test('once the values are there again what is withheld heals by itself, and the brake lifts', async () => {
  const right = new HiddenPhones();
  const world = await right.hide();
  await compare(world);
  right.hidden = [];
  await world.quiesce();
  expect(await brakesOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
  expect(await dueOf(world)).toEqual([]);
  expect(blanked(world)).toHaveLength(allowance);
});

test('what a system says that we may not read is never believed to be blank', async () => {
  const right = new HiddenPhones();
  const world = await right.hide({ erpAccess: () => ({ ...allAllowed, unreadable: right.hidden }) });
  world.crm.edit('contact', 'c0', { name: 'still travels', phone: 'new' });
  await compare(world);
  expect(blanked(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('still travels');
  expect(await failuresOf(world)).toMatchObject([{ kind: 'misconfigured', reason: 'right-missing' }]);
  expect(await lastRun(world)).toMatchObject({ state: 'stopped-by-brake' });
  right.hidden = [];
  await world.quiesce();
  expect(await failuresOf(world)).toEqual([]);
  expect(world.erp.valuesOf('party', 'e0').PHONE).toBe('new');
});

test('a value that we may not read any more is not overwritten by one that changed on the other side', async () => {
  const right = new HiddenPhones();
  const world = await atRest({ ...right.options, erpAccess: () => ({ ...allAllowed, unreadable: right.hidden }) });
  world.erp.edit('party', 'e0', { PHONE: 'edited, then hidden' });
  right.hidden = ['PHONE'];
  world.crm.edit('contact', 'c0', { name: 'still travels', phone: 'edited here too' });
  await compare(world);
  expect(world.erp.valuesOf('party', 'e0')).toMatchObject({ NAME: 'still travels' });
  expect(world.erp.written.filter(({ values }) => 'PHONE' in values)).toEqual([]);
  right.hidden = [];
  await world.quiesce();
  expect(world.crm.valuesOf('contact', 'c0').phone).toBe(world.erp.valuesOf('party', 'e0').PHONE);
  expect(await bookFaults(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
});

test('a type that we may not read at all is set aside before anything is blanked or broken', async () => {
  const world = await atRest({ fields, links: 2, erpAccess: () => ({ ...allAllowed, read: false }) });
  world.erp.removeRecord('party', 'e0');
  world.crm.edit('contact', 'c0', { name: 'its actor cannot be seen' });
  await world.minutes(1);
  expect((await world.links()).map(({ state }) => state)).toEqual(['active', 'active']);
  expect(await failuresOf(world)).toMatchObject([{ reason: 'actor-type-suspended', kind: 'misconfigured' }]);
});

test('three links break a day, the others stay as they are and due; continue breaks them, drop pauses them', async () => {
  for (const kind of ['continue', 'drop'] as const) {
    const world = await atRest({ fields, links: 6, pageSize: 20 });
    for (let at = 0; at < 5; at += 1) world.erp.removeRecord('party', `e${at}`);
    await compare(world);
    const states = async () => (await world.links()).map(({ state }) => state).sort();
    expect(await states()).toEqual(['active', 'active', 'active', 'broken', 'broken', 'broken']);
    expect(await dueOf(world)).toHaveLength(2);
    expect(await brakesOf(world)).toMatchObject([{ kind: 'breaks', withheld: 2, examples: [{ fields: [] }, {}] }]);
    await answer(world, kind);
    await world.drain();
    const after = kind === 'continue' ? 'broken' : 'paused';
    expect(await states()).toEqual(['active', 'broken', 'broken', 'broken', after, after].sort());
    expect(await brakesOf(world)).toEqual([]);
    expect(await dueOf(world)).toEqual([]);
  }
});

test('once what was withheld is disconnected the brake lifts at the next call of the dispatcher', async () => {
  const world = await new HiddenPhones().hide({ links: 11 });
  await compare(world);
  const [held] = (await world.links()).filter(({ withheld }) => withheld);
  await world.disconnect(Number(held?.id.slice('link'.length)));
  expect(await brakesOf(world)).toHaveLength(1);
  await world.minutes(1);
  expect(await brakesOf(world)).toEqual([]);
  expect(await failuresOf(world)).toEqual([]);
});

test('the allowance is a setting of the connection', async () => {
  const world = await new HiddenPhones().hide();
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  if (!connection) throw new Error('there is a connection');
  await world.quiet.connections.replace({ ...connection, allowances: { blanks: { links: 0, share: 0.15 } } });
  await compare(world);
  expect(blanked(world)).toHaveLength(2);
});

test('a death at any port call takes nothing twice, and in the end the brake stands as if nobody had died', async () => {
  const play = async (dieAt: number) => {
    const right = new HiddenPhones();
    const options = { ...right.options, links: 5 };
    const attack = new Attack(options, dieAt, 300_000);
    const { world } = attack;
    await world.setUp();
    await world.minutes(2);
    const connection = await world.quiet.connections.get(tenantId, connectionId);
    if (!connection) throw new Error('there is a connection');
    await world.quiet.connections.replace({ ...connection, allowances: { blanks: { links: 2, share: 0 } } });
    right.hidden = ['PHONE'];
    await world.compare();
    await attack.drain();
    await world.minutes(10);
    const brakes = await brakesOf(world);
    return {
      calls: attack.calls,
      where: attack.where,
      end: {
        blanked: blanked(world).length,
        brakes: brakes.map(({ kind, withheld }) => `${kind} ${withheld}`),
        due: (await dueOf(world)).length,
        books: await bookFaults(world),
        failures: (await failuresOf(world)).map(({ id }) => id),
      },
    };
  };
  const undisturbed = await play(0);
  expect(undisturbed.end).toMatchObject({ blanked: 2, brakes: ['blanks 3'], due: 3, books: [] });
  for (let dieAt = 1; dieAt <= undisturbed.calls; dieAt += 1) {
    const { end, where } = await play(dieAt);
    expect(end, `died at call ${dieAt} (${where})`).toEqual(undisturbed.end);
  }
});

test('the failure of a brake tells since when it stands, however often it was answered, and counts the runs that met it', async () => {
  const hiding = new HiddenPhones();
  const world = await hiding.hide({ links: 3, erpAccess: () => ({ ...allAllowed, unreadable: hiding.hidden }) });
  await compare(world);
  const [first] = await failuresOf(world);
  expect(first).toMatchObject({ reason: 'right-missing', attempts: 1 });
  for (const attempts of [2, 3]) {
    world.nowMs += 600_000;
    await answer(world, 'continue');
    await world.drain();
    const lastAt = new Date(world.nowMs).toISOString();
    expect(await failuresOf(world)).toMatchObject([
      { reason: 'right-missing', attempts, firstAt: first?.firstAt, lastAt },
    ]);
  }
  hiding.hidden = [];
  await compare(world);
  expect(await failuresOf(world)).toEqual([]);
});
