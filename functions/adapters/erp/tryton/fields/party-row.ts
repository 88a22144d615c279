import * as z from 'zod';
import type { RowStamp } from '../read/record.ts';
import { WireBoolean } from '../wire/models.ts';

/** Parts that Tryton composes the street from; while one is filled, the street's own text is not used. */
const streetParts = [
  'street_name',
  'building_name',
  'building_number',
  'unit_number',
  'floor_number',
  'room_number',
  'post_box',
  'private_bag',
  'post_office',
] as const;

/** `_write`: whether the record rules let the user change the row. */
const stampFields = ['_write', '_timestamp', 'last_modified_at', 'write_uid', 'create_uid'] as const;
const childFields = [...stampFields, 'active', 'sequence'] as const;

const Stamped = z.looseObject({
  id: z.number().int(),
  _write: WireBoolean,
  _timestamp: z.string(),
  last_modified_at: z.string(),
  write_uid: z.number().nullable(),
  create_uid: z.number().nullable(),
});
export type Stamped = z.infer<typeof Stamped>;

const text = z.string().nullable();
const Child = Stamped.extend({ active: WireBoolean, sequence: z.number().nullable() });

const AddressRow = Child.extend({
  street: text,
  postal_code: text,
  city: text,
  country: z.number().nullable(),
  /** Only where the invoicing and the stock module are active. */
  invoice: WireBoolean.nullish(),
  delivery: WireBoolean.nullish(),
  ...Object.fromEntries(streetParts.map((part): [string, typeof text] => [part, text])),
});
export type AddressRow = z.infer<typeof AddressRow>;

const ContactRow = Child.extend({ type: z.string(), value: text });
export type ContactRow = z.infer<typeof ContactRow>;

const IdentifierRow = Child.extend({ type: text, code: text });
export type IdentifierRow = z.infer<typeof IdentifierRow>;

/** One-to-many rows come under the field's name with a dot. */
export const PartyRow = Stamped.extend({
  active: WireBoolean,
  replaced_by: z.number().nullable(),
  name: text,
  code: text,
  'addresses.': z.array(AddressRow),
  'contact_mechanisms.': z.array(ContactRow),
  'identifiers.': z.array(IdentifierRow),
  /** Only where they are asked for. */
  'categories.': z.array(z.looseObject({ id: z.number(), name: text })).optional(),
  lang: z.number().nullish(),
  customer_payment_term: z.number().nullish(),
});
export type PartyRow = z.infer<typeof PartyRow>;

export const ProjectRow = Stamped.extend({ name: text, number: text, comment: text });
export type ProjectRow = z.infer<typeof ProjectRow>;

/** Which uses of an address this Tryton tells apart. */
export interface AddressUses {
  readonly invoice: boolean;
  readonly delivery: boolean;
}

/** `more`: fields of the party itself that not every connection maps, and not every Tryton has. */
export function partyReadFields(uses: AddressUses, more: readonly string[]): string[] {
  const uflags = (['invoice', 'delivery'] as const).filter((use) => uses[use]);
  const address = [...childFields, 'street', 'postal_code', 'city', 'country', ...streetParts, ...uflags];
  return [
    ...['name', 'code', 'active', 'replaced_by', ...stampFields],
    ...address.map((field) => `addresses.${field}`),
    ...[...childFields, 'type', 'value'].map((field) => `contact_mechanisms.${field}`),
    ...[...childFields, 'type', 'code'].map((field) => `identifiers.${field}`),
    ...more,
  ];
}

export const projectReadFields: readonly string[] = ['name', 'number', 'comment', ...stampFields];

export function isStructured(address: AddressRow): boolean {
  const fields: Readonly<Record<string, unknown>> = address;
  return streetParts.some((part) => typeof fields[part] === 'string' && fields[part].trim() !== '');
}

export function stampOf(model: string, row: Stamped): RowStamp {
  return {
    model,
    id: row.id,
    mayWrite: row._write,
    timestamp: row._timestamp,
    modifiedAtMs: Date.parse(row.last_modified_at),
    writerId: row.write_uid ?? row.create_uid,
  };
}

/** The active ones in Tryton's own order (trytond/model/order.py): those without a sequence first, then by it, then by id. */
export function inOrder<Row extends z.infer<typeof Child>>(rows: readonly Row[]): Row[] {
  const rank = (row: Row) => row.sequence ?? Number.NEGATIVE_INFINITY;
  return rows
    .filter((row) => row.active)
    .sort((one, other) => (rank(one) === rank(other) ? one.id - other.id : rank(one) < rank(other) ? -1 : 1));
}

/** A sequence that puts a new row behind all others, so that it does not take the place of a chosen one. */
export function lastSequence(rows: readonly z.infer<typeof Child>[]): number | null {
  const given = rows.map((row) => row.sequence).filter((sequence) => sequence !== null);
  return given.length === 0 ? null : Math.max(...given) + 1;
}
