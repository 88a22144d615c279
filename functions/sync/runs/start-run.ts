/**
 * Starts runs. Always true: a run that names its links is stored with all its chunks at once, and its messages go out after
 * their due items; one that detects them is stored with its slot. A crash may leave due items without a run, which a poll
 * finds, or a run without its messages, which the dispatcher helps on. Attacked by test/sync/dispatch-poll.test.ts.
 */

import { SyncError } from '../../core/errors.ts';
import { notActiveText } from '../../core/explain/not-active.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ConnectionSetup, withoutSetAside } from '../../core/model/connection-setup.ts';
import { mostSkips, noCounts, type Run, type RunScope, type RunTrigger } from '../../core/model/run.ts';
import { isEngineStopped } from '../../core/model/tenant.ts';
import { laneOfConnection, laneOfWork, type Urgency } from '../../core/timing/lanes.ts';
import type { Engine } from '../engine.ts';
import { beginSweep } from './begin-sweep.ts';
import { chainsOf } from './chains.ts';
import { finishIfComplete } from './finish-run.ts';
import { chunksOf, duesOf, lookMessages } from './send-chunks.ts';
import { liveRunInSlot, slotOf, startChains } from './slots.ts';

export interface StartRunRequest {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly kind: Run['kind'];
  readonly scope: RunScope;
  /** The links of a scope that names records (≤ 100); not for scopes `connection` and `actor-type`. */
  readonly linkIds?: readonly string[];
  /** Links that were named too and cannot be looked at. */
  readonly skips?: Run['skips'];
  readonly trigger: RunTrigger;
  readonly dryRun?: boolean;
  /** Of a resync. */
  readonly noBlanks?: boolean | undefined;
  /** Of a resync from the ERP: on to the other connections. */
  readonly toOthers?: boolean | undefined;
  /** It is wanted although the engine is stopped. */
  readonly forced?: boolean | undefined;
  /** Leaves no run behind if it detects nothing. */
  readonly latent?: boolean;
  /** Where it is told already: of several runs that one person asked for at once. */
  readonly urgency?: Urgency;
  /** The tenant's connections in order, where they are being read already. */
  readonly order?: Promise<readonly Connection[]>;
}

const urgencyOf: Readonly<Record<RunTrigger['by'], Urgency>> = {
  user: 'interactive',
  connect: 'interactive',
  retry: 'interactive',
  connection: 'interactive',
  schedule: 'schedule',
  upkeep: 'schedule',
  brake: 'schedule',
  activation: 'background',
};

/** What a person does to named records, or answers, is not what stopping the engine is about; nor is what writes nothing. */
const forcedBy: readonly RunTrigger['by'][] = ['connect', 'retry', 'brake'];

function isForced({ forced, trigger, dryRun }: StartRunRequest): boolean {
  return forced === true || dryRun === true || forcedBy.includes(trigger.by);
}

/** Begins to read the tenant's connections in order: what fails is told to who waits for them. */
export function orderOf(engine: Engine, tenantId: string): Promise<readonly Connection[]> {
  const order = engine.connections.inOrder(tenantId);
  order.catch(() => undefined);
  return order;
}

/** More than that nobody waits for. */
const mostLinksWaitedFor = 20;

/** What may be `interactive` counts as one of the runs that a caller may wait for. Comparing or resyncing everything is background work whoever asks; looking at named records, if few, is what somebody waits for. */
export async function urgencyNow(
  engine: Engine,
  { tenantId, kind, linkIds, trigger }: StartRunRequest,
): Promise<Urgency> {
  const urgency = kind !== 'sync' && !linkIds ? 'background' : urgencyOf[trigger.by];
  if (urgency !== 'interactive') return urgency;
  if (linkIds && linkIds.length > mostLinksWaitedFor) return 'asked';
  const refusal = await engine.rates?.take('interactive-runs', { tenantId, caller: trigger.caller });
  return refusal ? 'asked' : 'interactive';
}

