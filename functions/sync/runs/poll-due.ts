/**
 * Whether a call of the schedule is a poll: its connection's interval has passed. Pure but for the clock, so a crash leaves
 * nothing. Attacked by test/sync/dispatch-poll.test.ts.
 */
import type { Connection, ConnectionActivity } from '../../core/model/connection.ts';
import type { Engine } from '../engine.ts';

/** A schedule fires a little early at times; a poll that comes so close to its interval is a poll. */
const scheduleSlack = 0.9;

export function isPollDue(
  { runtime }: Pick<Engine, 'runtime'>,
  { intervalMinutes }: Connection,
  { lastPolledAt }: ConnectionActivity,
): boolean {
  const sincePollMs = lastPolledAt ? runtime.nowMs() - Date.parse(lastPolledAt) : Number.POSITIVE_INFINITY;
  return sincePollMs >= intervalMinutes * 60_000 * scheduleSlack;
}
