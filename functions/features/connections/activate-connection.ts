/**
 * Activation: both ends are tested, every reason against it is named, and the cursors of now are stored before anything is
 * looked at. Always true: what is active was tested with the mappings and CRM settings that it has; where they were
 * changed meanwhile it is switched off again. A crash before the state is stored leaves an inactive connection with
 * cursors, which the next activation keeps; after it, the same call again makes the compare runs. Attacked by
 * test/features/connections/activate-connection.test.ts and test/features/connections/activate-and-deactivate.test.ts.
 */

import { asSyncError, type FieldFault, SyncError } from '../../core/errors.ts';
import { listFaults } from '../../core/mapping/list-faults.ts';
import { activationFaults } from '../../core/mapping/mapping-faults.ts';
import { type Connection, switchedOn } from '../../core/model/connection.ts';
import type { ActorTypeSetup, ConnectionSetup, WholeSetup } from '../../core/model/connection-setup.ts';
import { connectionFailureId } from '../../core/model/failure.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import { resumeActorTypes } from '../../sync/guards/resume-actor-types.ts';
import { cancelRunsOf } from '../../sync/runs/cancel-run.ts';
import { mappedTables } from '../../sync/runs/chains.ts';
import { minutesBetweenCalls } from '../../sync/runs/poll-due.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { changedAtOnce } from '../expect-revision.ts';
import { savedErp } from '../systems/connection-ends.ts';
import { liveSetup, refuseMoved } from '../systems/live-setup.ts';
import { type ProbedType, probeSystem, testFailed } from '../systems/probe-system.ts';
import { refreshSetup } from '../systems/refresh-setup.ts';
import { fieldlessFaults } from '../systems/refuse-fieldless.ts';
import { noCrmYet } from '../tenants/no-crm-yet.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { compareChangedMappings } from './compare-changed-mappings.ts';
import { deactivateConnection } from './connection-life.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { keepSchedule } from './keep-schedule.ts';
import { readConnection } from './read-connections.ts';
import { resumeTrail, trailOnConnection } from './trail-on-connection.ts';

const mostTries = 5;

interface Tried {
  readonly system?: RecordSystem;
  readonly types?: ProbedType[];
  readonly error?: SyncError;
}

async function tryProbe(what: string, open: () => Promise<RecordSystem>): Promise<Tried> {
  try {
    const system = await open();
    return { system, types: await probeSystem(system) };
  } catch (failure) {
    const error = testFailed(what, failure);
    if (error.kind === 'defect') throw error;
    return { error };
  }
}

function withoutCrm(): Tried {
  return { error: noCrmYet() };
}

function refused(faults: readonly FieldFault[], tests: readonly Tried[]): SyncError {
  const explanations = tests.flatMap(({ error }) => error?.explanation ?? []);
  return new SyncError('rejected', 'The connection cannot be activated; every reason is listed.', {
    faults,
    explanation: explanations.join('\n') || undefined,
  });
}

/** Both ends tested and asked what they offer; throws with every reason that was found. */
async function checkedSetup(
  app: Application,
  caller: Caller,
  setup: WholeSetup,
  tenant: Tenant,
): Promise<{ setup: WholeSetup; erp: RecordSystem; crm: RecordSystem }> {
  const { connection } = setup;
  const [erp, crm] = await Promise.all([
    tryProbe('the connection', () => savedErp(app, connection)),
    tenant.crm ? tryProbe('the CRM', () => app.systems.crm(tenant)) : withoutCrm(),
  ]);
  const fieldless = erp.types ? fieldlessFaults(setup.actorTypes, { erp: erp.types, crm: crm.types }) : [];
  const refreshed =
    erp.types && erp.system && fieldless.length === 0
      ? await refreshSetup(app, caller, setup, {
          ...{ erp: erp.system, crm: crm.system },
          probed: { erp: erp.types, crm: crm.types },
        })
      : setup;
  const active = refreshed.actorTypes.filter((type) => type.active);
  const faults = [
    ...(crm.error ? [{ path: 'crm', message: crm.error.message }] : []),
    ...(erp.error ? [{ path: 'erp', message: erp.error.message }] : []),
    ...fieldless,
    ...(active.length === 0 ? [{ path: 'actorTypes', message: 'No actor type is active' }] : []),
    ...active.flatMap(activationFaults),
    ...listFaults(refreshed),
  ];
  if (faults.length > 0 || !erp.system || !crm.system) throw refused(faults, [erp, crm]);
  return { setup: refreshed, erp: erp.system, crm: crm.system };
}

