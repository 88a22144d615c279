/**
 * Links that have nothing to plan, told without a plan: most links of a comparison are such. Always true: a look at a link
 * at rest would write nothing and change nothing of it; where that is not sure the answer is no. Pure. Attacked by
 * test/core/merge/at-rest.test.ts, against the planner itself.
 */

import { fieldValue } from '../mapping/field-value.ts';
import type { MappedField } from '../mapping/mapping.ts';
import type { BySide } from '../model/by-side.ts';
import { fieldKey, type Link } from '../model/link.ts';
import { type Side, sides } from '../model/side.ts';
import { agrees } from '../values/convert.ts';
import { sameValue, type Values } from '../values/value.ts';
import { type ReadRecord, wasSeen } from './seen.ts';

interface RestingFacts {
  readonly mapping: readonly MappedField[];
  readonly covered: BySide<readonly string[]>;
  /** Of both systems' canonical forms. */
  readonly forms: BySide<number>;
  readonly records: BySide<ReadRecord | undefined>;
}

/** Active, with nothing of its own to tell: no intent, failure, choice, or act withheld. */
function isPlain(link: Link): boolean {
  return (
    link.state === 'active' &&
    link.intent === undefined &&
    link.withheld === undefined &&
    link.resyncsFromCrm === undefined &&
    link.openFailures.length === 0 &&
    Object.keys(link.choices).length === 0
  );
}

/** Both sides hold what was last agreed, that agrees by type, and nothing else is remembered of the field. */
function isAgreed(link: Pick<Link, 'fieldStates'>, mapped: MappedField, crm: Values, erp: Values): boolean {
  const state = link.fieldStates[fieldKey(mapped)];
  const agreed = state?.agreed;
  if (!state || !agreed) return false;
  for (const part in state) if (part !== 'agreed' && state[part as keyof typeof state] !== undefined) return false;
  const isAsAgreed =
    sameValue(fieldValue(mapped, 'crm', crm), agreed.crm) && sameValue(fieldValue(mapped, 'erp', erp), agreed.erp);
  return isAsAgreed && agrees(mapped, agreed.crm, agreed.erp);
}

/** Both records are live, as the last look has seen them, and hold what was agreed. */
export function isAtRest(link: Link, { mapping, covered, forms, records: { crm, erp } }: RestingFacts): boolean {
  if (!isPlain(link) || !crm || !erp || crm.standing || erp.standing) return false;
  const seenIn = link.forms ?? { crm: 1, erp: 1 };
  if (sides.some((side) => seenIn[side] !== forms[side])) return false;
  if (!mapping.every((mapped) => isAgreed(link, mapped, crm.values, erp.values))) return false;
  return hasStamp(link, 'crm', crm) && hasStamp(link, 'erp', erp) && wasSeenOnBoth(link, { crm, erp }, covered);
}

function wasSeenOnBoth(link: Link, records: BySide<ReadRecord>, covered: BySide<readonly string[]>): boolean {
  return sides.every((side) => wasSeen(link.seen[side], records[side], covered[side]));
}

/** The link remembers the record's stamp, or that it is of our own write. */
function hasStamp({ seen }: Link, side: Side, { changedAtMs, lastWriterIsUs }: ReadRecord): boolean {
  return seen[side]?.changedAtMs === (lastWriterIsUs ? undefined : changedAtMs);
}
