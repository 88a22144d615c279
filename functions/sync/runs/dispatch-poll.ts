/**
 * A call of a connection's schedule. Always true: a poll starts at most one run in a slot that is free. A crash may leave
 * a stalled run, a started poll without messages or a day compared but not noted: the next call makes each good, and a
 * day is compared twice rather than never. Attacked by test/sync/dispatch-poll.test.ts; the rules of stalled runs stand
 * in help-on.ts.
 */

import type { Engine } from '../engine.ts';
import { liftBrakes } from '../guards/lift-brakes.ts';
import { tryOpenEnds } from '../open-ends.ts';
import { helpOn } from './help-on.ts';
import { newRun, startDetecting, startRun } from './start-run.ts';

/** A schedule fires a little early at times; a poll that comes so close to its interval is a poll. */
const scheduleSlack = 0.9;

/**
 * A connection's schedule fired: help on what stalled, then poll if the interval has passed, else only look for due items
 * without a message. The first poll of a UTC day starts a compare run where a change list may miss edits.
 */
export async function dispatchPoll(engine: Engine, poll: { tenantId: string; connectionId: string }): Promise<void> {
  const { tenantId, connectionId } = poll;
  const opened = await tryOpenEnds(engine, tenantId, connectionId);
  if (!opened) return;
  for (const run of await engine.runs.unfinished(tenantId, connectionId)) await helpOn(engine, run);
  const { connection, brakes } = opened.setup;
  // What was withheld may have been disconnected since.
  await liftBrakes(engine, brakes);
  const activity = await engine.connections.activity(tenantId, connectionId);
  const nowMs = engine.runtime.nowMs();
  const sincePollMs = activity.lastPolledAt ? nowMs - Date.parse(activity.lastPolledAt) : Number.POSITIVE_INFINITY;
  const isPoll = sincePollMs >= connection.intervalMinutes * 60_000 * scheduleSlack;
  const run = await newRun(engine, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: isPoll ? 'schedule' : 'upkeep' },
    latent: true,
  });
  await startDetecting(engine, run, { setup: opened.setup, ifBusy: 'skip', only: isPoll ? undefined : ['due'] });
  // A system that cannot be opened is waited for by the poll itself, where people see it; the next poll compares.
  if (!isPoll || !('context' in opened)) return;
  const { crm, erp } = opened.context.capabilities;
  if (!crm.listMayMissEdits && !erp.listMayMissEdits) return;
  const day = engine.runtime.now().slice(0, 10);
  if (activity.lastComparedDay === day) return;
  await startRun(engine, {
    tenantId,
    connectionId,
    kind: 'compare',
    scope: { kind: 'connection' },
    trigger: { by: 'schedule' },
  });
  // Noted after the start: a crash in between compares twice, never not at all.
  await engine.connections.noteCompared(tenantId, connectionId, day);
}
