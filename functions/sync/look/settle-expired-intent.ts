/**
 * Who meets an intent whose lease has run out settles each of its writes on what both sides hold now, logs that, and
 * counts it for the run that took the intent. Always true: nothing is planned on a link before its intent is settled. All
 * of it is one transaction on condition of the revision, so a crash leaves the intent as it was, for the next look.
 * Attacked by test/crash/ and test/property/.
 */
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import { countsOf } from '../../core/merge/outcome.ts';
import { changeOfSettled, type SettledSide, settleIntent } from '../../core/merge/settle.ts';
import { bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import type { Capabilities, RecordState } from '../../ports/record-system.ts';
import type { LookRound } from './look.ts';
import { toldOthers } from './pass-on.ts';
import type { LinkRead } from './read-both.ts';

/** A merged record says nothing of what was written to it: it counts as gone. */
function settledSide(record: RecordState | undefined, { version }: Capabilities): SettledSide | undefined {
  if (!record || record.standing?.kind === 'merged') return undefined;
  const blurMs = version.kind === 'coarse' ? version.resolutionMs + version.commitLagMs : undefined;
  return { values: record.values, version: record.version, changedAtMs: record.changedAtMs, blurMs };
}

/** The link as stored, without the intent; as it is, if it has none. */
export async function settleExpiredIntent(
  { engine, context, others, passedOn }: LookRound,
  link: Link,
  read: LinkRead,
): Promise<Link | 'superseded'> {
  const { intent } = link;
  if (!intent) return link;
  const { runId, chunkId } = intent;
  const settled = settleIntent({
    intent,
    fieldStates: link.fieldStates,
    mapping: mappedFields(context.setup, link.ends.erp.type),
    now: bySide((side) => settledSide(read.records[side], context.capabilities[side])),
  });
  const states = Object.fromEntries(settled.map(({ intended, state }) => [intended.field, state]));
  const facts = { link, runId, at: engine.runtime.now(), newId: engine.runtime.newId };
  const changes = settled.flatMap((one) => changeOfSettled(facts, one) ?? []);
  const made = changes.filter((change) => change.outcome === 'settled');
  const after = { ...link, intent: undefined, fieldStates: { ...link.fieldStates, ...states } };
  // The marks that the intent came with were read after it.
  const now = read.records.crm?.values ?? {};
  const other = others.get(link.id);
  const told = toldOthers(engine, after, other, { changes, intended: {}, now });
  const stored = await engine.links.record({
    before: link,
    after,
    changes,
    ...told,
    counts: { runId, chunkId, deltas: countsOf(made), result: false, at: facts.at },
  });
  if (stored === 'superseded') return stored;
  passedOn(told.makesDue ?? []);
  // What is planned next is told on top of it.
  if (other && told.sent) others.set(link.id, { ...other, sent: told.sent });
  return stored;
}
