import type { DueItem } from '../core/model/due.ts';
import type { Page } from './page.ts';

/** Small items under sharded keys of the connection, read consistently. */
export interface DueItems {
  /** Unconditional, batched: a fresh sequence replaces an older item. */
  putMany(items: readonly DueItem[]): Promise<void>;
  getMany(tenantId: string, connectionId: string, linkIds: readonly string[]): Promise<DueItem[]>;
  /** On condition of the sequence; false = it has a newer one, or is gone. */
  remove(item: DueItem): Promise<boolean>;
  /** Whether one may be looked at now: it waits for nothing, or its wait is over. Sure only if false. */
  anyRipe(tenantId: string, connectionId: string, now: string): Promise<boolean>;
  /** All shards, a page at a time (≤ limit items). */
  list(tenantId: string, connectionId: string, limit: number, cursor?: string): Promise<Page<DueItem>>;
}
