import { type BySide, bySide } from '../../core/model/by-side.ts';
import { bytesOf } from '../../core/values/bytes-of.ts';
import { cutToBytes } from '../../core/values/cut-to-bytes.ts';
import { mostJsonBytes } from '../../core/values/most-json-bytes.ts';
import type { Value } from '../../core/values/value.ts';
import type { changeView } from './last-changes.ts';

/** Of one value; what an engine writes is no longer. */
const mostValueBytes = 8_000;
/** Of all fields together, well below what an answer may have. */
const mostFieldBytes = 4_000_000;
/** Eighty fields of thirteen such values fit, however they are escaped. */
const leastValueBytes = 500;

interface Shown {
  readonly value: Value;
  readonly cut?: true | undefined;
}

type ChangeView = ReturnType<typeof changeView> & Pick<Shown, 'cut'>;

interface Explained {
  readonly crm: Shown | undefined;
  readonly erp: Shown | undefined;
  readonly lastAgreed: BySide<Shown> | undefined;
  readonly next: Shown | undefined;
  readonly why: { readonly change: ChangeView } | { readonly unchanged: object };
}

function cutValue<Of extends Value | undefined>(value: Of, most: number): Of | string {
  return typeof value === 'string' ? cutToBytes(value, most) : value;
}

function cutShown<Of extends Shown>(shown: Of, most: number): Of {
  const value = cutValue(shown.value, most);
  return value === shown.value ? shown : { ...shown, value, cut: true };
}

function cutChange(change: ChangeView, most: number): ChangeView {
  const { oldValue, newValue, sentValue, conflict } = change;
  const both = (of: BySide<Value>) => bySide((side) => cutValue(of[side], most));
  const after = {
    ...change,
    oldValue: cutValue(oldValue, most),
    newValue: cutValue(newValue, most),
    sentValue: cutValue(sentValue, most),
    conflict: conflict && { ...conflict, ...both(conflict), base: conflict.base && both(conflict.base) },
  };
  return JSON.stringify(after) === JSON.stringify(change) ? change : { ...after, cut: true };
}

function cutField<Of extends Explained>(field: Of, most: number): Of {
  const { crm, erp, lastAgreed, next, why } = field;
  return {
    ...field,
    crm: crm && cutShown(crm, most),
    erp: erp && cutShown(erp, most),
    lastAgreed: lastAgreed && bySide((side) => cutShown(lastAgreed[side], most)),
    next: next && cutShown(next, most),
    why: 'change' in why ? { change: cutChange(why.change, most) } : why,
  };
}

function fits(fields: readonly unknown[]): boolean {
  return mostJsonBytes(fields) <= mostFieldBytes || bytesOf(JSON.stringify(fields)) <= mostFieldBytes;
}

/** The fields with the beginnings of values that are longer than can be shown, each marked; so much of each as fits. */
export function cutExplanation<Of extends Explained>(fields: readonly Of[]): Of[] {
  for (let most = mostValueBytes; ; most /= 2) {
    const cut = fields.map((field) => cutField(field, most));
    if (most <= leastValueBytes || fits(cut)) return cut;
  }
}
