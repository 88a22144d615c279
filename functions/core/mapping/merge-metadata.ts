import type { FieldMetadata } from '../model/field.ts';
import type { FieldMapping } from './mapping.ts';

/** Fields as the ERP offers them now; one that is mapped, or named in `others`, and no longer offered is kept, marked *missing in ERP*. */
export function mergeMetadata(
  known: readonly FieldMetadata[],
  offered: readonly FieldMetadata[],
  rows: readonly FieldMapping[],
  others: readonly string[] = [],
): FieldMetadata[] {
  const named = new Set([...rows.map(({ erpField }) => erpField), ...others]);
  const gone = known.filter(({ key }) => named.has(key) && !offered.some((other) => other.key === key));
  return [...offered, ...gone.map((field) => ({ ...field, missing: true }))];
}
