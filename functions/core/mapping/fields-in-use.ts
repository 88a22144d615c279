/**
 * The fields of an actor type that its mapping, filter and defaults name: all that the engine reads of what both systems
 * describe. Pure. Attacked by test/core/mapping/fields-in-use.test.ts.
 */
import type { BySide } from '../model/by-side.ts';
import type { ActorTypeSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { Side } from '../model/side.ts';
import { type FieldMapping, isMapped } from './mapping.ts';
import { writesSide } from './writes-side.ts';

type Described = Pick<ActorTypeSetup, 'fields' | 'filter' | 'defaults'>;

function namedBy({ filter = [], defaults = [] }: Described, rows: readonly FieldMapping[]) {
  return {
    erp: new Set([
      ...rows.map(({ erpField }) => erpField),
      ...filter.map(({ field }) => field),
      ...defaults.map(({ erpField }) => erpField),
    ]),
    crm: new Set(rows.map(({ crmField }) => crmField)),
  };
}

/** Keys of the fields whose values travel, or decide what does; a constant's `=` is no field and among them. */
export function keysInUse(type: Described) {
  return namedBy(type, type.fields.filter(isMapped));
}

/** Keys of the fields that something may be written to: by a row that goes that way, in the ERP by a default too. */
export function keysWritten({ fields, defaults = [] }: Described): BySide<ReadonlySet<string>> {
  const rowsTo = (side: Side) => fields.filter(({ direction }) => writesSide(direction, side));
  return {
    erp: new Set([...rowsTo('erp').map(({ erpField }) => erpField), ...defaults.map(({ erpField }) => erpField)]),
    crm: new Set(rowsTo('crm').map(({ crmField }) => crmField)),
  };
}

function withoutDescription({ description: _forPeople, ...field }: FieldMetadata): FieldMetadata {
  return field;
}

/** What both systems say of the fields that a row, the filter or a default names, without what only people read. */
export function fieldsInUse(
  type: Described & Pick<ActorTypeSetup, 'erpFields' | 'crmFields'>,
): Pick<ActorTypeSetup, 'erpFields' | 'crmFields'> {
  const named = namedBy(type, type.fields);
  return {
    erpFields: type.erpFields.filter(({ key }) => named.erp.has(key)).map(withoutDescription),
    crmFields: type.crmFields.filter(({ key }) => named.crm.has(key)).map(withoutDescription),
  };
}
