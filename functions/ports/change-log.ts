import type { FieldChange } from '../core/model/field-change.ts';
import type { RunRef } from '../core/model/run.ts';
import type { Page, PageRequest } from './page.ts';

export interface ChangeFilter {
  readonly linkId?: string;
  readonly connectionId?: string;
  readonly runId?: string;
  readonly field?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Newest first. One of linkId, connectionId, runId decides the key; the other parts filter within it. */
export interface ChangeLog {
  list(tenantId: string, filter: ChangeFilter, page: PageRequest): Promise<Page<FieldChange>>;
  /** Takes the values out of a page of a link's log, planned changes too; how many changes had some. Safe to repeat. */
  erase(
    tenantId: string,
    linkId: string,
    page: PageRequest,
  ): Promise<{ readonly erased: number; readonly cursor?: string | undefined }>;
  /** Planned changes of a dry run: unconditional, batched, ids deterministic so that a repeat writes the same items. */
  putPlanned(changes: readonly FieldChange[]): Promise<void>;
  /** Planned changes of a run by link and id, batched; those that are gone are left out, order is not kept. */
  getPlanned(run: RunRef, changes: readonly Pick<FieldChange, 'linkId' | 'id'>[]): Promise<FieldChange[]>;
}
