import type { BySide } from '../core/model/by-side.ts';
import type { Breaker } from '../core/timing/breaker.ts';
import type { ConnectionEnd } from './throttles.ts';

/** Which systems are left alone because they fail or are slow, for every worker to heed. Kept where their waits are. */
export interface Breakers {
  /** Of the tenant's CRM and the connection's ERP, in one read. */
  get(tenantId: string, connectionId: string): Promise<BySide<Breaker | undefined>>;
  /** From what was read to what is now, or to nothing; false = somebody else has changed it, and that stands. */
  replace(end: ConnectionEnd, before: Breaker | undefined, after: Breaker | undefined): Promise<boolean>;
}
