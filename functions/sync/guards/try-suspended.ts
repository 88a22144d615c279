/**
 * A suspended connection is tried by itself once a day, for what was lacking may be there again. Always true: it only reads,
 * stores nothing of what it read, and never signs in with a password that was refused. What a system may get over by itself
 * says nothing of what was lacking: it is tried again within the hour. A crash after it was noted leaves the
 * try to the next day. Attacked by test/sync/ends-of-runs.test.ts.
 */

import { asSyncError, type SyncError } from '../../core/errors.ts';
import { switchedOn } from '../../core/model/connection.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { connectionFailureId } from '../../core/model/failure.ts';
import { dispositionOf, hourlyRetryMs, instantAfter } from '../../core/timing/retry.ts';
import { fieldsByType } from '../detect/read-chain-page.ts';
import type { Engine } from '../engine.ts';
import { openSetup } from '../open-ends.ts';
import { mappedTables } from '../runs/chains.ts';

/** A day, less what a schedule may fire early. */
const betweenTriesMs = 23.5 * 3_600_000;

function foundBy({ kind }: SyncError): 'fails' | 'not-told' {
  return dispositionOf(kind) === 'wait' ? 'not-told' : 'fails';
}

/** Whether both ends open and every list of changes can be read from where it stands; `not-told`: it may pass. */
async function found(engine: Engine, setup: ConnectionSetup): Promise<'works' | 'fails' | 'not-told'> {
  const opened = await openSetup(engine, setup);
  if ('error' in opened) return foundBy(opened.error);
  const { tenantId, id: connectionId } = setup.connection;
  try {
    for (const { side, table } of mappedTables(setup)) {
      const stored = await engine.cursors.get({ tenantId, connectionId, side, table });
      const cursor = stored?.cursor ?? (await opened.context[side].start(table));
      await opened.context[side].listChanges({ table, fieldsByType: fieldsByType(setup, side, table), cursor });
    }
  } catch (failure) {
    // Whatever it is, the failure that is open says what an administrator has to know.
    return foundBy(asSyncError(failure));
  }
  return 'works';
}

/** Resumes the connection if it works again; the next poll goes on from its cursors. */
export async function trySuspended(engine: Engine, setup: ConnectionSetup): Promise<void> {
  const { connection } = setup;
  const { tenantId, id, suspension, secretNeeded } = connection;
  if (!suspension || suspension.kind === 'unauthorised' || secretNeeded) return;
  const { lastTriedAt = suspension.at } = await engine.connections.activity(tenantId, id);
  const since = lastTriedAt > suspension.at ? lastTriedAt : suspension.at;
  if (engine.runtime.nowMs() - Date.parse(since) < betweenTriesMs) return;
  const nowMs = engine.runtime.nowMs();
  await engine.connections.noteTried(tenantId, id, engine.runtime.now());
  const outcome = await found(engine, setup);
  if (outcome === 'not-told') {
    return engine.connections.noteTried(tenantId, id, instantAfter(nowMs, hourlyRetryMs - betweenTriesMs));
  }
  if (outcome === 'fails') return;
  const resumed = await engine.connections.replace(switchedOn(connection, engine.runtime.now()));
  if (resumed) await engine.failures.close(tenantId, connectionFailureId(id));
}
