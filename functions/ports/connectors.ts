import type { Connector } from '../core/model/connector.ts';
import type { Trail } from './audit.ts';
import type { Page, PageRequest } from './page.ts';

/** `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. `trail` is written with the change. */
export interface Connectors {
  create(connector: Connector, trail?: Trail): Promise<void>;
  get(tenantId: string, connectorId: string): Promise<Connector | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<Connector>>;
  replace(connector: Connector, trail?: Trail): Promise<Connector | undefined>;
  /** Refused while connections exist, in the same condition. */
  remove(connector: Connector, trail?: Trail): Promise<'removed' | 'superseded' | 'in-use'>;
}
