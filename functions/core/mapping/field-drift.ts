/**
 * Drift: a field in use that its system describes otherwise than when the mapping was saved. Always true: what it was is
 * kept from the first change on, however often it changes after that, a field that is again as it was has none, and who
 * accepts a change takes that and no other of the same field. Pure. Attacked by test/core/mapping/field-drift.test.ts.
 */
import type { BySide } from '../model/by-side.ts';
import type { ActorTypeSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { FieldDrift, FieldShape } from '../model/field-drift.ts';
import { type Side, sides } from '../model/side.ts';
import { sameContent } from '../values/same-content.ts';
import { keysInUse, keysWritten } from './fields-in-use.ts';
import { constantSource } from './transform.ts';

function shapeOf({ type, format, listName, maxLength, lengthUnit, access }: FieldMetadata): FieldShape {
  return { type, format, listName, maxLength, lengthUnit, access };
}

/** 0: no limit is known. A limit that is counted otherwise may be the shorter one. */
function lengthChange(was: FieldShape, now: FieldShape): 'shorter' | 'longer' | undefined {
  if (was.maxLength === 0 && now.maxLength === 0) return undefined;
  const isCountedOtherwise = (was.lengthUnit ?? 'code-points') !== (now.lengthUnit ?? 'code-points');
  if (was.maxLength === now.maxLength) return isCountedOtherwise ? 'shorter' : undefined;
  if (now.maxLength === 0) return 'longer';
  if (was.maxLength === 0 || isCountedOtherwise) return 'shorter';
  return now.maxLength < was.maxLength ? 'shorter' : 'longer';
}

/** A field that is only read does no harm by being read-only. */
function accessChange(was: FieldShape, now: FieldShape, isWritten: boolean): 'read-only' | 'mandatory' | undefined {
  if (was.access === undefined || was.access === now.access) return undefined;
  if (now.access === 'mandatory') return 'mandatory';
  return now.access === 'read-only' && isWritten ? 'read-only' : undefined;
}

function changeOf(was: FieldShape, now: FieldShape | undefined, isWritten: boolean): FieldDrift['what'] | undefined {
  if (!now) return 'gone';
  if (was.type !== now.type || (was.format ?? 'plain') !== (now.format ?? 'plain')) return 'type';
  if (was.listName !== now.listName) return 'list';
  return accessChange(was, now, isWritten) ?? lengthChange(was, now);
}

type Described = Pick<ActorTypeSetup, 'erpFields' | 'crmFields'>;

function fieldsOf({ erpFields, crmFields }: Described): BySide<readonly FieldMetadata[]> {
  return { erp: erpFields, crm: crmFields };
}

interface OfField {
  readonly side: Side;
  readonly isWritten: boolean;
  readonly before: FieldMetadata | undefined;
  /** What was found before. */
  readonly known: FieldDrift | undefined;
  readonly after: FieldMetadata | undefined;
}

/** The drift of one field, which began at `at` unless the same was found before; nothing of a field that was never known. */
function driftOf(at: string, { side, isWritten, before, known, after }: OfField): FieldDrift | undefined {
  const was = known?.was ?? (before && shapeOf(before));
  const label = after?.label ?? known?.label ?? before?.label;
  const field = known?.field ?? before?.key;
  const now = after && !after.missing ? shapeOf(after) : undefined;
  const what = was && changeOf(was, now, isWritten);
  if (!was || !what || field === undefined || label === undefined) return undefined;
  const isSame = known?.what === what && sameContent({ now: known.now }, { now });
  return {
    side,
    field,
    label,
    what,
    was,
    now,
    since: isSame ? known.since : at,
    accepted: isSame ? known.accepted : undefined,
  };
}

/** What drifted of a type, described before (with what was found then) and now. */
export function driftBetween(before: ActorTypeSetup, now: Described, at: string): FieldDrift[] {
  const [inUse, written] = [keysInUse(before), keysWritten(before)];
  const [fieldsBefore, fieldsNow] = [fieldsOf(before), fieldsOf(now)];
  return sides.flatMap((side) =>
    [...inUse[side]]
      .filter((key) => key !== constantSource)
      .flatMap((key) => {
        const known = before.drift?.find((one) => one.side === side && one.field === key);
        const isIt = (field: FieldMetadata) => field.key === key;
        const [was, after] = [fieldsBefore[side].find(isIt), fieldsNow[side].find(isIt)];
        return driftOf(at, { side, isWritten: written[side].has(key), before: was, known, after }) ?? [];
      }),
  );
}

/** Drift is absent where there is none, as in what an earlier version stored. */
export function someDrift(drift: readonly FieldDrift[]): FieldDrift[] | undefined {
  return drift.length > 0 ? [...drift] : undefined;
}

/** Without that of fields that are no longer in use. */
export function driftInUse(type: ActorTypeSetup): FieldDrift[] | undefined {
  const inUse = keysInUse(type);
  return someDrift((type.drift ?? []).filter(({ side, field }) => inUse[side].has(field)));
}

/** What is left once the mapping is saved as it is now: only that fields which it still names are gone. */
export function driftAfterSave(type: ActorTypeSetup): FieldDrift[] | undefined {
  return someDrift((driftInUse(type) ?? []).filter(({ what }) => what === 'gone'));
}

/** What a change of that kind brings with it: another type its list and limits too. */
function broughtBy(what: FieldDrift['what'], now: FieldShape): Partial<FieldShape> {
  const { type, format, listName, maxLength, lengthUnit, access } = now;
  if (what === 'type') return { type, format, listName, maxLength, lengthUnit };
  if (what === 'list') return { listName };
  return what === 'read-only' || what === 'mandatory' ? { access } : { maxLength, lengthUnit };
}

/** As what a field is taken once its drift is accepted: as it was, but for what that names; absent where it is gone. */
export function acceptedShape({ what, was, now }: FieldDrift): FieldShape | undefined {
  return now && { ...was, ...broughtBy(what, now) };
}

/** What else of the field has changed is told in turn: nobody was shown it. */
function leftOnceAccepted(one: FieldDrift, isWritten: boolean): FieldDrift | undefined {
  const was = acceptedShape(one);
  if (!was) return { ...one, accepted: true };
  const what = changeOf(was, one.now, isWritten);
  return what && { ...one, was, what };
}

/** What is left once somebody has accepted some of it: a field that is gone stays so, and is nobody's trouble any more. */
export function driftOnceAccepted(
  type: ActorTypeSetup,
  isAccepted: (one: FieldDrift) => boolean,
): FieldDrift[] | undefined {
  const written = keysWritten(type);
  const left = (one: FieldDrift) => leftOnceAccepted(one, written[one.side].has(one.field)) ?? [];
  return someDrift((type.drift ?? []).flatMap((one) => (isAccepted(one) ? left(one) : one)));
}
