/**
 * Blanks over values are rationed, field by field. Always true: what is withheld is left out of the plan with the rest of
 * its group, everything else is written, and a value that our user may not read travels nowhere. What a crash leaves is
 * said in take-act.ts. Attacked by test/sync/brake.test.ts and test/property/brake.test.ts.
 */

import type { Plan } from '../../core/merge/plan.ts';
import { blanksIn, drop, fieldsOf, refillsIn, withhold } from '../../core/merge/withhold.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import { otherSide, type Side } from '../../core/model/side.ts';
import type { LinkWait } from '../look/link-verdict.ts';
import type { Look } from '../look/look.ts';
import { type Guarded, withheldOf } from './guarded.ts';
import { readAccess, takeAct } from './take-act.ts';

/** The sides whose blanks the plan is about to believe. */
function sidesBelieved(plan: Plan): ReadonlySet<Side> {
  const carried = blanksIn(plan).flatMap(({ write }) => (write ? [otherSide(write.side)] : []));
  const refilled = refillsIn(plan).flatMap(({ write }) => (write ? [write.side] : []));
  return new Set([...carried, ...refilled]);
}

/** Keys of the fields that our user may not read, of the sides given. */
async function unreadableKeys(
  look: Look,
  link: Link,
  asked: ReadonlySet<Side>,
): Promise<BySide<readonly string[]> | LinkWait> {
  const keys: Record<Side, readonly string[]> = { crm: [], erp: [] };
  for (const side of asked) {
    const access = await readAccess(look, link, side);
    if ('verdict' in access) return access;
    keys[side] = access.unreadable;
  }
  return bySide((side) => keys[side]);
}

export async function withholdBlanks(look: Look, link: Link, whole: Plan): Promise<Guarded | LinkWait> {
  const believed = sidesBelieved(whole);
  if (believed.size === 0) return { plan: whole };
  const keys = await unreadableKeys(look, link, believed);
  if ('verdict' in keys) return keys;
  const hidden = fieldsOf(whole, keys);
  const plan = withhold(whole, hidden, link.fieldStates);
  const blanks = blanksIn(plan);
  const verdict = blanks.length > 0 ? await takeAct(look, link, 'blanks') : 'taken';
  if (verdict === 'taken') return { plan, withheld: withheldOf('blanks', hidden, 'not-readable') };
  if (verdict === 'dropped') {
    return {
      plan: drop(plan, blanks, link.fieldStates),
      dropped: blanks,
      withheld: withheldOf('blanks', hidden, 'not-readable'),
    };
  }
  return {
    plan: withhold(plan, blanks, link.fieldStates),
    withheld: withheldOf('blanks', [...hidden, ...blanks], hidden.length > 0 ? 'not-readable' : verdict),
  };
}
