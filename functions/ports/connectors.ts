import type { Connector } from '../core/model/connector.ts';
import type { Trail } from './audit.ts';
import type { NameMove } from './name-move.ts';
import type { Page, PageRequest } from './page.ts';

/** `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. `trail` is written with the change. */
export interface Connectors {
  /** With its name; SyncError `conflict` with the id of who has claimed it. */
  create(connector: Connector, trail?: Trail): Promise<void>;
  get(tenantId: string, connectorId: string): Promise<Connector | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<Connector>>;
  /** Its name is another one only as `move` says. */
  replace(connector: Connector, trail?: Trail, move?: NameMove): Promise<Connector | undefined>;
  /** With its name. Refused while connections exist, in the same condition. */
  remove(connector: Connector, trail?: Trail): Promise<'removed' | 'superseded' | 'in-use'>;
}