/** A run as it starts, in the lane that its trigger and its connection's place give it. */
export async function newRun(engine: Engine, request: StartRunRequest): Promise<Run> {
  const [urgency, connections] = await Promise.all([
    request.urgency ?? urgencyNow(engine, request),
    request.order ?? engine.connections.inOrder(request.tenantId),
  ]);
  const order = connections.filter((one) => one.state === 'active');
  const place = order.findIndex((one) => one.id === request.connectionId);
  const connectionLane = laneOfConnection(place, order.length);
  const at = engine.runtime.now();
  return {
    tenantId: request.tenantId,
    id: engine.runtime.newId(),
    connectionId: request.connectionId,
    kind: request.kind,
    scope: request.scope,
    trigger: request.trigger,
    dryRun: request.dryRun ?? false,
    noBlanks: request.noBlanks || undefined,
    toOthers: request.toOthers || undefined,
    forced: isForced(request) || undefined,
    lane: laneOfWork(urgency, connectionLane),
    interactive: urgency === 'interactive',
    state: 'running',
    latent: request.latent ?? false,
    chains: {},
    open: 0,
    counters: { ...noCounts(), skipped: request.skips?.length ?? 0 },
    skips: request.skips?.slice(0, mostSkips),
    createdAt: at,
    startedAt: at,
    lastProgressAt: at,
  };
}

async function startNamed(engine: Engine, run: Run, linkIds: readonly string[]): Promise<Run> {
  const chunks = chunksOf(engine, run, { linkIds, prefix: 'named', lane: run.lane });
  const started = { ...run, open: chunks.length };
  await Promise.all([
    run.dryRun || engine.dueItems.putMany(duesOf(engine, chunks)),
    engine.runs.create(started, chunks),
  ]);
  await engine.queue.send(lookMessages(chunks, { interactive: run.interactive }));
  if (chunks.length > 0) return started;
  // Nothing that was named can be looked at.
  await finishIfComplete(engine, started);
  return (await engine.runs.get(run.tenantId, run.id)) ?? started;
}

/**
 * Starts a run and answers it; a run that detects its links itself waits in a queue of one while another detects, and
 * every trigger that comes meanwhile gets that queued run. `conflict` if the connection is not active, or the engine is
 * stopped and the run not forced.
 */
export async function startRun(engine: Engine, request: StartRunRequest): Promise<Run> {
  const order = request.order ?? orderOf(engine, request.tenantId);
  const [setup, tenant] = await Promise.all([
    engine.connections.getSetup(request.tenantId, request.connectionId),
    engine.tenants.get(request.tenantId),
  ]);
  if (!setup || setup.connection.state === 'deleted') {
    throw new SyncError('not-found', `There is no connection ${request.connectionId}.`);
  }
  if (setup.connection.state !== 'active') {
    throw new SyncError('conflict', notActiveText(setup.connection.state));
  }
  const run = await newRun(engine, { ...request, order });
  if (isEngineStopped(tenant) && !run.forced) {
    throw new SyncError('conflict', 'The engine is stopped: start it, or ask for the run with "force".');
  }
  if (request.linkIds) return startNamed(engine, run, request.linkIds);
  if (run.kind === 'sweep') await beginSweep(engine, setup, run);
  const started = await startDetecting(engine, run, { setup, ifBusy: 'queue' });
  if (!started) throw new SyncError('conflict', 'Another run is detecting changes.');
  return started;
}

/** How a run over a connection or actor type enters its slot; `only` names its chains where they are not all. */
interface Entry {
  readonly setup: ConnectionSetup;
  readonly ifBusy: 'queue' | 'skip';
  readonly only?: readonly string[] | undefined;
}

/**
 * Types that are set aside are left out, but for a comparison that is made once: their links count as failed in it and stay
 * due, so that they are compared when their type is taken up. The daily one comes again, and so do sweeps.
 */
function worksWith({ runtime }: Engine, { kind, trigger }: Run, setup: ConnectionSetup): ConnectionSetup {
  const comesAgain = kind === 'sweep' || kind === 'sync' || trigger.by === 'schedule';
  return comesAgain ? withoutSetAside(setup, runtime.nowMs()) : setup;
}

/** Starts the chains of a run over a connection or actor type; nothing if the slot is taken and `ifBusy` is `skip`. */
export async function startDetecting(engine: Engine, run: Run, entry: Entry): Promise<Run | undefined> {
  const inSlot = await liveRunInSlot(engine, run);
  // A queued run answers every trigger that comes meanwhile, so it covers the whole connection.
  const scope: RunScope = inSlot && run.kind === 'sync' ? { kind: 'connection' } : run.scope;
  const names = entry.only ?? chainsOf(worksWith(engine, run, entry.setup), { ...run, scope });
  const chains = Object.fromEntries(names.map((name) => [name, { page: 0 }]));
  const entered = await engine.runs.enterSlot({ ...run, scope, chains }, slotOf(run), entry.ifBusy);
  if (entered?.id === run.id && entered.state === 'running') await startChains(engine, entered);
  return entered;
}
