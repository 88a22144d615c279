/**
 * Compares a file with the set-up of a tenant, and makes it so. Always true: a connection becomes what the file says, or
 * stays as it was; a connector that moves does so only once all of its connections have been tested at the new address.
 * One file of a tenant is applied at a time, so that two make nothing twice. A crash leaves some connections done, and the
 * turn taken for half a minute; the same file after that goes on. Attacked by test/features/config/apply-config.test.ts and
 * test/crash/config.test.ts.
 */
import { asSyncError, invalid, SyncError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { Connector } from '../../core/model/connector.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import { longestDeadlineMs, requestCallsMs } from '../../core/timing/lease.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { storeOrder } from '../connections/connection-order.ts';
import { found } from '../found.ts';
import type { ConfigFile } from './config-file.ts';
import type { ConfigResult, EntryResult, Outcome } from './config-result.ts';
import { type ConnectorWork, connectorWork, storeConnector } from './connector-work.ts';
import { fileFaults } from './file-faults.ts';
import { leftAlone } from './left-alone.ts';
import { type Prepared, prepareConnection, type Ready } from './prepare-connection.ts';
import { refusalInShort } from './refusal-in-short.ts';
import { afterMove, storeConnection } from './store-connection.ts';
import { arranged } from './sync-order.ts';
import { readTenantSetUp, type TenantSetUp } from './tenant-set-up.ts';

/** Connections tested side by side. */
const atOnce = 4;
/** Later than this no connection is begun: its calls would have too little time left. */
const mostMs = 15_000;
/** Calls that end so shortly before the time is over were cut off. */
const nearlyMs = 100;
/** Longer than an apply may be at work. */
const turnMs = requestCallsMs + longestDeadlineMs;

interface Applying {
  readonly app: Application;
  readonly caller: Caller;
  readonly file: ConfigFile;
  readonly tenant: Tenant;
  readonly setUp: TenantSetUp;
  /** False: what would be done is told, and nothing is stored. */
  readonly writes: boolean;
  readonly startedMs: number;
}

/** A connection of the file on its way. */
interface Step {
  readonly place: number;
  readonly result: EntryResult;
  readonly ready?: Ready | undefined;
}

function entryOf({ file }: Applying, place: number) {
  const entry = file.connections[place];
  if (!entry) throw new SyncError('defect', `The file has no connection ${place}.`);
  return entry;
}

function notDone(name: string): EntryResult {
  return { name, outcome: 'not-done', changes: [], errors: [] };
}

function isLate({ app, startedMs }: Applying): boolean {
  return app.runtime.nowMs() > startedMs + mostMs;
}

function refused(on: Applying, result: EntryResult, at: string, error: SyncError): EntryResult {
  if (error.kind === 'defect') throw error;
  if (on.app.runtime.nowMs() >= on.startedMs + requestCallsMs - nearlyMs) return notDone(result.name);
  const faults = error.faults.length > 0 ? error.faults : [{ path: at, message: error.message }];
  return { ...result, outcome: 'refused', errors: faults, explanation: error.explanation };
}

function outcomeOf({ faults, ready }: Prepared, isMade: boolean): Outcome {
  if (faults.length > 0) return 'refused';
  if (!ready) return 'unchanged';
  return isMade ? 'made' : 'changed';
}

async function prepare(on: Applying, { connector, isMoved }: ConnectorWork, place: number): Promise<Step> {
  const { app, tenant, setUp } = on;
  const entry = entryOf(on, place);
  const { name } = entry;
  if (isLate(on)) return { place, result: notDone(name) };
  const at = `connections[${place}]`;
  const setup = setUp.setups.find(({ connection }) => connection.name === name);
  try {
    const prepared = await prepareConnection(app, { entry, at, connector, isMoved, setup, tenant });
    const { changes, faults: errors, ready } = prepared;
    return { place, ready, result: { name, outcome: outcomeOf(prepared, !setup), changes, errors } };
  } catch (error) {
    return { place, result: refused(on, { ...notDone(name) }, at, asSyncError(error)) };
  }
}

/** Ids of connections that were made, by name. */
type Made = Map<string, string>;

/** `isMoved`: its connector was, just before. */
async function store(
  on: Applying,
  { place, result, ready: prepared }: Step,
  { connectorId, isMoved }: { readonly connectorId: string; readonly isMoved: boolean },
  made: Made,
): Promise<Step> {
  if (!prepared || !on.writes) return { place, result };
  const { app, caller, setUp } = on;
  const last = Math.max(-1, ...setUp.setups.map(({ connection }) => connection.place));
  try {
    const ready = isMoved ? await afterMove(app, prepared) : prepared;
    const id = await storeConnection(app, caller, ready, { connectorId, place: last + 1 + place });
    if (!ready.setup) made.set(result.name, id);
    return { place, result };
  } catch (error) {
    return { place, result: refused(on, result, `connections[${place}]`, asSyncError(error)) };
  }
}

function refusedWith(step: Step, message: string): Step {
  const { place, result } = step;
  if (result.outcome === 'refused' || result.outcome === 'not-done') return step;
  const errors = [{ path: `connections[${place}].connector`, message }];
  return { place, result: { ...result, outcome: 'refused', errors } };
}

/** As it is stored, or why it could not be. */
async function storedConnector(on: Applying, work: ConnectorWork): Promise<Connector | EntryResult> {
  try {
    return await storeConnector(on.app, on.caller, work);
  } catch (error) {
    return refused(on, work.result, work.at, asSyncError(error));
  }
}

interface Group {
  readonly connector: EntryResult;
  readonly steps: readonly Step[];
}

/** All connections of a connector that moves, or none. */
async function moveGroup(on: Applying, work: ConnectorWork, places: readonly number[], made: Made): Promise<Group> {
  const steps = await inParallel(places, atOnce, (place) => prepare(on, work, place));
  const isHindered = steps.some(({ result }) => result.outcome === 'refused');
  if (!isHindered && steps.some(({ result }) => result.outcome === 'not-done')) {
    return {
      connector: notDone(work.result.name),
      steps: steps.map(({ place, result }) => ({ place, result: notDone(result.name) })),
    };
  }
  if (isHindered) {
    const errors = [{ path: `${work.at}.url`, message: 'A connection of it cannot go to the new address' }];
    const left = steps.map((step) => refusedWith(step, 'Its connector stays: another connection of it is refused'));
    return { connector: { ...work.result, outcome: 'refused', errors }, steps: left };
  }
  if (!on.writes) return { connector: work.result, steps };
  const connector = await storedConnector(on, work);
  if ('outcome' in connector) {
    return { connector, steps: steps.map((step) => refusedWith(step, 'Its connector could not be moved')) };
  }
  const stored: Step[] = [];
  for (const step of steps) {
    stored.push(await store(on, step, { connectorId: connector.id, isMoved: true }, made));
  }
  return { connector: work.result, steps: stored };
}

async function applyGroup(on: Applying, work: ConnectorWork, made: Made): Promise<Group> {
  const places = on.file.connections.flatMap(({ connector }, at) => (connector === work.result.name ? [at] : []));
  const refusedItself = (connector: EntryResult): Group => {
    const unchanged = (place: number) => ({ ...notDone(entryOf(on, place).name), outcome: 'unchanged' as const });
    const steps = places.map((place) => refusedWith({ place, result: unchanged(place) }, 'Is refused itself'));
    return { connector, steps };
  };
  if (work.result.outcome === 'refused') return refusedItself(work.result);
  if (work.result.outcome === 'not-done') {
    const steps = places.map((place) => ({ place, result: notDone(entryOf(on, place).name) }));
    return { connector: work.result, steps };
  }
  if (work.isMoved) return moveGroup(on, work, places, made);
  const isStored = on.writes && work.result.outcome !== 'unchanged';
  const connector = isStored ? await storedConnector(on, work) : work.connector;
  if ('outcome' in connector) return refusedItself(connector);
  const to = { connectorId: connector.id, isMoved: false };
  const steps = await inParallel(places, atOnce, async (place) => store(on, await prepare(on, work, place), to, made));
  return { connector: work.result, steps };
}

/** Names in sync order as it is and as it shall be; stored where that is asked for. */
async function ordered(on: Applying, connections: readonly EntryResult[], made: Made): Promise<ConfigResult['order']> {
  const { app, caller, setUp, file, writes } = on;
  const added = connections.filter(({ outcome }) => outcome === 'made').map(({ name }) => name);
  const old = [...setUp.setups.map(({ connection }) => connection.name), ...added];
  const wanted = arranged(
    old,
    file.connections.map(({ name }) => name),
  );
  if (sameContent(old, wanted)) return undefined;
  if (writes) {
    const ids = new Map([...setUp.setups.map(({ connection }) => [connection.name, connection.id] as const), ...made]);
    const now = (await app.connections.inOrder(caller.tenantId)).map(({ id }) => id);
    const shall = arranged(
      now,
      wanted.flatMap((name) => ids.get(name) ?? []),
    );
    // What is made or deleted at this moment hinders nothing: what an order does not name comes last.
    if (!sameContent(now, shall)) await storeOrder(app, caller, { before: now, after: shall });
  }
  return { old, new: wanted };
}

async function run(app: Application, caller: Caller, file: ConfigFile, writes: boolean): Promise<ConfigResult> {
  const startedMs = app.runtime.nowMs();
  const { tenantId } = caller;
  const [tenant, setUp] = await Promise.all([app.tenants.get(tenantId), readTenantSetUp(app, tenantId)]);
  const faults = fileFaults(app, file, setUp);
  if (faults.length > 0) throw invalid(faults, 'The file has faults; each is listed.');
  const on = { app, caller, file, tenant: found(tenant, 'tenant', tenantId), setUp, writes, startedMs };
  const made: Made = new Map();
  const groups: Group[] = [];
  for (const [place, entry] of file.connectors.entries()) {
    const work = await connectorWork(app, { file, setUp, caller, isLate: isLate(on) }, entry, place);
    groups.push(await applyGroup(on, work, made));
  }
  const steps = groups.flatMap((group) => group.steps).toSorted((one, other) => one.place - other.place);
  const connectors = groups.map(({ connector }) => connector);
  const connections = steps.map(({ result }) => result);
  const order = await ordered(on, connections, made);
  const all = [...connectors, ...connections];
  return {
    same: order === undefined && all.every(({ outcome }) => outcome === 'unchanged'),
    complete: all.every(({ outcome }) => outcome !== 'not-done'),
    ...{ connectors: connectors.map(refusalInShort), connections: connections.map(refusalInShort), order },
    leftAlone: leftAlone(file, setUp),
  };
}

/** What applying the file would do; tests what is new, stores nothing. */
export function planConfig(app: Application, caller: Caller, file: ConfigFile): Promise<ConfigResult> {
  return run(app, caller, file, false);
}

/**
 * Connection by connection, each whole or not at all; what is the same already is not touched. SyncError `stale` while another
 * file of the tenant is applied: both would make what neither found.
 */
export async function applyConfig(app: Application, caller: Caller, file: ConfigFile): Promise<ConfigResult> {
  const { tenantId } = caller;
  const nowMs = app.runtime.nowMs();
  const untilMs = nowMs + turnMs;
  if (!(await app.connections.takeFileTurn(tenantId, nowMs, untilMs))) {
    throw new SyncError('stale', 'Another file is being applied: try again.', { retryAfterMs: mostMs });
  }
  try {
    return await run(app, caller, file, true);
  } finally {
    await app.connections.leaveFileTurn(tenantId, untilMs).catch((failure: unknown) => {
      // What was done is done: the turn runs out.
      app.telemetry.failure('file-turn-not-left', asSyncError(failure), { tenantId });
    });
  }
}
