import type { FieldMetadata } from '../model/field.ts';
import { type Side, sides } from '../model/side.ts';
import type { ActorTypeMapping } from './mapping.ts';
import { constantSource } from './transform.ts';

/** An item of a list that a constant or a restriction names by its key. */
export interface NamedItem {
  readonly side: Side;
  readonly listName: string;
  readonly item: string;
  /** Where it stands in the mapping. */
  readonly path: string;
}

interface Described {
  readonly erpFields: readonly FieldMetadata[];
  readonly crmFields: readonly FieldMetadata[];
}

type Named = Pick<ActorTypeMapping, 'fields' | 'filter'>;

function listOf(type: Described, side: Side, key: string): string | undefined {
  const fields = side === 'erp' ? type.erpFields : type.crmFields;
  const field = fields.find((one) => one.key === key);
  return field?.type === 'list' && !field.missing ? field.listName : undefined;
}

function namedIn(type: Described, { fields, filter = [] }: Named): NamedItem[] {
  const ofField = (side: Side, key: string, value: unknown, path: string): NamedItem[] => {
    const listName = listOf(type, side, key);
    return listName === undefined ? [] : [{ side, listName, item: String(value), path }];
  };
  const constants = fields.flatMap(({ constant, erpField, crmField }, at) =>
    constant === undefined
      ? []
      : sides.flatMap((side) => {
          const key = side === 'erp' ? erpField : crmField;
          return key === constantSource ? [] : ofField(side, key, constant, `fields[${at}].constant`);
        }),
  );
  const restrictions = filter.flatMap(({ field, values }, at) =>
    values.flatMap((value, place) => ofField('erp', field, value, `filter[${at}].values[${place}]`)),
  );
  return [...constants, ...restrictions];
}

/** Items that a mapping names and the one before did not: what is gone from its list since may stay as it is. */
export function newlyNamed(type: Described, mapping: Named, before: Named): NamedItem[] {
  const keyOf = ({ side, listName, item }: NamedItem) => JSON.stringify([side, listName, item]);
  const known = new Set(namedIn(type, before).map(keyOf));
  return namedIn(type, mapping).filter((one) => !known.has(keyOf(one)));
}
