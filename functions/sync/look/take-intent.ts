/**
 * Before its first write a look stores what it is about to do. Always true: nothing is written without a stored intent,
 * and while its lease (its expiry) lies ahead nobody else writes this link; a link with an intent is due. A crash after it leaves intent and due item:
 * the next look after the lease settles the intent. Attacked by test/property/ and test/crash/.
 */
import { fitsRecord } from '../../core/merge/fits-record.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { bySide } from '../../core/model/by-side.ts';
import { dueOf } from '../../core/model/due.ts';
import type { IntendedWrite, Intent, Link } from '../../core/model/link.ts';
import { otherSide } from '../../core/model/side.ts';
import type { LookRound } from './look.ts';
import { alsoSent } from './pass-on.ts';
import type { PlannedLink } from './plan-read.ts';

function intendedWrites(plan: Plan): IntendedWrite[] {
  return plan.fields.flatMap((field) => {
    if (!field.write) return [];
    const { side, value } = field.write;
    return [
      {
        field: field.field,
        erpField: field.mapped.erpField,
        crmField: field.mapped.crmField,
        side,
        replaces: field[side],
        sends: value,
        source: field[otherSide(side)],
        base: field.conflict?.base ?? field.state.agreed,
        rule: field.rule,
        conflict: field.conflict !== undefined,
      },
    ];
  });
}

/**
 * The link as stored with its intent; `superseded` = somebody else wrote it since it was read, `too-large` = what is to be
 * sent could not be recorded; then nothing was stored.
 */
export async function takeIntent(
  { engine, chunk, dues, others }: LookRound,
  planned: PlannedLink,
): Promise<Link | 'superseded' | 'too-large'> {
  const { link } = planned;
  if (!fitsRecord(link, planned.plan)) return 'too-large';
  const { runId, chunkId } = chunk;
  const token = engine.runtime.newId();
  const intent: Intent = {
    token,
    runId,
    chunkId,
    expiresAtMs: engine.runtime.nowMs() + engine.settings.leaseMs,
    versions: bySide((side) => planned.records[side].version),
    readAtMs: planned.readAtMs,
    writes: intendedWrites(planned.plan),
  };
  const due = dues.has(link.id) ? undefined : dueOf(link, token, { runId, chunkId });
  const other = others.get(link.id);
  const sent = other && alsoSent(other, planned.plan);
  return engine.links.takeIntent(link, intent, due, sent);
}
