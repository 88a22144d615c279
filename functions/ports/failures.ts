import type { Failure } from '../core/model/failure.ts';
import type { Link } from '../core/model/link.ts';
import type { Page, PageRequest } from './page.ts';

/** Open failures. That of a link is opened and closed in the link's record transaction; these are the others. */
export interface Failures {
  get(tenantId: string, failureId: string): Promise<Failure | undefined>;
  /** Batched; those that are not open are left out. */
  getMany(tenantId: string, failureIds: readonly string[]): Promise<Failure[]>;
  /** Of the failures that `list` would show their ids alone, with the same cursors. */
  listIds(tenantId: string, filter: { connectionId?: string }, page: PageRequest): Promise<Page<string>>;
  /** The one failure of a link, with its fields. */
  ofLink(link: Pick<Link, 'tenantId' | 'openFailures'>): Promise<Failure | undefined>;
  list(
    tenantId: string,
    filter: { connectionId?: string; linkId?: string; runId?: string },
    page: PageRequest,
  ): Promise<Page<Failure>>;
  /** A connection's or list's failure; the same trouble met again began when it began. */
  open(failure: Failure): Promise<void>;
  close(tenantId: string, failureId: string): Promise<void>;
}
