import type { Side } from '../model/side.ts';
import type { Value, Values } from '../values/value.ts';
import type { MappedField } from './mapping.ts';
import { constantSource } from './transform.ts';

/** What the mapping makes of values on their way, in a word; nothing: they travel as they are. */
export function madeBy({ transform, constant }: Pick<MappedField, 'transform' | 'constant'>): string | undefined {
  return constant === undefined ? transform?.kind : 'constant';
}

/** What a mapped field holds on that side, of a record as it was read; where a constant has no field, the constant. */
export function fieldValue(mapped: MappedField, side: Side, values: Values | undefined): Value {
  const { key } = mapped[side];
  return key === constantSource ? (mapped.constant ?? null) : (values?.[key] ?? null);
}
