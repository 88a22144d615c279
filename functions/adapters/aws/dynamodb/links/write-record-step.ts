/**
 * The record step. Always true: a link's new state, its log, its failures, its result and the counts of that result
 * arrive together or not at all, so a crash leaves all of them or none; its result is counted once, and as changed once in
 * its run. What may fail without harm (the due item has a newer sequence, the chunk is closed, the link is counted as
 * changed already) is left out and the rest tried again. Attacked by
 * test/contract/stores-record-suite.ts and test/crash/.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { Link } from '../../../../core/model/link.ts';
import type { CounterDeltas } from '../../../../core/model/run.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { RecordStep } from '../../../../ports/links.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { chunkCounts, runCounts } from '../runs/counts.ts';
import type { RetentionDays } from '../set-up/retention.ts';
import { keys } from '../table/keys.ts';
import { storedItem } from '../table/stored-item.ts';
import { changeItem } from './change-log.ts';
import { dueItem } from './due-items.ts';
import { failureItem } from './failures.ts';
import { linkWrite } from './link-items.ts';
import { summaryWrites } from './summary-counters.ts';

type Part = 'link' | 'due' | 'chunk' | 'run' | 'let-go' | 'changed' | 'rest';
/** `let-go`: to the run, which was ended before this link of it had a result. */
type CountsGoTo = 'chunk' | 'let-go' | 'run' | 'nowhere';

export async function writeRecordStep(
  { table, retentionDays }: { readonly table: Table; readonly retentionDays: RetentionDays },
  step: RecordStep,
): Promise<Link | 'superseded'> {
  const after: Link = { ...step.after, revision: step.before.revision + 1 };
  const { changes = [] } = step;
  const days = changes.length > 0 ? await retentionDays(after.tenantId) : 0;
  const fixed: Write[] = [
    ...changes.map((change): Write => ({ put: changeItem(change, days) })),
    ...failureWrites(step),
    ...summaryWrites(step.before, after),
  ];
  let removesDue = true;
  let countsGoTo: CountsGoTo = 'chunk';
  let countsChanged = true;
  // At most six rounds: all of it, without the due item, without counting it as changed, with the counts to the run, with
  // fewer of them, without them (the run is gone).
  for (let round = 0; round < 6; round += 1) {
    const parts: [Part, Write][] = [
      ['link', linkWrite(step.before, after)],
      ...dueWrites(step, removesDue),
      ...countWrites(step, countsGoTo, countsChanged),
      ...fixed.map((write): [Part, Write] => ['rest', write]),
    ];
    if (parts.length > 100) {
      throw new SyncError('defect', `The record of link ${after.id} takes ${parts.length} writes; at most 100 fit.`);
    }
    const writes = parts.map(([, write]) => write);
    const outcome = await table.transact(writes, fingerprint(writes));
    if (outcome.ok) return after;
    const failed = new Set(outcome.failed.map((position) => parts[position]?.[0]));
    if (failed.has('link')) return 'superseded';
    if (failed.has('due')) removesDue = false;
    if (failed.has('changed')) countsChanged = false;
    if (failed.has('chunk')) countsGoTo = 'let-go';
    if (failed.has('let-go')) countsGoTo = 'run';
    if (failed.has('run')) countsGoTo = 'nowhere';
  }
  throw new SyncError('defect', `The record of link ${after.id} fails on no condition of its own.`);
}

function failureWrites({ before, opensFailures = [], closesFailures = [] }: RecordStep): Write[] {
  const opened = new Set(opensFailures.map((failure) => failure.id));
  return [
    ...opensFailures.map((failure): Write => ({ put: failureItem(failure) })),
    ...closesFailures
      .filter((failureId) => !opened.has(failureId))
      .map((failureId): Write => ({ delete: keys.failure(before.tenantId, failureId) })),
  ];
}

function dueWrites({ before, staysDue, removesDue }: RecordStep, removes: boolean): [Part, Write][] {
  if (staysDue) return [['rest', { put: dueItem(staysDue) }]];
  if (removesDue === undefined || !removes) return [];
  const key = keys.due(before.tenantId, before.connectionId, before.id);
  return [['due', { delete: key, when: { equals: { sequence: removesDue } } }]];
}

function countWrites(step: RecordStep, goTo: CountsGoTo, countsChanged: boolean): [Part, Write][] {
  const { before, counts, changes = [] } = step;
  if (!counts || goTo === 'nowhere') return [];
  const { tenantId, id } = before;
  const { runId, chunkId, result } = counts;
  const at = changes[0]?.at;
  const marks = countsChanged && at !== undefined && (counts.deltas.changed ?? 0) > 0;
  const deltas = marks ? counts.deltas : { ...counts.deltas, changed: 0 };
  const mark: [Part, Write][] = marks ? [['changed', changedMark({ tenantId, runId, linkId: id }, at)]] : [];
  if (goTo === 'chunk') {
    const of = result ? { resultOf: id } : { changedOf: marks ? id : undefined };
    return [...mark, ['chunk', chunkCounts({ tenantId, runId, chunkId }, deltas, of)]];
  }
  const letGo = goTo === 'let-go' && (result || marks);
  const rest: CounterDeltas = { ...deltas, lookedAt: letGo ? 1 : 0 };
  if (Object.values(rest).every((amount) => amount === 0)) return mark;
  const late: [Part, Write][] = letGo
    ? [['let-go', { delete: keys.letGo(tenantId, runId, id), when: { exists: true } }]]
    : [];
  return [...mark, ...late, ['run', runCounts({ tenantId, runId }, rest)]];
}

/** Longer than anything of a run may still be settled. */
const markLifeMs = 30 * 86_400_000;

function changedMark(of: { tenantId: string; runId: string; linkId: string }, at: string): Write {
  const key = keys.changed(of.tenantId, of.runId, of.linkId);
  return {
    put: storedItem({ type: 'changed', key, expiresAtMs: Date.parse(at) + markLifeMs }, {}),
    when: { exists: false },
  };
}
