/**
 * A call of a connection's schedule. Always true: a poll starts at most one run in a slot that is free; a chain with an open
 * failure is tried again once its time has come, whatever the interval, and not before; a connection that is not active has
 * no run under way, that of a stopped engine only what was forced. A crash may leave a stalled run, a started poll without
 * messages or a day's work started but not noted: the next call makes each good, and a day is compared or swept twice rather than never.
 * Attacked by test/sync/dispatch-poll.test.ts, test/sync/ends-of-runs.test.ts and test/sync/stopped-engine.test.ts; the
 * rules of stalled runs stand in help-on.ts.
 */

import { isMapped } from '../../core/mapping/mapping.ts';
import type { ConnectionActivity } from '../../core/model/connection.ts';
import { withoutSetAside } from '../../core/model/connection-setup.ts';
import type { Run } from '../../core/model/run.ts';
import { isEngineStopped, type Tenant } from '../../core/model/tenant.ts';
import type { DispatchMessage } from '../../ports/work-queue.ts';
import { closeChainFailure } from '../detect/chain-failure.ts';
import type { Engine } from '../engine.ts';
import { liftBrakes } from '../guards/lift-brakes.ts';
import { markMoved } from '../guards/mark-moved.ts';
import { resumeActorTypes } from '../guards/resume-actor-types.ts';
import { trySuspended } from '../guards/try-suspended.ts';
import { type Opened, tryOpenEnds } from '../open-ends.ts';
import { cancelRunsOf, cancelUnforced } from './cancel-run.ts';
import { chainsOf } from './chains.ts';
import { dailyWork } from './daily-work.ts';
import { describeDaily } from './describe-daily.ts';
import { helpOn } from './help-on.ts';
import { endsIdle } from './idle-look.ts';
import { isPollDue } from './poll-due.ts';
import { tellLateness } from './poll-lateness.ts';
import { newRun, startDetecting, startRun } from './start-run.ts';

const wholeConnection = { scope: { kind: 'connection' }, dryRun: false } as const;

/** A call of the schedule, and what was found of its connection. */
interface Call {
  readonly engine: Engine;
  readonly tenant: Tenant;
  readonly opened: Opened;
  readonly activity: ConnectionActivity;
  readonly unfinished: readonly Run[];
}

/** Not active: nothing of it may be under way, and a suspended one is tried now and then. */
async function dispatchInactive(engine: Engine, tenantId: string, connectionId: string): Promise<void> {
  const setup = await engine.connections.getSetup(tenantId, connectionId);
  if (!setup || setup.connection.state === 'active') return;
  await cancelRunsOf(engine, setup.connection);
  if (setup.connection.state === 'suspended') await trySuspended(engine, setup);
}

/** Nothing is done by itself: what was forced is helped on, and nothing else is under way. */
async function dispatchStopped(engine: Engine, tenantId: string, connectionId: string): Promise<void> {
  const connection = await engine.connections.get(tenantId, connectionId);
  if (connection && connection.state !== 'active') return cancelRunsOf(engine, connection);
  for (const run of await cancelUnforced(engine, tenantId, connectionId)) await helpOn(engine, run);
}

/** Chains with an open failure whose time has come. */
function ripeChains({ engine, activity }: Call): string[] {
  const now = engine.runtime.now();
  return Object.entries(activity.chainsWaiting ?? {}).flatMap(([chain, until]) => (until <= now ? [chain] : []));
}

/** What was not listed of a table or type that is no longer synchronised is nobody's trouble any more. */
async function closeObsolete({ engine, opened: { setup }, activity }: Call): Promise<void> {
  const all = new Set([
    ...chainsOf(setup, { kind: 'sync', ...wholeConnection }),
    ...chainsOf(setup, { kind: 'compare', ...wholeConnection }),
    ...chainsOf(setup, { kind: 'sweep', ...wholeConnection }),
  ]);
  const { tenantId, id: connectionId } = setup.connection;
  for (const chain of Object.keys(activity.chainsWaiting ?? {})) {
    if (!all.has(chain)) await closeChainFailure(engine, { tenantId, connectionId }, chain);
  }
  const obsolete = setup.actorTypes.filter(({ active, fields }) => !active || !fields.some(isMapped));
  await resumeActorTypes(engine, obsolete);
}

