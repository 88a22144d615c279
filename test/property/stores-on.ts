import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../../functions/adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../../functions/adapters/aws/dynamodb/links/links.ts';
import { waitingLinksStore } from '../../functions/adapters/aws/dynamodb/links/waiting-links.ts';
import { purgesStore } from '../../functions/adapters/aws/dynamodb/purge/purges.ts';
import { brakesStore } from '../../functions/adapters/aws/dynamodb/runs/brakes.ts';
import { cursorsStore } from '../../functions/adapters/aws/dynamodb/runs/cursors.ts';
import { messagesInHandStore } from '../../functions/adapters/aws/dynamodb/runs/messages-in-hand.ts';
import { proposalsStore } from '../../functions/adapters/aws/dynamodb/runs/proposals.ts';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import { breakersStore, throttlesStore } from '../../functions/adapters/aws/dynamodb/runs/throttles.ts';
import { connectionsStore } from '../../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { tenantsStore } from '../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import { joiningReads } from '../../functions/adapters/aws/dynamodb/table/joining-reads.ts';
import { joiningTable } from '../../functions/adapters/aws/dynamodb/table/joining-table.ts';
import type { Runtime } from '../../functions/ports/runtime.ts';
import type { Table } from '../../functions/ports/table.ts';

/** The real stores of the engine on a table; `joins`: as they are deployed, what comes at one moment in one call. */
export function storesOn(plain: Table, runtime: Runtime, joins = false) {
  const retentionDays = async () => 90;
  const table = joins ? joiningReads(plain) : plain;
  return {
    tenants: tenantsStore({ table }),
    connectors: connectorsStore({ table }),
    connections: connectionsStore({ table }),
    links: linksStore({ table: joins ? joiningTable(table) : table, retentionDays }),
    dueItems: dueItemsStore({ table }),
    waitingLinks: waitingLinksStore({ table }),
    runs: runsStore({ table, runtime, retentionDays }),
    proposals: proposalsStore({ table, retentionDays }),
    cursors: cursorsStore({ table, runtime }),
    throttles: throttlesStore({ table }),
    breakers: breakersStore({ table }),
    inHand: messagesInHandStore({ table }),
    changeLog: changeLogStore({ table, retentionDays }),
    failures: failuresStore({ table }),
    brakes: brakesStore({ table, runtime, retentionDays }),
    purges: purgesStore({ table }),
  };
}
