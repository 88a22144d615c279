/**
 * The record step. Always true: a link's new state, its log, its failures, its result and the counts of that result
 * arrive together or not at all, so a crash leaves all of them or none; its result is counted once, and as changed once in
 * its run. What may fail without harm (the due item has a newer sequence, the chunk is closed) is left out and the rest
 * tried again. Attacked by
 * test/contract/stores-record-suite.ts and test/crash/.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { Link } from '../../../../core/model/link.ts';
import type { CounterDeltas } from '../../../../core/model/run.ts';
import type { RecordStep } from '../../../../ports/links.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { lateResultWrite, resultWrite } from '../runs/chunk-results.ts';
import { runCounts } from '../runs/counts.ts';
import type { RetentionDays } from '../set-up/retention.ts';
import { keys } from '../table/keys.ts';
import { changeItems } from './change-items.ts';
import { resyncWrite, sentWrite } from './crm-records.ts';
import { dueAnew, dueItem } from './due-items.ts';
import { failureItem } from './failures.ts';
import { linkWrites } from './link-items.ts';
import { summaryWrites } from './summary-counters.ts';
import { waitingWrites } from './waiting-links.ts';

type Part = 'link' | 'due' | 'result' | 'let-go' | 'run' | 'rest';
/** `let-go`: to the run, which was ended before this link of it had a result. */
type CountsGoTo = 'result' | 'let-go' | 'run' | 'nowhere';

/** A link remembers the last runs that counted it as changed: more of them than can be at it at one time. */
const runsRemembered = 4;

export async function writeRecordStep(
  { table, retentionDays }: { readonly table: Table; readonly retentionDays: RetentionDays },
  step: RecordStep,
): Promise<Link | 'superseded'> {
  const counted = countedAsChanged(step);
  const after: Link = { ...step.after, countedIn: counted.countedIn, revision: step.before.revision + 1 };
  const { changes = [] } = step;
  const days = changes.length > 0 ? await retentionDays(after.tenantId) : 0;
  const [link, ...besideLink] = linkWrites(step.before, after);
  const fixed: Write[] = [
    ...besideLink,
    ...changeItems(changes, days).map((put): Write => ({ put })),
    ...failureWrites(step),
    ...summaryWrites(step.before, after, step.counts?.chunkId),
    ...waitingWrites(step.before, after),
    ...othersWrites(step),
  ];
  let removesDue = true;
  let countsGoTo: CountsGoTo = 'result';
  // At most five rounds: all of it, without the due item, with the counts to the run, with fewer of them, without them (the
  // run is gone).
  for (let round = 0; round < 5; round += 1) {
    const parts: [Part, Write][] = [
      ['link', link],
      ...dueWrites(step, removesDue),
      ...countWrites(step, counted.deltas, countsGoTo),
      ...fixed.map((write): [Part, Write] => ['rest', write]),
    ];
    if (parts.length > 100) {
      throw new SyncError('defect', `The record of link ${after.id} takes ${parts.length} writes; at most 100 fit.`);
    }
    const writes = parts.map(([, write]) => write);
    const outcome = await table.transact(writes);
    if (outcome.ok) return after;
    const failed = new Set(outcome.failed.map((position) => parts[position]?.[0]));
    if (failed.has('link')) return 'superseded';
    if (failed.has('due')) removesDue = false;
    if (failed.has('result')) countsGoTo = 'let-go';
    if (failed.has('let-go')) countsGoTo = 'run';
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

/** What the links of other connections are told of what was written to the CRM. */
function othersWrites({ after, sent, makesDue = [], resyncs }: RecordStep): Write[] {
  const { tenantId } = after;
  const marked = resyncs ? makesDue.map(({ linkId }) => resyncWrite(tenantId, linkId, resyncs)) : [];
  return [
    ...(sent ? [sentWrite(after, sent)] : []),
    ...makesDue.map((due) => dueAnew({ tenantId, ...due })),
    ...marked,
  ];
}

function dueWrites({ before, staysDue, removesDue }: RecordStep, removes: boolean): [Part, Write][] {
  if (staysDue) return [['rest', { put: dueItem(staysDue) }]];
  if (removesDue === undefined || !removes) return [];
  const key = keys.due(before.tenantId, before.connectionId, before.id);
  return [['due', { delete: key, when: { equals: { sequence: removesDue } } }]];
}

/** A link is counted as changed once in its run, whatever chunk it is in; the link itself says where it was. */
function countedAsChanged({ before, counts }: RecordStep): {
  readonly deltas: CounterDeltas;
  readonly countedIn: Link['countedIn'];
} {
  const { countedIn = [] } = before;
  if (!counts || (counts.deltas.changed ?? 0) === 0)
    return { deltas: counts?.deltas ?? {}, countedIn: before.countedIn };
  const { runId, deltas } = counts;
  if (countedIn.includes(runId)) return { deltas: { ...deltas, changed: 0 }, countedIn };
  return { deltas, countedIn: [runId, ...countedIn].slice(0, runsRemembered) };
}

function countWrites({ before, after, counts }: RecordStep, deltas: CounterDeltas, goTo: CountsGoTo): [Part, Write][] {
  if (!counts || goTo === 'nowhere') return [];
  const { tenantId, id: linkId } = before;
  const { runId, chunkId, result: ends, at } = counts;
  const of = { tenantId, runId, chunkId, linkId };
  if (goTo === 'result') {
    const write = resultWrite(of, { deltas, ends, leavesIntent: after.intent !== undefined, at });
    return write ? [['result', write]] : [];
  }
  const letGo = goTo === 'let-go' && (ends || (deltas.changed ?? 0) > 0);
  const rest: CounterDeltas = { ...deltas, lookedAt: letGo ? 1 : 0 };
  if (Object.values(rest).every((amount) => amount === 0)) return [];
  const late: [Part, Write][] = letGo ? [['let-go', lateResultWrite(of)]] : [];
  return [...late, ['run', runCounts({ tenantId, runId }, rest)]];
}
