import type { AddressFieldName, AddressPartName, Field, RecordType } from './shapes.ts';
import { addressFieldNames, shapes } from './shapes.ts';

export type Element = { value: string; description: string };
export type AddressPart = Record<AddressFieldName, string>;
export type StoredAddress = Partial<Record<AddressPartName, AddressPart>>;

/** Ids (list item, country, owner, company) are numbers, 0 = none; dates are `yyyy-MM-dd`, '' = none. */
export type StoredValue = string | number | boolean | Element[] | StoredAddress;

export type StoredRecord = {
  type: RecordType;
  id: number;
  createdMs: number;
  updatedMs: number;
  createdBy: number;
  updatedBy: number;
  deletedMs: number | null;
  values: Record<string, StoredValue>;
};

/** What the CRM keeps of a merge: the one record is gone, the other has taken its place. */
export type Merge = { type: RecordType; from: number; into: number; atMs: number };

export type Database = {
  records: Record<RecordType, Map<number, StoredRecord>>;
  nextId: Record<RecordType, number>;
  merges: Merge[];
};

export function emptyDatabase(): Database {
  return {
    records: { company: new Map(), person: new Map(), project: new Map() },
    nextId: { company: 1, person: 1, project: 1 },
    merges: [],
  };
}

export function emptyAddressPart(): AddressPart {
  return Object.fromEntries(addressFieldNames.map((name) => [name, ''])) as AddressPart;
}

function emptyValue(field: Field): StoredValue {
  if (field.kind === 'text' || field.kind === 'date') return '';
  if (field.kind === 'flag') return false;
  if (field.kind === 'elements') return [];
  if (field.kind === 'address') return Object.fromEntries(field.parts.map((part) => [part, emptyAddressPart()]));
  return 0;
}

export function emptyValues(type: RecordType): Record<string, StoredValue> {
  return Object.fromEntries(Object.entries(shapes[type].fields).map(([key, field]) => [key, emptyValue(field)]));
}

/** The record unless it is unknown or purged; soft-deleted ones are found. */
export function findRecord(database: Database, type: RecordType, id: number): StoredRecord | undefined {
  return database.records[type].get(id);
}

export function putRecord(database: Database, record: StoredRecord): void {
  database.records[record.type].set(record.id, record);
  database.nextId[record.type] = Math.max(database.nextId[record.type], record.id + 1);
}

export function allRecords(database: Database, type: RecordType): StoredRecord[] {
  return [...database.records[type].values()].sort((a, b) => a.id - b.id);
}

export const textValue = (record: StoredRecord, key: string): string => {
  const value = record.values[key];
  return typeof value === 'string' ? value : '';
};
export const numberValue = (record: StoredRecord, key: string): number => {
  const value = record.values[key];
  return typeof value === 'number' ? value : 0;
};
export const flagValue = (record: StoredRecord, key: string): boolean => record.values[key] === true;
export const elementsValue = (record: StoredRecord, key: string): Element[] => {
  const value = record.values[key];
  return Array.isArray(value) ? value : [];
};
export const addressPart = (record: StoredRecord, part: AddressPartName): AddressPart => {
  const value = record.values.Address;
  const address = typeof value === 'object' && !Array.isArray(value) ? value : {};
  return address[part] ?? emptyAddressPart();
};
