/**
 * What a run waits out, and how often it was helped on. Always true: neither is noted on a run that has ended, and of two
 * who help one run on at once only one is told to. One write on condition of the state, so a
 * crash leaves the old note or the new one. Attacked by test/contract/stores-runs-suite.ts.
 */

import { hasEnded, type Run, type RunRef } from '../../../../core/model/run.ts';
import { timesHelped } from '../../../../core/timing/stalled-or-abandoned.ts';
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

/** `helpedAt` stands beside the note, to be a condition. */
export async function noteHelpedOf(table: Table, run: Run, at: string): Promise<boolean> {
  const before = run.helped && { helpedAt: run.helped.at };
  const { ok } = await table.transact([
    {
      update: keys.run(run.tenantId, run.id),
      set: attributesOf({ helped: { at, times: timesHelped(run) + 1 }, helpedAt: at }),
      when: { equals: { state: 'running', ...before }, absent: before ? [] : ['helpedAt'] },
    },
  ]);
  return ok;
}
