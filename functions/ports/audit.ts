import type { AuditEntry, AuditSubject } from '../core/model/audit.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * What a change of set-up leaves behind: the entry, or several where it is large. A store writes them in the transaction
 * of the change itself; without them nothing is left (what the engine does by itself is no change of set-up).
 */
export type Trail = readonly AuditEntry[];

export interface AuditFilter {
  /** All acts on one thing; `id` only with `subject`. */
  readonly subject?: AuditSubject | undefined;
  readonly id?: string | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Audit {
  /** Newest first. */
  list(tenantId: string, filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Of what changed nothing and is told all the same; what changes something is told by its store. */
  note(trail: Trail): Promise<void>;
}
