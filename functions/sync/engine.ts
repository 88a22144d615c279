import type { Alerts } from '../ports/alerts.ts';
import type { Brakes } from '../ports/brakes.ts';
import type { Breakers } from '../ports/breakers.ts';
import type { ChangeLog } from '../ports/change-log.ts';
import type { Connections } from '../ports/connections.ts';
import type { Connectors } from '../ports/connectors.ts';
import type { Cursors } from '../ports/cursors.ts';
import type { DueItems } from '../ports/due-items.ts';
import type { Failures } from '../ports/failures.ts';
import type { MessagesInHand } from '../ports/in-hand.ts';
import type { Links } from '../ports/links.ts';
import type { Proposals } from '../ports/proposals.ts';
import type { Purges } from '../ports/purges.ts';
import type { Rates } from '../ports/rates.ts';
import type { RecordSystems } from '../ports/record-systems.ts';
import type { Runs } from '../ports/runs.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Schedules } from '../ports/schedules.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Tenants } from '../ports/tenants.ts';
import type { Throttles } from '../ports/throttles.ts';
import type { WaitingLinks } from '../ports/waiting-links.ts';
import type { WorkQueue } from '../ports/work-queue.ts';

interface EngineSettings {
  /** See `core/timing/lease.ts`. */
  readonly leaseMs: number;
  /** A chunk without a result for so long has lost its message and is sent again. */
  readonly stalledAfterMs: number;
  /** As in `core/model/sweep.ts`, where it is not another number. */
  readonly mostSweepCalls?: number;
}

/** What the engine's use cases work with. */
export interface Engine {
  readonly tenants: Tenants;
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly links: Links;
  readonly dueItems: DueItems;
  readonly waitingLinks: WaitingLinks;
  readonly runs: Runs;
  readonly proposals: Proposals;
  readonly cursors: Cursors;
  readonly changeLog: ChangeLog;
  readonly failures: Failures;
  readonly brakes: Brakes;
  readonly throttles: Throttles;
  readonly breakers: Breakers;
  readonly inHand: MessagesInHand;
  readonly purges: Purges;
  readonly queue: WorkQueue;
  readonly schedules: Schedules;
  /** Absent where nobody starts runs by hand: then as many as come are interactive. */
  readonly rates?: Rates | undefined;
  readonly systems: RecordSystems;
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly settings: EngineSettings;
}
