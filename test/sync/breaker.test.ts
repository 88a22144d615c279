/** Systems that fail or are slow: when they are left alone, who finds out that they are back, and what people see of it. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { openEnds } from '../../functions/sync/open-ends.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const secondMs = 1_000;
const minuteMs = 60_000;
const erp = { tenantId, connectionId, side: 'erp' } as const;

interface Trouble {
  /** The calls, as `erp.get.sent`; `erp`: all of them. */
  where?: string | undefined;
  kind?: 'transient' | 'unknown-outcome' | 'throttled' | 'stale';
  takesMs?: number;
  hangs?: boolean;
  readonly at: number[];
}

async function inTrouble(links = 12) {
  const trouble: Trouble = { at: [] };
  const world = await atRest({
    fields,
    links,
    gate: async (what) => {
      if (what !== trouble.where && !(trouble.where === 'erp' && /^erp.*sent$/.test(what))) return;
      trouble.at.push(world.nowMs);
      world.nowMs += trouble.takesMs ?? 0;
      if (trouble.hangs) await new Promise(() => {});
      if (trouble.kind) throw new SyncError(trouble.kind, 'Made to fail.');
    },
  });
  return { world, trouble };
}

async function breakerOf(world: World) {
  return (await world.quiet.breakers.get(tenantId, connectionId)).erp;
}

/** A message for each link, handled one after the other without waits. */
async function lookAt(world: World, links: readonly number[], by: 'upkeep' | 'user' = 'upkeep') {
  const runs = [];
  for (const at of links) {
    const linkIds = [world.linkId(at)];
    const scope = { kind: 'links', linkIds } as const;
    runs.push(await startRun(world.quiet, { tenantId, connectionId, kind: 'sync', scope, linkIds, trigger: { by } }));
  }
  await handleReady(world);
  return runs;
}

