/**
 * The record step. Always true: a link's new state, its log, its failures, its result and the counts of that result
 * arrive together or not at all, so a crash leaves all of them or none; its result is counted once. What may fail without
 * harm (the due item has a newer sequence, the chunk is closed) is left out and the rest tried again. Attacked by
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
import { changeItems } from './change-items.ts';
import { dueItem } from './due-items.ts';
import { failureItem } from './failures.ts';
import { linkWrites } from './link-items.ts';
import { summaryWrites } from './summary-counters.ts';

type Part = 'link' | 'due' | 'chunk' | 'run' | 'rest';
type CountsGoTo = 'chunk' | 'run' | 'nowhere';

export async function writeRecordStep(
  { table, retentionDays }: { readonly table: Table; readonly retentionDays: RetentionDays },
  step: RecordStep,
): Promise<Link | 'superseded'> {
  const after: Link = { ...step.after, revision: step.before.revision + 1 };
  const { changes = [] } = step;
  const days = changes.length > 0 ? await retentionDays(after.tenantId) : 0;
  const [link, ...besideLink] = linkWrites(step.before, after);
  const fixed: Write[] = [
    ...besideLink,
    ...changeItems(changes, days).map((put): Write => ({ put })),
    ...failureWrites(step),
    ...summaryWrites(step.before, after),
  ];
  let removesDue = true;
  let countsGoTo: CountsGoTo = 'chunk';
  // At most four rounds: all of it, without the due item, with the counts to the run, without them (the run is gone).
  for (let round = 0; round < 4; round += 1) {
    const parts: [Part, Write][] = [
      ['link', link],
      ...dueWrites(step, removesDue),
      ...countWrites(step, countsGoTo),
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
    if (failed.has('chunk')) countsGoTo = 'run';
    if (failed.has('run')) countsGoTo = 'nowhere';
  }
  throw new SyncError('defect', `The record of link ${after.id} fails on no condition of its own.`);
}

function failureWrites({ before, after, failure }: RecordStep): Write[] {
  const closed = before.openFailures.filter((failureId) => !after.openFailures.includes(failureId));
  return [
    ...(failure ? [{ put: failureItem(failure) }] : []),
    ...closed.map((failureId): Write => ({ delete: keys.failure(before.tenantId, failureId) })),
  ];
}

function dueWrites({ before, staysDue, removesDue }: RecordStep, removes: boolean): [Part, Write][] {
  if (staysDue) return [['rest', { put: dueItem(staysDue) }]];
  if (removesDue === undefined || !removes) return [];
  const key = keys.due(before.tenantId, before.connectionId, before.id);
  return [['due', { delete: key, when: { equals: { sequence: removesDue } } }]];
}

function countWrites({ before, counts }: RecordStep, goTo: CountsGoTo): [Part, Write][] {
  if (!counts || goTo === 'nowhere') return [];
  const { runId, chunkId, deltas, result } = counts;
  if (goTo === 'chunk') {
    const chunk = { tenantId: before.tenantId, runId, chunkId };
    return [['chunk', chunkCounts(chunk, deltas, result ? { resultOf: before.id } : {})]];
  }
  const rest: CounterDeltas = result ? { ...deltas, lookedAt: 0 } : deltas;
  return Object.values(rest).some((amount) => amount !== 0)
    ? [['run', runCounts({ tenantId: before.tenantId, runId }, rest)]]
    : [];
}
