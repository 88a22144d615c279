/**
 * Always true: a slot names one running run and at most one queued run, and what it names exists: a run enters with the slot
 * in one transaction and is promoted with it in one. A crash may leave a slot that names a run which has ended, or a
 * promoted run whose caller never heard of it; giving the slot up again answers the promoted run again. Attacked by
 * test/contract/stores-runs-suite.ts.
 */

import { SyncError } from '../../../../core/errors.ts';
import { hasEnded, type Run } from '../../../../core/model/run.ts';
import type { Condition, Item, Table } from '../../../../ports/table.ts';
import { indexPartitions, keys, partitions } from '../table/keys.ts';
import { readWhole } from '../table/read-page.ts';
import { attributesOf, textIn } from '../table/stored-item.ts';
import { getRun, readRun, runItem } from './run-items.ts';

const mostTries = 10;

export async function enterRunSlot(
  table: Table,
  run: Run,
  slot: string,
  ifBusy: 'queue' | 'skip',
): Promise<Run | undefined> {
  const { tenantId, connectionId } = run;
  const key = keys.slot(tenantId, connectionId, slot);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const names = namesIn(await table.get(key));
    if (names.running === run.id || names.queued === run.id) return await getRun(table, tenantId, run.id);
    if (names.running !== undefined) {
      if (ifBusy === 'skip') return undefined;
      const waiting = names.queued === undefined ? undefined : await getRun(table, tenantId, names.queued);
      if (waiting?.state === 'queued') return waiting;
    }
    const entering: Run =
      names.running === undefined
        ? { ...run, state: 'running', startedAt: run.startedAt ?? run.createdAt }
        : { ...run, state: 'queued', startedAt: undefined };
    const entered = names.running === undefined ? { running: run.id } : { ...names, queued: run.id };
    const outcome = await table.transact([
      { put: slotItem(key, entered), when: unchanged(names) },
      { put: runItem(entering), when: { exists: false } },
    ]);
    if (outcome.ok) return entering;
    // The run exists: this call is a repeat, and its slot has moved on.
    if (outcome.failed.includes(1)) return await getRun(table, tenantId, run.id);
  }
  throw new SyncError('transient', `Slot ${slot} of connection ${connectionId} changes hands all the time.`);
}

/** A repeat names the promoted run again: the first call may have died before it could act on it. */
export async function releaseRunSlot(
  table: Table,
  of: { readonly tenantId: string; readonly connectionId: string; readonly slot: string },
  runId: string,
  at: string,
): Promise<Run | undefined> {
  const { tenantId, connectionId, slot } = of;
  const key = keys.slot(tenantId, connectionId, slot);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const names = namesIn(await table.get(key));
    if (names.running !== runId) {
      if (names.after !== runId || names.running === undefined) return undefined;
      const promoted = await getRun(table, tenantId, names.running);
      return promoted?.state === 'running' ? promoted : undefined;
    }
    const next = names.queued === undefined ? undefined : await getRun(table, tenantId, names.queued);
    if (next?.state !== 'queued') {
      const { ok } = await table.transact([{ delete: key, when: unchanged(names) }]);
      if (ok) return undefined;
      continue;
    }
    const { ok } = await table.transact([
      { put: slotItem(key, { running: next.id, after: runId }), when: unchanged(names) },
      {
        update: keys.run(tenantId, next.id),
        set: { state: 'running', startedAt: at, lastProgressAt: at },
        when: { equals: { state: 'queued' } },
      },
    ]);
    if (ok) return await getRun(table, tenantId, next.id);
  }
  throw new SyncError('transient', `Slot ${slot} of connection ${connectionId} changes hands all the time.`);
}

/** The runs that slots name are read consistently, latent ones too; others without a slot come from the index. */
export async function unfinishedRuns(table: Table, tenantId: string, connectionId: string): Promise<Run[]> {
  const slots = await readWhole(table, { pk: partitions.slots(tenantId, connectionId) });
  const listed = await readWhole(table, { pk: indexPartitions.unfinishedRuns(tenantId, connectionId), index: 'gsi3' });
  const named = slots.map(namesIn).flatMap(({ running, queued }) => [running, queued].filter((id) => id !== undefined));
  const items = await table.getMany(named.map((runId) => keys.run(tenantId, runId)));
  const runs = new Map([...listed, ...items].map(readRun).map((run) => [run.id, run]));
  return [...runs.values()].filter((run) => !hasEnded(run.state));
}

/** `after`: the run that gave way to the running one. */
interface SlotNames {
  readonly running?: string;
  readonly queued?: string;
  readonly after?: string;
}

function namesIn(item: Item | undefined): SlotNames {
  if (!item) return {};
  return { running: textIn(item, 'running'), queued: textIn(item, 'queued'), after: textIn(item, 'after') };
}

function slotItem(key: { pk: string; sk: string }, names: SlotNames): Item {
  return { ...attributesOf(names), ...key, type: 'slot', v: 1 };
}

function unchanged(names: SlotNames): Condition {
  const { running, queued } = names;
  if (running === undefined) return { exists: false };
  return queued === undefined ? { equals: { running }, absent: ['queued'] } : { equals: { running, queued } };
}
