import type { FieldType, TextFormat } from '../../../../core/values/value.ts';

/** The parts of an address, by the ending of their field keys. */
export const addressParts = ['AD1', 'AD2', 'AD3', 'ZIP', 'CITY'] as const;
export type AddressPart = (typeof addressParts)[number];
export type AddressUse = 'POSTAL' | 'STREET';

/** Where a field's value lies in a party. */
export type PartySource =
  | { readonly at: 'name' | 'code' | 'firstName' | 'middleName' | 'lastName' | 'vatNumber' | 'country' }
  /** A row of a list that the party points to. */
  | { readonly at: 'item'; readonly name: 'lang' | 'customer_payment_term' }
  /** The one category beside those that make roles. */
  | { readonly at: 'category' }
  | { readonly at: 'contact'; readonly type: string }
  | { readonly at: 'address'; readonly use: AddressUse; readonly part: AddressPart };

/** A field offered for mapping. Keys in upper case are those of the baseline's automatic mapping. */
export interface FieldSpec {
  readonly key: string;
  readonly label: string;
  /** Tryton's label names something else, or less. Otherwise `label` is shown only where Tryton gives none. */
  readonly ownLabel?: true;
  readonly description?: string;
  /** Whose label and size it has. */
  readonly model: string;
  readonly name: string;
  /** Whose rights it has, where its value lies elsewhere. */
  readonly storedIn?: { readonly model: string; readonly name: string };
  readonly type: FieldType;
  readonly format?: TextFormat;
  readonly listName?: string;
  readonly readOnly?: true;
  /** Offered only where this Tryton has it: it belongs to a module. */
  readonly ofModule?: true;
  readonly searchable?: true;
  /** Fields that are parts of one stored value. */
  readonly group?: 'name' | 'postal-address' | 'street-address';
}

export interface PartyFieldSpec extends FieldSpec {
  readonly source: PartySource;
}

export interface ProjectFieldSpec extends FieldSpec {
  readonly name: 'name' | 'number' | 'comment';
}

/** The table and field that a value lies in: what the rights on it are asked of. */
export function storedIn({ model, name, storedIn: elsewhere }: FieldSpec): { model: string; name: string } {
  return elsewhere ?? { model, name };
}
