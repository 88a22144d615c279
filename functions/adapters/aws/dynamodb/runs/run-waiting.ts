/**
 * What a run waits out. Always true: it is never noted on a run that has ended. One write on condition of the state, so a
 * crash leaves the old note or the new one. Attacked by test/contract/stores-runs-suite.ts.
 */

import { hasEnded, type Run, type RunRef } from '../../../../core/model/run.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf } from '../table/stored-item.ts';
import { getRun, runIndex } from './run-items.ts';

/** A run that waits is something to see: a latent one becomes visible. */
export async function noteWaitingOf(table: Table, { tenantId, runId }: RunRef, waiting: Run['waiting']): Promise<void> {
  const update = keys.run(tenantId, runId);
  if (!waiting) {
    await table.write({ update, remove: ['waiting'], when: { exists: true } });
    return;
  }
  const run = await getRun(table, tenantId, runId);
  if (!run || hasEnded(run.state)) return;
  const set = { ...attributesOf({ waiting, latent: false }), ...runIndex(run) };
  await table.write({ update, set, when: { equals: { state: run.state } } });
}
