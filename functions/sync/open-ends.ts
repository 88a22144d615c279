/**
 * Opens what a connection joins. Always true: both ends are open or neither is used; of a connection that is not active
 * neither is opened, nor while one of them has asked for patience or its breaker is open. Only that is stored, so a crash
 * leaves nothing else. Attacked by test/sync/engine.test.ts, test/sync/throttled.test.ts and test/sync/breaker.test.ts.
 */

import { asSyncError, SyncError } from '../core/errors.ts';
import type { ConflictPolicy } from '../core/merge/policy.ts';
import type { BySide } from '../core/model/by-side.ts';
import type { ConnectionSetup } from '../core/model/connection-setup.ts';
import { mayWorkFor, withProposal } from '../core/model/proposal.ts';
import type { Run } from '../core/model/run.ts';
import { type Side, sides } from '../core/model/side.ts';
import { isEngineStopped, type Tenant } from '../core/model/tenant.ts';
import type { Breaker } from '../core/timing/breaker.ts';
import type { Throttle } from '../core/timing/throttle.ts';
import type { Capabilities, RecordSystem } from '../ports/record-system.ts';
import type { Engine } from './engine.ts';
import { type Heeded, heedingSystem, whyNotCalled } from './guards/heed-throttle.ts';

/** Both ends of a connection and what the planner needs to know of them. */
export interface OpenEnds extends BySide<RecordSystem> {
  readonly setup: ConnectionSetup;
  readonly policy: ConflictPolicy;
  readonly capabilities: BySide<Capabilities>;
  /** What they had asked for, as it was read; over by now. */
  readonly throttles: BySide<Throttle | undefined>;
}

/** An active connection whose ends can be worked with, or the one that cannot be opened now and why. */
export type Opened =
  | { readonly setup: ConnectionSetup; readonly context: OpenEnds }
  | { readonly setup: ConnectionSetup; readonly error: SyncError; readonly side: Side };

/** One end, opened by itself. */
export interface End {
  readonly system: RecordSystem;
  readonly capabilities: Capabilities;
}

interface ToOpen {
  readonly tenant: Tenant;
  readonly setup: ConnectionSetup;
  /** Half open, if it stands. */
  readonly breaker: Breaker | undefined;
}

async function openEnd(engine: Engine, side: Side, { tenant, setup, breaker }: ToOpen): Promise<End | SyncError> {
  const end = { tenantId: tenant.id, connectionId: setup.connection.id, side };
  try {
    const opened = await (side === 'crm' ? engine.systems.crm(tenant) : engine.systems.erp(setup.connection));
    const system = heedingSystem(engine, end, opened, breaker);
    return { system, capabilities: await system.capabilities() };
  } catch (failure) {
    return asSyncError(failure);
  }
}

/**
 * Both ends of a connection, or nothing while it is not active: cursors and due items then stay where they are. Opening
 * asks the systems themselves (sign-in, what they offer), so that one which is down is found out here already.
 */
export async function tryOpenEnds(engine: Engine, tenantId: string, connectionId: string): Promise<Opened | undefined> {
  return openStored(engine, await readStored(engine, tenantId, connectionId));
}

/** What is stored of a connection and its tenant, as it is needed to open both ends. */
export interface StoredEnds extends Heeded {
  readonly setup: ConnectionSetup | undefined;
  readonly tenant: Tenant | undefined;
}

/** Read side by side, so that a worker waits for storage once. */
export async function readStored(engine: Engine, tenantId: string, connectionId: string): Promise<StoredEnds> {
  const [setup, standing] = await Promise.all([
    engine.connections.getSetup(tenantId, connectionId),
    readStanding(engine, tenantId, connectionId),
  ]);
  return { setup, ...standing };
}

