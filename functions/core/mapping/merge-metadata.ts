import type { FieldMetadata } from '../model/field.ts';
import type { FieldMapping } from './mapping.ts';

/** Fields as the ERP offers them now; one that is mapped and no longer offered is kept, marked *missing in ERP*. */
export function mergeMetadata(
  known: readonly FieldMetadata[],
  offered: readonly FieldMetadata[],
  rows: readonly FieldMapping[],
): FieldMetadata[] {
  const gone = known.filter(
    (field) => !offered.some((other) => other.key === field.key) && rows.some((row) => row.erpField === field.key),
  );
  return [...offered, ...gone.map((field) => ({ ...field, missing: true }))];
}