async function handleReady(world: World): Promise<void> {
  for (const queued of world.ready()) {
    world.acknowledge(queued);
    await world.handle(queued, world.quiet);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

test('after five failed calls nobody calls that side, and no attempt is spent on it', async () => {
  for (const kind of ['transient', 'unknown-outcome'] as const) {
    const { world, trouble } = await inTrouble();
    Object.assign(trouble, { where: 'erp.get.sent', kind });
    await lookAt(world, upTo(12));
    expect(trouble.at).toHaveLength(5);
    expect((await breakerOf(world))?.openMs).toBe(30 * secondMs);
    const counted = world.quiet.telemetry.told.filter(({ event }) => event === 'BreakerOpened');
    expect(counted.map(({ ids }) => ids)).toEqual([{ side: 'erp' }]);
    const attempts = world.messages.map(({ message }) => message.attempt);
    expect(attempts.filter((attempt) => attempt === 1)).toHaveLength(7);
    expect(await failuresOf(world)).toEqual([]);
  }
});

test('calls of over five seconds count as failed ones, those of four seconds do not', async () => {
  for (const [takesMs, most] of [
    [5_001, 5],
    [4_000, 12],
  ] as const) {
    const { world, trouble } = await inTrouble();
    Object.assign(trouble, { where: 'erp.get.answered', takesMs });
    await lookAt(world, upTo(12));
    expect(trouble.at).toHaveLength(most);
  }
});

test('what a system refuses, and a call for patience, leaves its breaker closed', async () => {
  const { world, trouble } = await inTrouble();
  for (const kind of ['stale', 'throttled'] as const) {
    Object.assign(trouble, { where: 'erp.get.sent', kind });
    for (const at of upTo(8)) {
      await lookAt(world, [at]);
      world.nowMs += 20 * minuteMs;
    }
    expect(await breakerOf(world)).toBeUndefined();
  }
});

test('half open one call is let through: its success closes the breaker, its failure opens it for twice as long', async () => {
  const { world, trouble } = await inTrouble();
  Object.assign(trouble, { where: 'erp.get.sent', kind: 'transient' });
  await lookAt(world, upTo(12));
  expect(trouble.at).toHaveLength(5);
  world.nowMs += 31 * secondMs;
  await handleReady(world);
  expect(trouble.at).toHaveLength(6);
  expect((await breakerOf(world))?.openMs).toBe(minuteMs);
  trouble.kind = undefined;
  world.nowMs += 61 * secondMs;
  await handleReady(world);
  expect(await breakerOf(world)).toBeUndefined();
  await world.drain();
  expect(await failuresOf(world)).toEqual([]);
});

test('who is to probe has the turn for a while; if it dies somebody else gets it', async () => {
  const { world, trouble } = await inTrouble();
  await world.quiet.breakers.replace(erp, undefined, { untilMs: world.nowMs, openMs: 30 * secondMs });
  const read = async (engine: Engine = world.quiet) =>
    (await openEnds(engine, tenantId, connectionId))?.erp.get('customer', ['e0'], ['NAME']);
  Object.assign(trouble, { where: 'erp.get.sent', hangs: true });
  void read(world.engine);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(trouble.at).toHaveLength(1);
  Object.assign(trouble, { where: undefined });
  await expect(read()).rejects.toMatchObject({ kind: 'transient', heededUntilMs: world.nowMs + 15 * secondMs });
  world.nowMs += 15 * secondMs;
  expect(await read()).toMatchObject({ records: [{ key: 'e0' }] });
  expect(await breakerOf(world)).toBeUndefined();
});

test('who opens a system without calling it takes no probe from anybody', async () => {
  const { world } = await inTrouble();
  await world.quiet.breakers.replace(erp, undefined, { untilMs: world.nowMs, openMs: 30 * secondMs });
  await openEnds(world.quiet, tenantId, connectionId);
  const context = await openEnds(world.quiet, tenantId, connectionId);
  const reads = upTo(3).map(() => context?.erp.get('customer', ['e0'], ['NAME']));
  expect(await Promise.all(reads)).toHaveLength(3);
  expect(await breakerOf(world)).toBeUndefined();
});

test('of calls made at once half open the first alone is sent, and the others heed what it finds', async () => {
  const { world, trouble } = await inTrouble();
  await world.quiet.breakers.replace(erp, undefined, { untilMs: world.nowMs, openMs: 30 * secondMs });
  Object.assign(trouble, { where: 'erp.get.sent', kind: 'transient' });
  const context = await openEnds(world.engine, tenantId, connectionId);
  const reads = upTo(3).map(() => context?.erp.get('customer', ['e0'], ['NAME']));
  const answers = await Promise.allSettled(reads);
  expect(trouble.at).toHaveLength(1);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect((await breakerOf(world))?.openMs).toBe(minuteMs);
});

test("the breaker of the CRM is the tenant's, that of an ERP the connection's, and a wait beside it stands for itself", async () => {
  const { world } = await inTrouble();
  const { breakers, throttles } = world.quiet;
  const breaker = { untilMs: world.nowMs + minuteMs, openMs: minuteMs };
  await breakers.replace({ ...erp, side: 'crm' }, undefined, breaker);
  expect(await breakers.get(tenantId, 'other')).toEqual({ crm: breaker, erp: undefined });
  const end = { ...erp, side: 'crm' } as const;
  const throttle = await throttles.note(end, world.nowMs, 5_000);
  expect(await breakers.replace(end, undefined, breaker)).toBe(false);
  expect(await breakers.replace(end, breaker, undefined)).toBe(true);
  expect((await throttles.get(tenantId, connectionId)).crm).toEqual(throttle);
});

test('what is left alone for over a quarter of an hour is an open failure that says so, and closes by itself', async () => {
  const { world, trouble } = await inTrouble(12);
  for (const at of upTo(12)) world.crm.edit('contact', `c${at}`, { name: `new${at}` });
  Object.assign(trouble, { where: 'erp', kind: 'transient' });
  await lookAt(world, upTo(12));
  await world.minutes(20);
  const failures = await failuresOf(world);
  const saying = failures.filter(({ reason }) => reason === 'breaker-open');
  // Links, and lists.
  expect(new Set(saying.map(({ linkId }) => linkId !== undefined))).toEqual(new Set([true, false]));
  // One call at a time, ever more seldom: not one for each link and minute.
  expect(trouble.at.length).toBeLessThan(20);
  trouble.kind = undefined;
  await world.minutes(90);
  expect(await failuresOf(world)).toEqual([]);
  expect(upTo(12).map((at) => world.erp.valuesOf('party', `e${at}`).NAME)).toEqual(upTo(12).map((at) => `new${at}`));
});

test('who waits for it is told at once which side is left alone, and until when', async () => {
  const { world } = await inTrouble();
  const untilMs = world.nowMs + minuteMs;
  await world.quiet.breakers.replace(erp, undefined, { untilMs, openMs: minuteMs });
  const [run] = await lookAt(world, [0], 'user');
  const until = new Date(untilMs).toISOString();
  expect((await world.quiet.runs.get(tenantId, run?.id ?? ''))?.waiting).toEqual({
    kind: 'transient',
    side: 'erp',
    attempt: 1,
    until,
  });
});

test('calls that are well ask nothing of storage', async () => {
  const { world } = await inTrouble();
  const { replace } = world.quiet.breakers;
  let asked = 0;
  Object.assign(world.quiet.breakers, {
    replace: (...parameters: Parameters<typeof replace>) => {
      asked += 1;
      return replace(...parameters);
    },
  });
  await lookAt(world, upTo(12));
  expect(asked).toBe(0);
});
