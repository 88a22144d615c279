/**
 * A connection has a schedule that polls while it is active or suspended, one that calls for its purge while it is deleted,
 * and none else. Always true: the state is read again after the schedule was changed, so of two who change both, the one
 * that comes last leaves the schedule of the state that stands. A crash may leave a schedule of another state, whose calls
 * do nothing. Attacked by test/features/connections/activate-and-deactivate.test.ts.
 */
import { purgeAtOf } from '../../core/model/connection.ts';
import { minutesBetweenCalls } from '../../sync/runs/poll-due.ts';
import type { Application } from '../application.ts';

interface Wanted {
  /** What would be another schedule has another one. */
  readonly mark: string;
  readonly put: () => Promise<void>;
}

/** Undefined: the dispatcher is not called. */
async function wantedOf(app: Application, tenantId: string, id: string): Promise<Wanted | undefined> {
  const connection = await app.connections.get(tenantId, id);
  if (connection?.state === 'active' || connection?.state === 'suspended') {
    const minutes = minutesBetweenCalls(connection);
    return { mark: `${minutes}`, put: () => app.schedules.put(tenantId, id, minutes, connection.connectorId) };
  }
  const purgeAt = connection && purgeAtOf(connection);
  if (purgeAt === undefined) return undefined;
  const from = app.runtime.now() < purgeAt ? purgeAt : undefined;
  return { mark: purgeAt, put: () => app.schedules.putPurge(tenantId, id, from) };
}

/** Makes the schedule what the stored state asks for. */
export async function keepSchedule(app: Application, tenantId: string, id: string): Promise<void> {
  let wanted = await wantedOf(app, tenantId, id);
  for (;;) {
    if (wanted === undefined) await app.schedules.remove(tenantId, id);
    else await wanted.put();
    const now = await wantedOf(app, tenantId, id);
    if (now?.mark === wanted?.mark) return;
    wanted = now;
  }
}
