/**
 * The end of a run that withheld something. Always true: it ends as stopped-by-brake in the transaction that sets its
 * brakes and opens their failures, and a brake that somebody's answer is being carried out on stays as it is. A crash
 * before it leaves a complete run: whoever meets one ends it. Attacked by test/sync/brake.test.ts.
 */
import { type ActKind, actKinds, type Brake, type BrakeExample, mostExamples } from '../../core/model/brake.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { hasEnded, type Run, type RunReason } from '../../core/model/run.ts';
import type { SummaryCounts } from '../../ports/connections.ts';
import type { Engine } from '../engine.ts';
import { failureOfBrake } from './failure-of-brake.ts';

const duesPerPage = 100;
/** Due items among which examples are looked for: what is withheld is due. */
const mostPages = 10;

export function withheldLinks(counts: SummaryCounts, kind: ActKind): number {
  return Object.values(counts).reduce((sum, { withheld }) => sum + withheld[kind], 0);
}

async function examplesOf(engine: Engine, run: Run, kind: ActKind): Promise<BrakeExample[]> {
  const { tenantId, connectionId } = run;
  const examples: BrakeExample[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages && examples.length < mostExamples; pages += 1) {
    const page = await engine.dueItems.list(tenantId, connectionId, duesPerPage, cursor);
    const linkIds = page.items.map(({ linkId }) => linkId);
    for (const { id, withheld } of await engine.links.getMany(tenantId, linkIds)) {
      const act = withheld?.[kind];
      if (act) examples.push({ linkId: id, ...act });
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return examples.slice(0, mostExamples);
}

/** An answer is being carried out by another run that has not ended. */
async function isBeingAnswered(engine: Engine, run: Run, { answer }: Brake): Promise<boolean> {
  if (!answer || answer.runId === run.id) return false;
  const answering = await engine.runs.get(run.tenantId, answer.runId);
  return answering !== undefined && !hasEnded(answering.state);
}

async function brakeAfter(
  engine: Engine,
  run: Run,
  { brakes }: ConnectionSetup,
  { kind, withheld, at }: Pick<Brake, 'kind' | 'withheld' | 'at'>,
): Promise<Brake[]> {
  const before = brakes.find((brake) => brake.kind === kind);
  if (before && (await isBeingAnswered(engine, run, before))) return [];
  const { tenantId, connectionId } = run;
  const examples = await examplesOf(engine, run, kind);
  const fresh: Brake = { tenantId, connectionId, kind, runId: run.id, at, withheld, examples, revision: 0 };
  if (!before) return [fresh];
  const { revision, refused } = before;
  if (before.answer?.runId === run.id) return [{ ...fresh, revision, refused }];
  // One that was set before anything was withheld is answered by the first run that withheld something.
  const runId = before.withheld > 0 ? before.runId : run.id;
  return [{ ...fresh, revision, refused, runId, at: before.at }];
}

/** Ends a complete run that withheld something; false = nothing of it is withheld any more. */
export async function stopByBrake(engine: Engine, run: Run): Promise<boolean> {
  const { tenantId, connectionId, counters, dryRun } = run;
  if (dryRun || counters.withheld === 0) return false;
  const [setup, counts] = await Promise.all([
    engine.connections.getSetup(tenantId, connectionId),
    engine.connections.summary(tenantId, connectionId),
  ]);
  const stands = (kind: ActKind) => setup?.brakes.some((brake) => brake.kind === kind) === true;
  // That on refusals is set when they are found: if it stands no more, a write was taken since.
  const kinds = actKinds.filter((kind) => withheldLinks(counts, kind) > 0 && (kind !== 'refusals' || stands(kind)));
  const [first, second] = kinds;
  if (!setup || !first) return false;
  const at = engine.runtime.now();
  const brakes: Brake[] = [];
  for (const kind of kinds) {
    brakes.push(...(await brakeAfter(engine, run, setup, { kind, withheld: withheldLinks(counts, kind), at })));
  }
  const reason: RunReason = second ? 'several-brakes' : first;
  const told = brakes.map(async (brake) => ({ brake, failure: await failureOfBrake(engine, brake, at) }));
  const stop = { run, at, reason, brakes: await Promise.all(told) };
  if (await engine.brakes.stop(stop)) {
    engine.telemetry.count('RunStoppedByBrake', 1, {});
    const fresh = brakes.filter(({ revision }) => revision === 0);
    for (const { kind } of fresh) {
      await engine.alerts.tell({ event: 'brake-set', tenantId, connectionId, reason: kind });
    }
    return true;
  }
  const now = await engine.runs.get(tenantId, run.id);
  // Ended by somebody else, or a brake is not as it was read: then it is read again.
  return !now || hasEnded(now.state) || now.open > 0 ? true : stopByBrake(engine, now);
}
