/**
 * A connection has a schedule while it is active or suspended, and none else. Always true: the state is read again after
 * the schedule was changed, so of two who change both, the one that comes last leaves the schedule of the state that
 * stands. A crash may leave a schedule without an active connection, whose calls do nothing. Attacked by
 * test/features/connections/activate-and-deactivate.test.ts.
 */
import { minutesBetweenCalls } from '../../sync/runs/poll-due.ts';
import type { Application } from '../application.ts';

interface Wanted {
  /** Between two calls of the dispatcher. */
  readonly minutes: number;
  readonly connectorId: string;
}

/** Undefined: the dispatcher is not called. */
async function wantedOf(app: Application, tenantId: string, id: string): Promise<Wanted | undefined> {
  const connection = await app.connections.get(tenantId, id);
  const isPolled = connection?.state === 'active' || connection?.state === 'suspended';
  return isPolled ? { minutes: minutesBetweenCalls(connection), connectorId: connection.connectorId } : undefined;
}

/** Makes the schedule what the stored state asks for. */
export async function keepSchedule(app: Application, tenantId: string, id: string): Promise<void> {
  let wanted = await wantedOf(app, tenantId, id);
  for (;;) {
    if (wanted === undefined) await app.schedules.remove(tenantId, id);
    else await app.schedules.put(tenantId, id, wanted.minutes, wanted.connectorId);
    const now = await wantedOf(app, tenantId, id);
    if (now?.minutes === wanted?.minutes) return;
    wanted = now;
  }
}
