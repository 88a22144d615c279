import type { Failure } from '../core/model/failure.ts';
import type { Page, PageRequest } from './page.ts';

/** Open failures. Those of links are opened and closed in the link's record transaction; these are the others. */
export interface Failures {
  get(tenantId: string, failureId: string): Promise<Failure | undefined>;
  list(
    tenantId: string,
    filter: { connectionId?: string; linkId?: string; runId?: string },
    page: PageRequest,
  ): Promise<Page<Failure>>;
  /** A connection's or message's failure; replaces the one with the same id. */
  open(failure: Failure): Promise<void>;
  close(tenantId: string, failureId: string): Promise<void>;
}