/** The cursor of now for every mapped table that has none yet; one that is there is kept. */
async function storeMissingCursors(
  app: Application,
  setup: ConnectionSetup,
  systems: { readonly erp: RecordSystem; readonly crm: RecordSystem },
): Promise<void> {
  const { tenantId, id } = setup.connection;
  for (const { side, table } of mappedTables(setup)) {
    const of = { tenantId, connectionId: id, side, table };
    if (await app.cursors.get(of)) continue;
    await app.cursors.store(of, await systems[side].start(table), 0);
  }
}

/** Whether mappings, list mappings and CRM settings are still those that were tested. */
async function isAsTested(app: Application, { connection, actorTypes, lists }: ConnectionSetup): Promise<boolean> {
  const { tenantId, id } = connection;
  const [now, tenant] = await Promise.all([app.connections.getSetup(tenantId, id), app.tenants.get(tenantId)]);
  const mappingOf = (types: readonly ActorTypeSetup[]) =>
    fingerprint(
      Object.fromEntries(types.map(({ actorType, active, fields, filter }) => [actorType, { active, fields, filter }])),
    );
  if (tenant?.crm === undefined || now === undefined || now.lists.revision !== lists.revision) return false;
  return mappingOf(now.actorTypes) === mappingOf(actorTypes);
}

/** Whoever changes the connection at the same time does not keep it on. */
async function switchOff(app: Application, caller: Caller, id: string): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      await deactivateConnection(app, caller, id);
      return;
    } catch (error) {
      if (asSyncError(error).kind !== 'stale') throw error;
    }
  }
}

async function switchOn(app: Application, caller: Caller, connection: Connection): Promise<Connection> {
  // What a deactivation could not end any more, before anything is started.
  await cancelRunsOf(app, connection);
  const on = { ...switchedOn(connection, app.runtime.now()), activatedBefore: true };
  const trail = trailOnConnection(app, caller, 'connection.activate', { before: connection, after: on });
  const active = await app.connections.replace(on, trail);
  if (!active) throw changedAtOnce('connection');
  await app.failures.close(connection.tenantId, connectionFailureId(connection.id));
  return active;
}

/** The schedule comes first: a crash in between leaves calls that do nothing, never an active connection without them. */
async function scheduledAndOn(app: Application, caller: Caller, setup: ConnectionSetup): Promise<Connection> {
  const { connection } = setup;
  const { tenantId, id } = connection;
  await app.schedules.put(tenantId, id, minutesBetweenCalls(connection), connection.connectorId);
  try {
    const active = await switchOn(app, caller, connection);
    // From now on neither can be changed: what was changed before is seen here.
    if (await isAsTested(app, setup)) return active;
    await switchOff(app, caller, active.id);
    throw changedAtOnce('set-up');
  } finally {
    await keepSchedule(app, tenantId, id);
  }
}

/** 422 with every reason if it cannot be; safe to repeat. */
export async function activateConnection(app: Application, caller: Caller, id: string): Promise<ConnectionView> {
  const { tenantId } = caller;
  const saved = await liveSetup(app, tenantId, id);
  const setup = { ...saved, connection: await refuseMoved(app, saved.connection) };
  if (setup.connection.state === 'active') {
    await keepSchedule(app, tenantId, id);
    await compareChangedMappings(app, setup, caller.caller);
    return readConnection(app, tenantId, id);
  }
  const tenant = await tenantOf(app, tenantId);
  const checked = await checkedSetup(app, caller, setup, tenant);
  await storeMissingCursors(app, checked.setup, checked);
  const connection = await scheduledAndOn(app, caller, checked.setup);
  await resumeActorTypes(app, checked.setup.actorTypes, resumeTrail(app, caller, connection));
  await compareChangedMappings(app, { ...checked.setup, connection }, caller.caller);
  return connectionView(connection);
}
