import type { Connection } from '../../core/model/connection.ts';
import type { Application } from '../application.ts';

/** Between polls the dispatcher looks for ended waits and stalled runs: it is called at least hourly. */
const longestSilenceMinutes = 60;

export async function schedulePolls(app: Application, connection: Connection): Promise<void> {
  const { tenantId, id, intervalMinutes } = connection;
  await app.schedules.put(tenantId, id, Math.min(intervalMinutes, longestSilenceMinutes));
}