/** All but the set-up; what is read at one moment is one call. */
export async function readStanding(
  engine: Engine,
  tenantId: string,
  connectionId: string,
): Promise<Omit<StoredEnds, 'setup'>> {
  const [tenant, throttles, breakers] = await Promise.all([
    engine.tenants.get(tenantId),
    engine.throttles.get(tenantId, connectionId),
    engine.breakers.get(tenantId, connectionId),
  ]);
  return { tenant, throttles, breakers };
}

/** As `tryOpenEnds`, of what was read already. */
export async function openStored(engine: Engine, stored: StoredEnds): Promise<Opened | undefined> {
  const { setup } = stored;
  return setup?.connection.state === 'active' ? openBoth(engine, { ...stored, setup }) : undefined;
}

/**
 * As `openStored`, for a run; nothing too where the engine was stopped and the run is not forced. A run of a proposed mapping
 * has that in place of the saved one, and nobody else does.
 */
export async function openForRun(engine: Engine, stored: StoredEnds, run: Run): Promise<Opened | undefined> {
  const { setup } = stored;
  if (isEngineStopped(stored.tenant) && !run.forced) return undefined;
  if (!run.proposed) return openStored(engine, stored);
  if (!setup || !mayWorkFor(setup.connection, run)) return undefined;
  const proposal = await engine.proposals.get({ tenantId: run.tenantId, runId: run.id });
  if (!proposal) throw new SyncError('defect', `The proposal of run ${run.id} is gone.`);
  return openBoth(engine, { ...stored, setup: withProposal(setup, proposal) });
}

/** As above, whatever the state of the connection. */
export async function openSetup(engine: Engine, setup: ConnectionSetup): Promise<Opened> {
  const { tenantId, id: connectionId } = setup.connection;
  return openBoth(engine, { setup, ...(await readStanding(engine, tenantId, connectionId)) });
}

async function openBoth(
  engine: Engine,
  { setup, tenant, throttles, breakers }: StoredEnds & { readonly setup: ConnectionSetup },
): Promise<Opened> {
  const { id: connectionId } = setup.connection;
  if (!tenant) throw new SyncError('defect', `Connection ${connectionId} has no tenant.`);
  for (const side of sides) {
    const error = whyNotCalled(engine, { throttles, breakers }, side);
    if (error) return { setup, error, side };
  }
  const [crm, erp] = await Promise.all([
    openEnd(engine, 'crm', { tenant, setup, breaker: breakers.crm }),
    openEnd(engine, 'erp', { tenant, setup, breaker: breakers.erp }),
  ]);
  if (crm instanceof SyncError) return { setup, error: crm, side: 'crm' };
  if (erp instanceof SyncError) return { setup, error: erp, side: 'erp' };
  const context: OpenEnds = {
    setup,
    policy: setup.connection.conflictPolicy ?? tenant.defaultConflictPolicy,
    crm: crm.system,
    erp: erp.system,
    capabilities: { crm: crm.capabilities, erp: erp.capabilities },
    throttles,
  };
  return { setup, context };
}

/** Each end by itself, whatever the state of the connection: one that cannot be opened keeps nobody from the other. */
export async function openEachEnd(
  engine: Engine,
  { setup, tenant, throttles, breakers }: StoredEnds & { readonly setup: ConnectionSetup },
): Promise<BySide<End | SyncError>> {
  const open = async (side: Side): Promise<End | SyncError> => {
    if (!tenant) return new SyncError('defect', `Connection ${setup.connection.id} has no tenant.`);
    const error = whyNotCalled(engine, { throttles, breakers }, side);
    return error ?? openEnd(engine, side, { tenant, setup, breaker: breakers[side] });
  };
  const [crm, erp] = await Promise.all([open('crm'), open('erp')]);
  return { crm, erp };
}

/** As above; throws what keeps an end from being opened. */
export async function openEnds(engine: Engine, tenantId: string, connectionId: string): Promise<OpenEnds | undefined> {
  const opened = await tryOpenEnds(engine, tenantId, connectionId);
  if (opened && 'error' in opened) throw opened.error;
  return opened?.context;
}
