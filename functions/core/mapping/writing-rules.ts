import type { FieldMetadata } from '../model/field.ts';
import type { MappedField } from './mapping.ts';

function limitsOf({ type, maxLength, access }: FieldMetadata) {
  return [type, maxLength, access];
}

/**
 * Everything of a mapping row that decides what is written, and what is refused: where it changes, the row's links are
 * compared, and what was refused is tried again. A flag that is not set is left out, as before there were flags.
 * `listPairs`: those that are meant, where it is not all of them.
 */
export function writingRules(mapped: MappedField, listPairs = mapped.listPairs) {
  const { direction, conflictPolicy, enforce, noBlanks, transform, transformTo, constant, crm, erp } = mapped;
  return {
    direction,
    conflictPolicy,
    enforce: enforce || undefined,
    noBlanks: noBlanks || undefined,
    transform,
    transformTo,
    constant,
    listPairs,
    crm: limitsOf(crm),
    erp: limitsOf(erp),
  };
}
