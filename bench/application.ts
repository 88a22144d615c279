/** The parts of the engine as `functions/wiring/engine.ts` puts them together: real stores, and for the rest what is handed in. */

import { changeLogStore } from '../functions/adapters/aws/dynamodb/links/change-log.ts';
import { dueItemsStore } from '../functions/adapters/aws/dynamodb/links/due-items.ts';
import { failuresStore } from '../functions/adapters/aws/dynamodb/links/failures.ts';
import { linksStore } from '../functions/adapters/aws/dynamodb/links/links.ts';
import { waitingLinksStore } from '../functions/adapters/aws/dynamodb/links/waiting-links.ts';
import { purgesStore } from '../functions/adapters/aws/dynamodb/purge/purges.ts';
import { brakesStore } from '../functions/adapters/aws/dynamodb/runs/brakes.ts';
import { cursorsStore } from '../functions/adapters/aws/dynamodb/runs/cursors.ts';
import { messagesInHandStore } from '../functions/adapters/aws/dynamodb/runs/messages-in-hand.ts';
import { proposalsStore } from '../functions/adapters/aws/dynamodb/runs/proposals.ts';
import { runsStore } from '../functions/adapters/aws/dynamodb/runs/runs.ts';
import { breakersStore, throttlesStore } from '../functions/adapters/aws/dynamodb/runs/throttles.ts';
import { apiKeysStore } from '../functions/adapters/aws/dynamodb/set-up/api-keys.ts';
import { auditStore } from '../functions/adapters/aws/dynamodb/set-up/audit.ts';
import { connectionsStore } from '../functions/adapters/aws/dynamodb/set-up/connections.ts';
import { connectorsStore } from '../functions/adapters/aws/dynamodb/set-up/connectors.ts';
import { mappingVersionsStore } from '../functions/adapters/aws/dynamodb/set-up/mapping-versions.ts';
import { tenantsStore } from '../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import { joiningReads } from '../functions/adapters/aws/dynamodb/table/joining-reads.ts';
import { joiningTable } from '../functions/adapters/aws/dynamodb/table/joining-table.ts';
import { callBudget } from '../functions/adapters/http/call-budget.ts';
import { memorySchedules } from '../functions/adapters/memory/memory-schedules.ts';
import { memorySight } from '../functions/adapters/memory/memory-sight.ts';
import { memoryVault } from '../functions/adapters/memory/memory-vault.ts';
import type { Side } from '../functions/core/model/side.ts';
import type { Application } from '../functions/features/application.ts';
import { itemTexts } from '../functions/features/systems/item-texts.ts';
import { keptCrmTables } from '../functions/features/tenants/kept-crm-tables.ts';
import type { RecordSystem } from '../functions/ports/record-system.ts';
import type { Runtime } from '../functions/ports/runtime.ts';
import type { Table } from '../functions/ports/table.ts';
import type { WorkQueue } from '../functions/ports/work-queue.ts';

/** As the service is deployed: what comes at one moment is one call. */
function storesOn(plain: Table, runtime: Runtime) {
  const retentionDays = async () => 90;
  const table = joiningReads(plain);
  return {
    tenants: tenantsStore({ table }),
    connectors: connectorsStore({ table }),
    connections: connectionsStore({ table }),
    links: linksStore({ table: joiningTable(table), retentionDays }),
    dueItems: dueItemsStore({ table }),
    waitingLinks: waitingLinksStore({ table }),
    runs: runsStore({ table, runtime, retentionDays }),
    proposals: proposalsStore({ table, retentionDays }),
    cursors: cursorsStore({ table, runtime }),
    throttles: throttlesStore({ table }),
    changeLog: changeLogStore({ table, retentionDays }),
    failures: failuresStore({ table }),
    brakes: brakesStore({ table, runtime, retentionDays }),
    purges: purgesStore({ table }),
    breakers: breakersStore({ table }),
    inHand: messagesInHandStore({ table }),
  };
}

interface Parts {
  readonly table: Table;
  readonly runtime: Runtime;
  readonly queue: WorkQueue;
  readonly systems: Readonly<Record<Side, RecordSystem>>;
}

export function applicationOn({ table, runtime, queue, systems: { crm, erp } }: Parts): Application {
  const app = {
    ...storesOn(table, runtime),
    apiKeys: apiKeysStore({ table }),
    audit: auditStore({ table }),
    mappingVersions: mappingVersionsStore({ table }),
    vault: memoryVault(),
    recordSight: memorySight(() => true),
    queue,
    schedules: memorySchedules(),
    systems: {
      crm: async () => crm,
      erp: async () => erp,
      candidateCrm: async () => crm,
      candidateErp: async () => erp,
      reachErp: async () => {},
      connectorTypes: () => [],
    },
    directories: { of: async () => ({ users: async () => [], groups: async () => [] }) },
    runtime,
    alerts: { tell: async () => {} },
    telemetry: { info: () => {}, failure: () => {}, count: () => {} },
    settings: { leaseMs: 70_000, stalledAfterMs: 600_000 },
  };
  return { ...app, itemTexts: itemTexts(app, callBudget(runtime)), crmTables: keptCrmTables(app, runtime) };
}
