/** One EventBridge schedule per active connection; each firing calls the dispatcher. Safe to repeat. */
export interface Schedules {
  /** `everyMinutes`: the schedule's rate. */
  put(tenantId: string, connectionId: string, everyMinutes: number): Promise<void>;
  remove(tenantId: string, connectionId: string): Promise<void>;
}
