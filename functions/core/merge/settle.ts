/**
 * Settling an intent whose lease has run out: its holder died or never heard the answer, so each write may or may not have
 * landed. A wrong verdict here loses or doubles an edit; attacked by test/crash/ and test/property/.
 */

import type { MappedField } from '../mapping/mapping.ts';
import type { Side } from '../model/actor-type.ts';
import { type FieldState, fieldKey, type Intent, type IntentField } from '../model/link.ts';
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

export interface SettledField {
  readonly intended: IntentField;
  readonly verdict: 'done' | 'not-done' | 'overtaken';
  readonly found: Value;
  readonly state: FieldState;
}

export interface SettleInput {
  readonly intent: Intent;
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly mapping: readonly MappedField[];
  /** Absent = the record is gone. */
  readonly crm: SettledSide | undefined;
  readonly erp: SettledSide | undefined;
}

/** Nobody wrote the record since the intent's read: the same version, and a stamp too old to hide a later write. */
function untouched(side: Side, now: SettledSide, intent: Intent): boolean {
  if (now.version !== intent.versions[side]) return false;
  if (now.blurMs === undefined) return true;
  return now.changedAtMs !== undefined && now.changedAtMs + now.blurMs < intent.readAtMs[side];
}

function settleField(input: SettleInput, intended: IntentField): SettledField[] {
  const { side } = intended;
  const now = input[side];
  if (!now) return [];
  const found = now.values[side === 'crm' ? intended.crmField : intended.erpField] ?? null;
  const before = input.fields[intended.field] ?? {};
  const mapped = input.mapping.find((candidate) => fieldKey(candidate) === intended.field);
  const there = mapped ? sameContent(mapped, side, found, intended.sends) : sameValue(found, intended.sends);
  if (there) {
    const agreed = side === 'crm' ? { crm: found, erp: intended.source } : { crm: intended.source, erp: found };
    return [{ intended, verdict: 'done', found, state: { agreed } }];
  }
  if (untouched(side, now, input.intent)) return [{ intended, verdict: 'not-done', found, state: before }];
  const overtaken = sameValue(found, intended.replaces) ? 'unproven' : 'moved';
  return [{ intended, verdict: 'overtaken', found, state: { ...before, overtaken } }];
}

/** One verdict per intended write; writes to a record that is gone have none. */
export function settleIntent(input: SettleInput): SettledField[] {
  return input.intent.fields.flatMap((intended) => settleField(input, intended));
}
