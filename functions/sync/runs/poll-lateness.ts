/**
 * How late polls are. Always true: it is told of each poll that starts, ends in the dispatcher or is put off because another
 * run detects, and decides nothing. It keeps nothing. Attacked by test/sync/poll-lateness.test.ts.
 */
import type { Connection, ConnectionActivity } from '../../core/model/connection.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { Engine } from '../engine.ts';
import { callsToNextPoll, minutesBetweenCalls } from './poll-due.ts';

/** Seconds since the call of the schedule that should have been this poll; nothing where none was before it. */
export function tellLateness(
  { runtime, telemetry }: Pick<Engine, 'runtime' | 'telemetry'>,
  { connection, tenant }: { readonly connection: Connection; readonly tenant: Pick<Tenant, 'engine'> },
  { lastPolledAt }: ConnectionActivity,
): void {
  if (lastPolledAt === undefined) return;
  const { polledSince = lastPolledAt } = connection;
  const { changedAt = lastPolledAt } = tenant.engine ?? {};
  // Before that it was not to be polled, or not so often.
  const sinceMs = Math.max(...[lastPolledAt, polledSince, changedAt].map((at) => Date.parse(at)));
  const dueMs = sinceMs + callsToNextPoll(connection) * minutesBetweenCalls(connection) * 60_000;
  telemetry.count('PollLateness', Math.max(0, Math.round((runtime.nowMs() - dueMs) / 1000)));
}
