/**
 * Tells people of drift: fields in use that their systems describe otherwise than when the mapping was saved. Always true:
 * drift stands on its actor types first, and a connection that is not deleted has one open failure of it, which names what
 * needs attention and goes with the last of it; nothing is stopped for it. What is stored is read again after the failure
 * was written, so of two who tell at once the last tells what stands. A crash leaves the failure as it was, and whoever looks
 * next, at latest the poll that begins the next day, makes it good. Attacked by test/sync/drift.test.ts and
 * test/features/connections/told-drift.test.ts.
 */
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import { driftTrouble } from '../../core/model/drift-trouble.ts';
import { driftFailureId, driftReason, type Failure, type FieldTrouble, failureOf } from '../../core/model/failure.ts';
import { needsAttention } from '../../core/model/field-drift.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Engine } from '../engine.ts';

const explanation =
  'Fields that are mapped, filtered by or have a default are no longer described as when the mapping was saved. Other fields go on. Look at the mapping of the types named, change what no longer fits, and save it; retry looks at the systems again, and dismiss accepts the fields that it names as they are now.';

/** What of the active types needs attention, a field each. */
function troublesOf(actorTypes: readonly ActorTypeSetup[]): FieldTrouble[] {
  return actorTypes
    .filter(({ active }) => active)
    .flatMap(({ actorType, drift = [] }) => drift.filter(needsAttention).map((one) => driftTrouble(actorType, one)));
}

function hasGrown(open: Failure | undefined, troubles: readonly FieldTrouble[]): boolean {
  const known = open?.fields ?? [];
  return troubles.some(({ field, reason }) => !known.some((one) => one.field === field && one.reason === reason));
}

interface OfConnection {
  readonly tenantId: string;
  readonly connectionId: string;
}

type Stores = Pick<Engine, 'connections' | 'failures' | 'alerts' | 'runtime' | 'telemetry'>;

/** As they are stored now; of a connection that is deleted none. */
async function troublesNow({ connections }: Stores, { tenantId, connectionId }: OfConnection): Promise<FieldTrouble[]> {
  const read = await connections.getWithTypes(tenantId, connectionId);
  return read && read.connection.state !== 'deleted' ? troublesOf(read.actorTypes) : [];
}

/** Whether anything was there to be changed. */
async function tell(engine: Stores, of: OfConnection, fields: FieldTrouble[]): Promise<boolean> {
  const { tenantId, connectionId } = of;
  const id = driftFailureId(connectionId);
  const open = await engine.failures.get(tenantId, id);
  if (fields.length === 0) {
    if (open) await engine.failures.close(tenantId, id);
    return open !== undefined;
  }
  const at = engine.runtime.now();
  const kind = 'misconfigured';
  const failure = failureOf({ tenantId, id, connectionId, kind, reason: driftReason, explanation, at });
  await engine.failures.open({ ...failure, fields });
  if (!hasGrown(open, fields)) return true;
  engine.telemetry.info('fields-drifted', { tenantId, connectionId });
  await engine.alerts.tell({ event: 'fields-drifted', tenantId, connectionId, reason: driftReason });
  return true;
}

/** Opens, changes or closes the one failure of a connection's drift; `seen`: its types as they were just read or stored. */
export async function tellDrift(engine: Stores, of: OfConnection, seen: readonly ActorTypeSetup[]): Promise<void> {
  let fields = troublesOf(seen);
  while (await tell(engine, of, fields)) {
    const now = await troublesNow(engine, of);
    if (sameContent(now, fields)) return;
    fields = now;
  }
}
