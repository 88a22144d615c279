/**
 * One EventBridge schedule per connection that is polled or waits for its purge; each firing calls the dispatcher. Putting
 * one takes the place of the other. Safe to repeat.
 */
export interface Schedules {
  /** `everyMinutes`: the schedule's rate. `connectorId`, of the connection, spares each call a read. */
  put(tenantId: string, connectionId: string, everyMinutes: number, connectorId?: string): Promise<void>;
  /** Calls for the purge from then on (at once where it is absent), again every hour until it is removed. */
  putPurge(tenantId: string, connectionId: string, from: string | undefined): Promise<void>;
  remove(tenantId: string, connectionId: string): Promise<void>;
}
