import type { Run } from '../../core/model/run.ts';
import { detectMessage } from '../detect/chains.ts';
import { passSlotOn } from '../detect/detect-page.ts';
import { lookMessages } from '../detect/send-chunks.ts';
import type { Engine } from '../engine.ts';
import { tryOpenContext } from '../look/open-context.ts';
import { finishIfComplete } from './finish-run.ts';
import { newRun, startFinding, startRun } from './start-run.ts';

/** Without progress for so long a run has failed: what it left due is picked up by polls. */
const abandonedAfterMs = 6 * 3_600_000;
/** A schedule fires a little early at times; a poll that comes so close to its interval is a poll. */
const scheduleSlack = 0.9;

/** Runs that lost a message or their end (a crash between two steps) are helped on; see engine.md §6 and §7. */
async function helpOn(engine: Engine, run: Run): Promise<void> {
  if (run.state !== 'running') return;
  const nowMs = engine.runtime.nowMs();
  const idleMs = nowMs - Date.parse(run.lastProgressAt);
  // Nothing left to find: a crash may have come between the last chain's end and what follows it.
  if (Object.keys(run.chains).length === 0) await passSlotOn(engine, run);
  if (run.open === 0 && Object.keys(run.chains).length === 0) return finishIfComplete(engine, run);
  if (idleMs > abandonedAfterMs) {
    await engine.runs.end(run, 'failed', new Date(nowMs).toISOString(), 'no-progress');
    return passSlotOn(engine, run);
  }
  const waitingUntilMs = run.waiting ? Date.parse(run.waiting.until) : 0;
  if (idleMs < engine.settings.stalledAfterMs || nowMs < waitingUntilMs + engine.settings.stalledAfterMs) return;
  await engine.queue.send(Object.entries(run.chains).map(([chain, at]) => detectMessage(run, chain, at.page)));
  const chunks = await engine.runs.openChunks(run.tenantId, run.id);
  await engine.queue.send(lookMessages(chunks, run.interactive));
  // Every link has its result, and the message that was to close the chunk is gone.
  for (const chunk of chunks.filter(({ pending }) => pending.length === 0)) {
    await finishIfComplete(engine, await engine.runs.closeChunk(run.tenantId, run.id, chunk.id));
  }
}

/**
 * A connection's schedule fired: help on what stalled, then poll if the interval has passed, else only look for due items
 * without a message. The first poll of a UTC day starts a compare run where a change list may miss edits.
 */
export async function dispatchPoll(engine: Engine, poll: { tenantId: string; connectionId: string }): Promise<void> {
  const { tenantId, connectionId } = poll;
  const opened = await tryOpenContext(engine, tenantId, connectionId);
  if (!opened) return;
  for (const run of await engine.runs.unfinished(tenantId, connectionId)) await helpOn(engine, run);
  const { connection } = opened.setup;
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
  await startFinding(engine, run, opened.setup, 'skip', isPoll ? undefined : ['due']);
  // A system that cannot be opened is waited for by the poll itself, where people see it; the next poll compares.
  if (!isPoll || !('context' in opened)) return;
  const { crm, erp } = opened.context.capabilities;
  if (!crm.listMayMissEdits && !erp.listMayMissEdits) return;
  const day = new Date(nowMs).toISOString().slice(0, 10);
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
