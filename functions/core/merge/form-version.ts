/**
 * What becomes of agreed values whose adapter writes them in another form than when they were stored. Always true: a new
 * form alone writes nothing. What was about to travel still does; a value that is another one by its type may be an edit
 * made meanwhile: it stays where it is, listed as differing, and the write that replaces it logs it as losing. Pure, so a
 * crash leaves nothing. Attacked by test/core/merge/form-version.test.ts.
 */

import { fieldValue } from '../mapping/field-value.ts';
import { isMapped, type MappedField } from '../mapping/mapping.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import { type FieldState, fieldKey, type Link } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { agrees, sameContent } from '../values/convert.ts';
import type { Value, Values } from '../values/value.ts';

interface Renewal {
  readonly mapping: readonly MappedField[];
  /** Form versions of the adapters that read. */
  readonly forms: BySide<number>;
  readonly read: BySide<Values>;
}

const firstForms: BySide<number> = { crm: 1, erp: 1 };

/** A value that waits to travel from this side: taken as agreed, it never would. */
function waitsToTravel({ parked, held, overtaken }: FieldState, side: Side): boolean {
  return held !== undefined || overtaken === 'moved' || parked?.side === otherSide(side);
}

function renewed(state: FieldState, mapped: MappedField, now: BySide<Value>, inNewForm: BySide<boolean>): FieldState {
  // What a held field was shown with is in the old form: it is no sign that a value moved.
  const { heldOn: _inOldForm, ...kept } = state;
  const { agreed } = kept;
  if (!agreed) return kept;
  const taken = bySide((side) => (inNewForm[side] && !waitsToTravel(kept, side) ? now[side] : agreed[side]));
  const same = sides.every((side) => sameContent(mapped, side, taken[side], agreed[side]));
  if (same || agrees(mapped, taken.crm, taken.erp)) return { ...kept, agreed: taken };
  return { ...kept, agreed: taken, differs: true, overtaken: kept.overtaken ?? 'unclear' };
}

/** The link with its agreed values in the forms they are read in now; the same link if they are. */
export function inPresentForms(link: Link, { mapping, forms, read }: Renewal): Link {
  const before = link.forms ?? firstForms;
  const inNewForm = bySide((side) => before[side] !== forms[side]);
  if (!inNewForm.crm && !inNewForm.erp) return link;
  const states = mapping.filter(isMapped).flatMap((mapped) => {
    const field = fieldKey(mapped);
    const state = link.fieldStates[field];
    const now = bySide((side) => fieldValue(mapped, side, read[side]));
    return state ? [[field, renewed(state, mapped, now, inNewForm)] as const] : [];
  });
  return { ...link, forms, fieldStates: { ...link.fieldStates, ...Object.fromEntries(states) } };
}
