import type { BySide } from '../model/by-side.ts';
import type { ActorTypeSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import { driftBetween, someDrift } from './field-drift.ts';
import { mergeMetadata } from './merge-metadata.ts';
import { storableFields } from './storable-fields.ts';

/** An actor type with what both systems offer now, and what drifted of it; a side that says nothing stays as it is known. */
export function describedAnew<Type extends ActorTypeSetup>(
  type: Type,
  offered: BySide<readonly FieldMetadata[] | undefined>,
  at: string,
): Type {
  const { filter = [], defaults = [] } = type;
  const erpFields = offered.erp
    ? mergeMetadata(type.erpFields, storableFields(offered.erp), type.fields, [
        ...filter.map(({ field }) => field),
        ...defaults.map(({ erpField }) => erpField),
      ])
    : type.erpFields;
  const crmFields = offered.crm ? storableFields(offered.crm) : [...type.crmFields];
  return { ...type, erpFields, crmFields, drift: someDrift(driftBetween(type, { erpFields, crmFields }, at)) };
}