/** A poll reads every chain that does not wait; a call between polls what is due, and what failed so long ago. */
async function detectChanges(call: Call, isPoll: boolean): Promise<void> {
  const { engine, tenant, opened, activity } = call;
  const { setup } = opened;
  const { tenantId, id: connectionId } = setup.connection;
  const ripe = ripeChains(call);
  const only = chainsOf(withoutSetAside(setup, engine.runtime.nowMs()), { kind: 'sync', ...wholeConnection }).filter(
    (chain) => {
      if (ripe.includes(chain)) return true;
      return activity.chainsWaiting?.[chain] === undefined && (isPoll || chain === 'due' || chain === 'waiting');
    },
  );
  if (only.length === 0) return;
  const run = await newRun(engine, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: isPoll ? 'schedule' : 'upkeep' },
    latent: true,
  });
  await startDetecting(engine, run, { setup, ifBusy: 'skip', only });
  // Also where another run detects and the poll has to wait for a later call.
  if (isPoll) tellLateness(engine, { ...setup, tenant }, activity);
}

/** Actor types whose links could not be compared or swept, and whose time has come. */
async function tryAgain(call: Call, kind: 'compare' | 'sweep'): Promise<void> {
  const { engine, opened, unfinished } = call;
  const { setup } = opened;
  const { tenantId, id: connectionId } = setup.connection;
  const ripe = ripeChains(call);
  for (const { actorType } of withoutSetAside(setup, engine.runtime.nowMs()).actorTypes) {
    const scope = { kind: 'actor-type', actorType } as const;
    const [chain] = chainsOf(setup, { kind, scope, dryRun: false });
    if (chain === undefined || !ripe.includes(chain) || unfinished.some((run) => chain in run.chains)) continue;
    const run = await newRun(engine, {
      tenantId,
      connectionId,
      kind,
      scope,
      trigger: { by: 'upkeep' },
    });
    await startDetecting(engine, run, { setup, ifBusy: 'skip' });
  }
}

/** The first poll of a UTC day finds what lists do not show. */
async function workDaily({ engine, opened, activity }: Call): Promise<void> {
  // A system that cannot be opened is waited for by the poll itself, where people see it; the next poll does this.
  if (!('context' in opened)) return;
  const { tenantId, id: connectionId } = opened.setup.connection;
  const day = engine.runtime.now().slice(0, 10);
  const kind = dailyWork(opened.context.capabilities, activity, day);
  if (!kind) return;
  await startRun(engine, {
    tenantId,
    connectionId,
    kind,
    scope: { kind: 'connection' },
    trigger: { by: 'schedule' },
  });
  // Noted after the start: a crash in between starts it twice, never not at all.
  if (kind === 'compare') await engine.connections.noteCompared(tenantId, connectionId, day);
  else await engine.connections.noteSweptDay(tenantId, connectionId, day);
}

/** A connection's schedule fired: where there is nothing to do it ends here; else help on what stalled, then poll if the interval has passed, else only do what is overdue. */
export async function dispatchPoll(engine: Engine, poll: Omit<DispatchMessage, 'kind'>): Promise<void> {
  const { tenantId, connectionId } = poll;
  if (await endsIdle(engine, { ...poll, kind: 'poll' })) return;
  const tenant = await engine.tenants.get(tenantId);
  if (!tenant) return;
  if (isEngineStopped(tenant)) return dispatchStopped(engine, tenantId, connectionId);
  const opened = await tryOpenEnds(engine, tenantId, connectionId);
  if (!opened) return dispatchInactive(engine, tenantId, connectionId);
  const connection = await markMoved(engine, opened.setup.connection);
  if (connection.state !== 'active') return dispatchInactive(engine, tenantId, connectionId);
  const unfinished = await engine.runs.unfinished(tenantId, connectionId);
  for (const run of unfinished) await helpOn(engine, run);
  // What was withheld may have been disconnected since.
  await liftBrakes(engine, opened.setup.brakes);
  const activity = await engine.connections.activity(tenantId, connectionId);
  const call: Call = { engine, tenant, opened, activity, unfinished };
  await closeObsolete(call);
  const isPoll = isPollDue(engine, opened.setup.connection, activity);
  await detectChanges(call, isPoll);
  await tryAgain(call, 'compare');
  await tryAgain(call, 'sweep');
  if (!isPoll) return;
  await workDaily(call);
  if ('context' in opened) await describeDaily(engine, opened.context, activity);
}
