/** The metric of how late polls come: of which calls it is told, and since when a poll counts as due. */
import { expect, test } from 'vitest';
import { memoryTelemetry } from '../../functions/adapters/memory/memory-telemetry.ts';
import { type Connection, switchedOn } from '../../functions/core/model/connection.ts';
import type { Tenant } from '../../functions/core/model/tenant.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { tellLateness } from '../../functions/sync/runs/poll-lateness.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, type World } from '../property/world.ts';
import { atRest } from './at-rest.ts';

const fields = [{ name: 'name', direction: 'both' }] as const;
const message = { kind: 'poll', tenantId, connectionId, connectorId: 'connector1' } as const;

/** At rest, an idle poll a moment ago. */
async function polled(): Promise<World> {
  const world = await atRest({ fields, links: 1, joins: true });
  await dispatchPoll(world.quiet, message);
  await world.drain();
  return world;
}

/** A call of the schedule, and the lateness that it tells. */
async function call(world: World): Promise<(number | undefined)[]> {
  const telemetry = memoryTelemetry();
  await dispatchPoll({ ...world.quiet, telemetry }, message);
  return telemetry.told.flatMap((told) => (told.kind === 'count' && told.event === 'PollLateness' ? [told.value] : []));
}

test('a poll that ends in the dispatcher tells how late it came, and one in time that it did not', async () => {
  const world = await polled();
  world.nowMs += 60_000;
  expect(await call(world)).toEqual([0]);
  world.nowMs += 5 * 60_000;
  expect(await call(world)).toEqual([240]);
});

test('a poll that starts a run tells it too; a call between polls tells nothing', async () => {
  const world = await polled();
  world.nowMs += 30_000;
  expect(await call(world)).toEqual([]);
  world.crm.edit('contact', 'c0', { name: 'new' });
  world.nowMs += 60_000;
  expect(await call(world)).toEqual([30]);
  expect(world.messages.length).toBeGreaterThan(0);
});

test('a poll that is put off while another run detects tells it at every call, more each time', async () => {
  const world = await polled();
  const scope = { kind: 'connection' } as const;
  await startRun(world.quiet, { tenantId, connectionId, kind: 'sync', scope, trigger: { by: 'user' } });
  world.nowMs += 60_000;
  const first = await call(world);
  world.nowMs += 60_000;
  const second = await call(world);
  expect([first, second]).toEqual([[0], [60]]);
});

/** What a poll of such a connection would tell now. */
function told(
  connection: Partial<Connection>,
  lastPolledAt: string | undefined,
  now: string,
  tenant: Pick<Tenant, 'engine'> = {},
) {
  const telemetry = memoryTelemetry();
  const nowMs = () => Date.parse(now);
  const engine = { telemetry, runtime: { nowMs } } as unknown as Parameters<typeof tellLateness>[0];
  const of = { connection: { intervalMinutes: 1, ...connection } as Connection, tenant };
  tellLateness(engine, of, { lastPolledAt });
  return telemetry.told.map((one) => (one.kind === 'count' ? one.value : undefined));
}

test('a first poll is not late, and no poll for the time before its connection or the engine was switched on', () => {
  expect(told({}, undefined, '2026-11-26T10:00:00Z')).toEqual([]);
  expect(told({}, '2026-11-19T10:00:00Z', '2026-11-19T10:02:00Z')).toEqual([60]);
  const on = switchedOn({ intervalMinutes: 1 } as Connection, '2026-11-26T10:00:00Z');
  expect(told(on, '2026-11-19T10:00:00Z', '2026-11-26T10:00:30Z')).toEqual([0]);
  expect(told(on, '2026-11-19T10:00:00Z', '2026-11-26T10:03:00Z')).toEqual([120]);
  const engine = { running: true, changedAt: '2026-11-26T10:02:00Z', defaultIntervalMinutes: 15 };
  expect(told(on, '2026-11-19T10:00:00Z', '2026-11-26T10:03:00Z', { engine })).toEqual([0]);
});

test('an interval that ends between two calls of the schedule is due with the next call', () => {
  const every = { intervalMinutes: 90 };
  expect(told(every, '2026-11-26T10:00:00Z', '2026-11-26T12:00:00Z')).toEqual([0]);
  expect(told(every, '2026-11-26T10:00:00Z', '2026-11-26T13:00:00Z')).toEqual([3_600]);
  expect(told({ intervalMinutes: 15 }, '2026-11-26T10:00:00Z', '2026-11-26T10:16:00Z')).toEqual([60]);
});
