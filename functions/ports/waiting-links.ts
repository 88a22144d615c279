import type { WaitingLink } from '../core/model/waiting-link.ts';
import type { Page, PageRequest } from './page.ts';

/** Links that wait for list items to be mapped; changed in their link's own transaction. Read consistently. */
export interface WaitingLinks {
  list(tenantId: string, connectionId: string, page: PageRequest): Promise<Page<WaitingLink>>;
  /** All of them, in so many reads side by side; `more`: there are more than those can hold. */
  all(
    tenantId: string,
    connectionId: string,
  ): Promise<{ readonly links: readonly WaitingLink[]; readonly more: boolean }>;
}
