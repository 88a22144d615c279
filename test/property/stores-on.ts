import { changeLogStore } from '../../functions/adapters/dynamodb/change-log.ts';
import { connectionsStore } from '../../functions/adapters/dynamodb/connections.ts';
import { connectorsStore } from '../../functions/adapters/dynamodb/connectors.ts';
import { cursorsStore } from '../../functions/adapters/dynamodb/cursors.ts';
import { dueItemsStore } from '../../functions/adapters/dynamodb/due-items.ts';
import { failuresStore } from '../../functions/adapters/dynamodb/failures.ts';
import { linksStore } from '../../functions/adapters/dynamodb/links.ts';
import { runsStore } from '../../functions/adapters/dynamodb/runs.ts';
import { tenantsStore } from '../../functions/adapters/dynamodb/tenants.ts';
import type { Runtime } from '../../functions/ports/runtime.ts';
import type { Table } from '../../functions/ports/table.ts';

/** The real stores of the engine on a table. */
export function storesOn(table: Table, runtime: Runtime) {
  const retentionDays = async () => 90;
  return {
    tenants: tenantsStore({ table }),
    connectors: connectorsStore({ table }),
    connections: connectionsStore({ table }),
    links: linksStore({ table, retentionDays }),
    dueItems: dueItemsStore({ table }),
    runs: runsStore({ table, runtime, retentionDays }),
    cursors: cursorsStore({ table }),
    changeLog: changeLogStore({ table, retentionDays }),
    failures: failuresStore({ table }),
  };
}
