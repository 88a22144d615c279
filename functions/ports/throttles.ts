import type { BySide } from '../core/model/by-side.ts';
import type { Side } from '../core/model/side.ts';
import type { Throttle } from '../core/timing/throttle.ts';

/** One end of a connection: the ERP is its own, the CRM is the tenant's. */
export interface ConnectionEnd {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly side: Side;
}

/** How long each system asks to be left alone, for every worker to heed. */
export interface Throttles {
  /** Of the tenant's CRM and the connection's ERP, in one read. */
  get(tenantId: string, connectionId: string): Promise<BySide<Throttle | undefined>>;
  /** One more call for patience, `askedMs` long where a time was given; the wait that stands now. */
  note(end: ConnectionEnd, nowMs: number, askedMs: number | undefined): Promise<Throttle>;
  /** The wait is over and the system works; does nothing if it was throttled anew since it was read. */
  clear(end: ConnectionEnd, throttle: Throttle): Promise<void>;
}
