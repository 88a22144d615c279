/**
 * Settling an intent whose lease has run out: its worker died or never heard the answer, so each write may or may not have
 * landed. Always true: a write counts as made only if its value is there, and as not made only if nobody wrote the record
 * since; in between, what the next write replaces is logged as losing. A wrong verdict here loses or doubles an edit;
 * attacked by test/core/merge/settle.test.ts, test/crash/ and test/property/.
 */

import { madeBy } from '../mapping/field-value.ts';
import type { MappedField } from '../mapping/mapping.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import { type ChangeFacts, type FieldChange, fieldChangeOf } from '../model/field-change.ts';
import { type FieldState, fieldKey, type IntendedWrite, type Intent } from '../model/link.ts';
import { otherSide, type Side } from '../model/side.ts';
import { sameContent } from '../values/convert.ts';
import { sameValue, type Value, type Values } from '../values/value.ts';

/** What is needed of a record as it is now, and of how its system stamps writes. */
export interface SettledSide {
  readonly values: Values;
  readonly version: string;
  readonly changedAtMs?: number;
  /** For coarse versions: resolution plus commit lag, milliseconds; absent = exact. */
  readonly blurMs?: number;
}

export interface SettledWrite {
  readonly intended: IntendedWrite;
  readonly verdict: 'done' | 'not-done' | 'overtaken';
  /** What the record holds now; what was sent, where there is no record to ask. */
  readonly found: Value;
  readonly state: FieldState;
  readonly transform?: string | undefined;
}

export interface SettleInput {
  readonly intent: Intent;
  readonly fieldStates: Readonly<Record<string, FieldState>>;
  readonly mapping: readonly MappedField[];
  /** Absent = the record is gone. */
  readonly now: BySide<SettledSide | undefined>;
}

/** Nobody wrote the record since the intent's read: the same version, and a stamp too old to hide a later write. */
function untouched(side: Side, now: SettledSide, intent: Intent): boolean {
  if (now.version !== intent.versions[side]) return false;
  if (now.blurMs === undefined) return true;
  return now.changedAtMs !== undefined && now.changedAtMs + now.blurMs < intent.readAtMs[side];
}

/** Both values of an intended write, with the one given on the side that was to be written. */
function pairWith(intended: IntendedWrite, onItsSide: Value): BySide<Value> {
  return bySide((side) => (side === intended.side ? onItsSide : intended.source));
}

function settleWrite(input: SettleInput, intended: IntendedWrite, mapped: MappedField | undefined): SettledWrite {
  const { side, crmField, erpField } = intended;
  const now = input.now[side];
  const before = input.fieldStates[intended.field] ?? {};
  // Nobody can say what became of it, nor what it replaced: the log keeps that, and the next write says what it replaces.
  if (!now)
    return {
      intended,
      verdict: 'overtaken',
      found: intended.sends,
      state: { ...before, overtaken: before.overtaken ?? 'unclear' },
    };
  const found = now.values[{ crm: crmField, erp: erpField }[side]] ?? null;
  const there = mapped ? sameContent(mapped, side, found, intended.sends) : sameValue(found, intended.sends);
  // A value that a person entered is agreed once both sides hold it.
  const agreed = intended.rule === 'resolving' ? before.agreed : pairWith(intended, found);
  if (there) return { intended, verdict: 'done', found, state: { agreed } };
  if (untouched(side, now, input.intent)) return { intended, verdict: 'not-done', found, state: before };
  const overtaken = sameValue(found, intended.replaces) ? 'unclear' : 'moved';
  return { intended, verdict: 'overtaken', found, state: { ...before, overtaken } };
}

/** One verdict per intended write. */
export function settleIntent(input: SettleInput): SettledWrite[] {
  return input.intent.writes.map((intended) => {
    const mapped = input.mapping.find((candidate) => fieldKey(candidate) === intended.field);
    return { ...settleWrite(input, intended, mapped), transform: mapped && madeBy(mapped) };
  });
}

/** The log's row of a settled write; a write that was not made has none. */
export function changeOfSettled(
  facts: ChangeFacts,
  { intended, verdict, found, transform }: SettledWrite,
): FieldChange | undefined {
  if (verdict === 'not-done') return undefined;
  const { side, erpField, crmField, replaces, rule, base } = intended;
  return fieldChangeOf(facts, {
    erpField,
    crmField,
    side,
    oldValue: replaces,
    newValue: found,
    rule,
    transform,
    outcome: verdict === 'done' ? 'settled' : 'overtaken',
    conflict: intended.conflict
      ? { winner: otherSide(side), policy: 'settled', base, ...pairWith(intended, replaces) }
      : undefined,
  });
}
