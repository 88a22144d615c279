/** One EventBridge schedule per active connection; each firing calls the dispatcher. Safe to repeat. */
export interface Schedules {
  /** `everyMinutes`: the schedule's rate. `connectorId`, of the connection, spares each call a read. */
  put(tenantId: string, connectionId: string, everyMinutes: number, connectorId?: string): Promise<void>;
  remove(tenantId: string, connectionId: string): Promise<void>;
}
