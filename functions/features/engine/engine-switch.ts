/**
 * The tenant's switch. Always true: while it is off nothing is synchronised by itself, and no run is under way but those that
 * were forced; cursors and due items stay where they are. A crash after it was stored leaves runs and comparisons that the
 * next message, reader or call of the dispatcher ends, and that the same request again makes good. Attacked by
 * test/features/engine/engine-switch.test.ts and test/sync/stopped-engine.test.ts.
 */
import { engineState } from '../../core/audit/set-up-states.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type Connection, connectionStates } from '../../core/model/connection.ts';
import { defaultIntervalOf, isEngineStopped, type Tenant } from '../../core/model/tenant.ts';
import { cancelUnforced } from '../../sync/runs/cancel-run.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { compareChangedMappings } from '../connections/compare-changed-mappings.ts';
import { changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { found } from '../found.ts';
import { tenantOf } from '../tenants/tenant-of.ts';

const connectionsAtOnce = 8;

interface EngineSwitch {
  readonly running: boolean;
  readonly defaultIntervalMinutes: number;
}

export interface EngineView extends EngineSwitch {
  readonly status: 'running' | 'stopped' | 'nothing-active';
  /** When it was started or stopped; absent: it has always run. */
  readonly changedAt?: string | undefined;
  /** How many there are, by state. */
  readonly connections: Readonly<Record<string, number>>;
  readonly revision: number;
}

function viewOf(tenant: Tenant, connections: readonly Connection[]): EngineView {
  const running = !isEngineStopped(tenant);
  const numberOf = (state: Connection['state']) => connections.filter((one) => one.state === state).length;
  const idle = numberOf('active') === 0 ? 'nothing-active' : 'running';
  return {
    running,
    status: running ? idle : 'stopped',
    changedAt: tenant.engine?.changedAt,
    defaultIntervalMinutes: defaultIntervalOf(tenant),
    connections: Object.fromEntries(connectionStates.map((state) => [state, numberOf(state)])),
    revision: tenant.revision,
  };
}

export async function readEngine(app: Application, tenantId: string): Promise<EngineView> {
  const [tenant, connections] = await Promise.all([app.tenants.get(tenantId), app.connections.inOrder(tenantId)]);
  return viewOf(found(tenant, 'tenant', tenantId), connections);
}

/** What was changed while it was stopped meets the links now. */
async function compareWhatChanged(app: Application, { tenantId, id }: Connection, caller: string): Promise<void> {
  const setup = await app.connections.getSetup(tenantId, id);
  if (setup) await compareChangedMappings(app, setup, caller);
}

/** Starts or stops it; safe to repeat. */
export async function saveEngine(
  app: Application,
  by: Caller,
  ifMatch: IfMatch,
  { running, defaultIntervalMinutes }: EngineSwitch,
): Promise<EngineView> {
  const { tenantId, caller } = by;
  const tenant = await tenantOf(app, tenantId);
  expectRevision(tenant.revision, ifMatch);
  const isSame = running === !isEngineStopped(tenant);
  const changedAt = isSame ? (tenant.engine?.changedAt ?? tenant.createdAt) : app.runtime.now();
  const switched: Tenant = { ...tenant, engine: { running, changedAt, defaultIntervalMinutes } };
  const states = { before: engineState(tenant), after: engineState(switched) };
  const act = { act: 'engine.change', subject: { kind: 'tenant', id: tenantId }, ...states } as const;
  const isAsItWas = isSame && defaultIntervalMinutes === defaultIntervalOf(tenant);
  const saved = isAsItWas ? tenant : await app.tenants.replace(switched, trailOf(app.runtime, by, act));
  if (!saved) throw changedMeanwhile();
  const connections = await app.connections.inOrder(tenantId);
  const active = connections.filter(({ state }) => state === 'active');
  await inParallel(active, connectionsAtOnce, async (connection) => {
    if (running) await compareWhatChanged(app, connection, caller);
    else await cancelUnforced(app, tenantId, connection.id);
  });
  return viewOf(saved, connections);
}
