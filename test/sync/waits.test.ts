/** How long and how often the engine asks again: planned waits, open failures, and what the other system asked for. */
import { expect, test } from 'vitest';
import { type ErrorKind, SyncError } from '../../functions/core/errors.ts';
import type { World } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;

interface Trouble {
  kind?: ErrorKind;
  retryAfterMs?: number;
  /** The calls that fail, as `erp.get.sent`. */
  where?: string;
  calls: number;
  /** When they failed, milliseconds. */
  readonly at: number[];
}

/** An edit further back than a list overlaps, so that only its due item brings the link back. */
function edit(world: World): void {
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.nowMs += 30_000;
}

async function inTrouble() {
  const trouble: Trouble = { calls: 0, at: [] };
  const world = await atRest({
    fields,
    links: 2,
    gate: async (what) => {
      if (what !== trouble.where || !trouble.kind) return;
      trouble.calls += 1;
      trouble.at.push(world.nowMs);
      const { kind, retryAfterMs } = trouble;
      throw new SyncError(kind, 'Made to fail.', { ...(retryAfterMs !== undefined && { retryAfterMs }) });
    },
  });
  return { world, trouble };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('a link that cannot be read is tried six times in about half an hour, then once an hour', async () => {
  const { world, trouble } = await inTrouble();
  edit(world);
  Object.assign(trouble, { kind: 'transient', where: 'erp.get.sent' });
  const from = world.nowMs;
  await world.poll();
  await world.drain();
  expect(trouble.calls).toBe(6);
  expect(world.nowMs - from).toBeGreaterThan(26 * 60_000);
  expect(world.nowMs - from).toBeLessThan(33 * 60_000);
  const [failure] = await failuresOf(world);
  expect(failure).toMatchObject({ linkId: 'link0', attempts: 6, firstAt: new Date(trouble.at[0] ?? 0).toISOString() });
  expect(Date.parse(failure?.nextAttemptAt ?? '') - world.nowMs).toBe(55 * minuteMs);
  await world.minutes(54);
  expect(trouble.calls).toBe(6);
  await world.minutes(2);
  expect(trouble.calls).toBe(7);
  trouble.kind = undefined;
  await world.minutes(56);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  expect(await failuresOf(world)).toEqual([]);
});

test('a failure stays open while its link is tried again, with its beginning and all its attempts', async () => {
  for (const where of ['erp.get.sent', 'erp.update.sent']) {
    const { world, trouble } = await inTrouble();
    edit(world);
    Object.assign(trouble, { kind: 'transient', where });
    await world.poll();
    await world.drain();
    const [first] = await failuresOf(world);
    expect(first, where).toMatchObject({ linkId: 'link0', attempts: 6 });
    const from = world.nowMs;
    while (trouble.calls < 12) {
      await world.minutes(1);
      expect((await failuresOf(world)).map(({ firstAt }) => firstAt)).toEqual([first?.firstAt]);
    }
    await world.drain();
    expect(world.nowMs - from).toBeGreaterThan(hourMs);
    expect(await failuresOf(world)).toMatchObject([{ firstAt: first?.firstAt, attempts: 12 }]);
  }
});

test('changes that cannot be listed become one open failure after six attempts, which the next list closes', async () => {
  const { world, trouble } = await inTrouble();
  world.erp.edit('party', 'e0', { NAME: 'new' });
  Object.assign(trouble, { kind: 'transient', where: 'erp.listChanges.sent' });
  await world.poll();
  await world.drain();
  // The dispatcher's call, and six attempts of the run that it left the trouble to.
  expect(trouble.calls).toBe(7);
  const firstAt = new Date(trouble.at[0] ?? 0).toISOString();
  expect(await failuresOf(world)).toMatchObject([
    { reason: 'changes-not-listed', kind: 'transient', attempts: 6, firstAt },
  ]);
  trouble.kind = undefined;
  // Fewer than 55: what meets the breaker meanwhile waits for it.
  await world.minutes(52);
  expect(await failuresOf(world)).toHaveLength(1);
  await world.minutes(4);
  expect(await failuresOf(world)).toEqual([]);
  expect(world.crm.valuesOf('contact', 'c0').name).toBe('new');
});

test('being throttled spends no attempt, wherever it is met', async () => {
  for (const where of ['erp.listChanges.sent', 'erp.get.sent', 'erp.update.sent', 'erp.capabilities.sent']) {
    const { world, trouble } = await inTrouble();
    edit(world);
    Object.assign(trouble, { kind: 'throttled', retryAfterMs: 20_000, where });
    await world.poll();
    for (let handled = 0; trouble.calls < 12 && handled < 100; handled += 1) {
      const [queued] = world.ready();
      if (queued) {
        await world.handle(queued, world.quiet);
        world.acknowledge(queued);
      } else world.nowMs = Math.min(...world.messages.map((one) => one.readyAtMs));
    }
    expect(trouble.calls, where).toBe(12);
    expect(await failuresOf(world), where).toEqual([]);
    trouble.kind = undefined;
    await world.drain();
    await world.minutes(2);
    expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
  }
});

test('a wait longer than a queue can hold is kept on the due item, for as long as was asked', async () => {
  const { world, trouble } = await inTrouble();
  edit(world);
  Object.assign(trouble, { kind: 'throttled', retryAfterMs: 5 * hourMs, where: 'erp.get.sent' });
  await world.poll();
  await world.drain();
  expect(trouble.calls).toBe(1);
  const [due] = await dueOf(world);
  expect(Date.parse(due?.notBefore ?? '') - world.nowMs).toBe(5 * hourMs);
  await world.minutes(5 * 60 - 2);
  expect(trouble.calls).toBe(1);
  trouble.kind = undefined;
  await world.minutes(4);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('new');
});
