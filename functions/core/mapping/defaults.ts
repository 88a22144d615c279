/**
 * Default values of new ERP actors, and the order in which the ERP tab shows fields. Pure. Attacked by
 * test/core/mapping/defaults.test.ts.
 */
import * as z from 'zod';
import type { FieldFault } from '../errors.ts';
import type { FieldMetadata, ListItem } from '../model/field.ts';
import { convertTo } from '../values/convert.ts';
import { isBlank } from '../values/value.ts';

/** What a new ERP actor gets in one field: a fixed value, what the user enters, or a value that the user may change. */
export const FieldDefault = z
  .strictObject({
    erpField: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'Key of the field in the ERP.', examples: ['COUNTRY'] }),
    value: z
      .union([z.string().min(1).max(4000), z.number(), z.boolean()])
      .optional()
      .meta({
        description: 'The fixed value, or with `ask` what is suggested; of a list the key of an item.',
        examples: ['151'],
      }),
    ask: z.boolean().default(false).describe('The user is asked for it.'),
    mandatory: z
      .boolean()
      .default(false)
      .describe('A new actor is not made without a value. What the ERP requires always is.'),
  })
  .meta({ id: 'DefaultValue', description: 'What a new ERP actor gets in one field.' });
export type FieldDefault = z.infer<typeof FieldDefault>;

/** The items of the ERP's lists, by list name; a list that is not there was not asked for. */
export type ItemsOfLists = ReadonlyMap<string, readonly ListItem[]>;

/** Whether a new actor can be given a value in this field. */
export function takesDefault({ access, type, missing }: FieldMetadata): boolean {
  return access !== 'read-only' && type !== 'label' && type !== 'password' && !missing;
}

export const noSuchItem = 'The list has no such item';

const unfit = {
  'too-long': 'Is too long for the field',
  other: 'Is no value of the type of the field',
} as const;

function valueFault(field: FieldMetadata, value: FieldDefault['value'], items: ItemsOfLists): string | undefined {
  if (value === undefined) return undefined;
  if (isBlank(value)) return 'Is blank: leave it out';
  if (field.type === 'list') {
    const offered = items.get(field.listName ?? '') ?? [];
    return offered.some(({ key }) => key === String(value)) ? undefined : noSuchItem;
  }
  const source: FieldMetadata = { ...field, key: '=', type: field.type, access: 'read-only' };
  const row = {
    erpField: field.key,
    crmField: '=',
    direction: 'toErp',
    showInSearch: false,
    showInErpTab: false,
  } as const;
  const conversion = convertTo('erp', { ...row, erp: field, crm: source }, value);
  if (conversion.ok) return undefined;
  return unfit[conversion.reason === 'too-long' ? 'too-long' : 'other'];
}

function faultsOf(
  field: FieldMetadata | undefined,
  given: FieldDefault,
  path: string,
  items: ItemsOfLists,
): FieldFault[] {
  if (!field) return [{ path: `${path}.erpField`, message: 'The ERP has no such field' }];
  if (!takesDefault(field)) {
    const message = field.missing
      ? 'The ERP no longer offers this field: leave its default out'
      : 'A new actor cannot be given a value in this field';
    return [{ path: `${path}.erpField`, message }];
  }
  const message = valueFault(field, given.value, items);
  const saysNothing = given.value === undefined && !given.ask && !given.mandatory;
  return [
    ...(message ? [{ path: `${path}.value`, message }] : []),
    ...(saysNothing ? [{ path, message: 'Give a value, ask for one, or make the field mandatory' }] : []),
  ];
}

/** Every fault of default values; a field has one at most. */
export function defaultFaults(
  erpFields: readonly FieldMetadata[],
  defaults: readonly FieldDefault[],
  items: ItemsOfLists,
): FieldFault[] {
  return defaults.flatMap((given, at) => {
    const path = `defaults[${at}]`;
    const first = defaults.findIndex(({ erpField }) => erpField === given.erpField);
    if (first < at) return [{ path: `${path}.erpField`, message: `Stands in defaults[${first}] too` }];
    return faultsOf(
      erpFields.find(({ key }) => key === given.erpField),
      given,
      path,
      items,
    );
  });
}

/** Fields in the order that people gave them; those that came since follow as the ERP has them, the missing ones last. */
export function inRankOrder(erpFields: readonly FieldMetadata[], order: readonly string[] = []): FieldMetadata[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = ({ key, missing }: FieldMetadata) => (missing ? order.length + 1 : (places.get(key) ?? order.length));
  return erpFields.toSorted((one, other) => placeOf(one) - placeOf(other)).map((field, rank) => ({ ...field, rank }));
}

/** Keys of the fields that the ERP offers, in that order. */
export function offeredInOrder(erpFields: readonly FieldMetadata[], order?: readonly string[]): string[] {
  return inRankOrder(erpFields, order).flatMap(({ key, missing }) => (missing ? [] : [key]));
}

/** Every fault of an order: it names each field once. */
export function orderFaults(erpFields: readonly FieldMetadata[], order: readonly string[]): FieldFault[] {
  const offered = erpFields.filter(({ missing }) => !missing).map(({ key }) => key);
  const wrong = order.flatMap((key, at) => {
    const path = `erpFields[${at}]`;
    if (!offered.includes(key)) return [{ path, message: 'The ERP has no such field' }];
    return order.indexOf(key) < at ? [{ path, message: 'Named before' }] : [];
  });
  const absent = offered.filter((key) => !order.includes(key));
  return [...wrong, ...absent.map((key) => ({ path: 'erpFields', message: `The field ${key} is not named` }))];
}
