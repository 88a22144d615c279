/**
 * Whether a call of the schedule is a poll: its connection's interval has passed. Pure but for the clock, so a crash leaves
 * nothing. Attacked by test/sync/dispatch-poll.test.ts.
 */
import type { Connection, ConnectionActivity } from '../../core/model/connection.ts';
import type { Engine } from '../engine.ts';

/** A schedule fires a little early at times; a poll that comes so close to its interval is a poll. */
const scheduleSlack = 0.9;

/** Between polls the dispatcher looks for ended waits and stalled runs: it is called at least hourly. */
const longestSilenceMinutes = 60;

/** The schedule's rate. */
export function minutesBetweenCalls({ intervalMinutes }: Pick<Connection, 'intervalMinutes'>): number {
  return Math.min(intervalMinutes, longestSilenceMinutes);
}

/** Which call after a poll is the next one: an interval that is no number of whole hours ends between two calls. */
export function callsToNextPoll(connection: Pick<Connection, 'intervalMinutes'>): number {
  return Math.ceil((connection.intervalMinutes * scheduleSlack) / minutesBetweenCalls(connection));
}

export function isPollDue(
  { runtime }: Pick<Engine, 'runtime'>,
  { intervalMinutes }: Connection,
  { lastPolledAt }: ConnectionActivity,
): boolean {
  const sincePollMs = lastPolledAt ? runtime.nowMs() - Date.parse(lastPolledAt) : Number.POSITIVE_INFINITY;
  return sincePollMs >= intervalMinutes * 60_000 * scheduleSlack;
}
