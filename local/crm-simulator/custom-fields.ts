import { invalid } from './api-error.ts';
import type { CustomChanges } from './custom-changes.ts';
import { plainDay } from './date-text.ts';
import { isJsonObject, type Json, type JsonObject, memberOf } from './json.ts';
import { listItemName, lists } from './lists.ts';
import type { StoredRecord, StoredValue } from './records.ts';
import type { ListName, RecordType } from './shapes.ts';

/**
 * The tenant's user-defined fields (spec 3.3, 3.4). Forms of values are those of the vendor's fixtures: days and checkboxes
 * are told differently by `CustomFields` and `UserDefinedFields`. A number and a checkbox have no blank.
 */
export type CustomField = {
  progId: string;
  label: string;
  type: 'ShortText' | 'LongText' | 'Number' | 'Decimal' | 'Checkbox' | 'Date' | 'List';
  /** Of a field of type `List` alone. */
  list?: ListName;
  readOnly?: true;
  mandatory?: true;
  /** Of a text, where it is not that of its type. */
  textLength?: number;
};

const longest = { ShortText: 40, LongText: 200 } as const;

export const customFields: Readonly<Record<RecordType, readonly CustomField[]>> = {
  company: [
    { progId: 'SuperOffice:1', label: 'Delivery terms', type: 'ShortText' },
    { progId: 'SuperOffice:2', label: 'Remarks', type: 'LongText' },
    { progId: 'SuperOffice:3', label: 'Employees', type: 'Number' },
    { progId: 'SuperOffice:4', label: 'Customer since', type: 'Date' },
    { progId: 'SuperOffice:6', label: 'Blocked', type: 'Checkbox' },
    { progId: 'SuperOffice:7', label: 'Segment', type: 'List', list: 'udlist7' },
    { progId: 'Acme.CreditLimit', label: 'Credit limit', type: 'Decimal' },
    { progId: 'Acme.Score', label: 'Score', type: 'Number', readOnly: true },
  ],
  person: [{ progId: 'SuperOffice:1', label: 'Badge', type: 'ShortText' }],
  project: [{ progId: 'SuperOffice:1', label: 'Approved on', type: 'Date' }],
};

/** As they are now. */
function customFieldsNow(type: RecordType, changes: CustomChanges): CustomField[] {
  return customFields[type].flatMap((field) => {
    const { gone, ...change } = changes[type]?.[field.progId] ?? {};
    return gone ? [] : [{ ...field, ...change }];
  });
}

function longestOf({ type, textLength }: CustomField): number {
  return type === 'ShortText' || type === 'LongText' ? (textLength ?? longest[type]) : 0;
}

export const customKey = ({ progId }: CustomField): string => `CustomFields/${progId}`;

/** Days are `yyyy-MM-dd`; of a list its item's id. */
export function customValue({ values }: StoredRecord, field: CustomField): string | number | boolean {
  const { type } = field;
  const value = values[customKey(field)];
  if (type === 'Checkbox') return value === true;
  if (type === 'Number' || type === 'Decimal' || type === 'List') return typeof value === 'number' ? value : 0;
  return typeof value === 'string' ? value : '';
}

/** In the layout that is being made, and in no record yet. */
const draft: CustomField = { progId: 'SuperOffice:9', label: 'Draft', type: 'ShortText' };

/** `GET {Entity}/UdefLayout` and `…/Published`; ids of fields change with every publish. */
export function udefLayout(type: RecordType, published: boolean, changes: CustomChanges): Json {
  return [...customFieldsNow(type, changes), ...(published ? [] : [draft])].map((field, at) => ({
    UDefFieldId: 1000 + at,
    ProgId: field.progId,
    FieldLabel: `US:"${field.label}"`,
    FieldType: field.type,
    IsMandatory: field.mandatory === true,
    IsReadOnly: field.readOnly === true,
    TextLength: longestOf(field),
    MdoListName: field.list ?? '',
    HasBeenPublished: field !== draft,
  }));
}

function usDay(day: string): string {
  const [year, month, date] = (day || '0001-01-01').split('-');
  return `${month}/${date}/${year} 00:00:00.0000000`;
}

function encoded(field: CustomField, value: string | number | boolean, as: 'custom' | 'user-defined'): string {
  if (field.type === 'Date') return `[${as === 'custom' ? 'DT' : 'D'}:${usDay(`${value}`)}]`;
  if (field.type === 'Checkbox' && as === 'user-defined') return value === true ? 'True' : 'False';
  if (field.type === 'Decimal') return `[F:${value}]`;
  return typeof value === 'string' ? value : `[I:${Number(value)}]`;
}

export function renderCustom(record: StoredRecord, as: 'custom' | 'user-defined', changes: CustomChanges): JsonObject {
  const fields = customFieldsNow(record.type, changes).flatMap((field): [string, Json][] => {
    const value = customValue(record, field);
    const companion = field.list && as === 'custom' ? listItemName(field.list, Number(value)) : undefined;
    return [
      [field.progId, encoded(field, value, as)],
      ...(companion === undefined ? [] : [[`${field.progId}:DisplayText`, companion] satisfies [string, Json]]),
    ];
  });
  return Object.fromEntries(fields);
}

function decoded(field: CustomField, sent: Json | undefined): StoredValue {
  const { progId, type, list, mandatory } = field;
  if (typeof sent !== 'string') throw invalid(`${progId} must be a text.`);
  if (type === 'ShortText' || type === 'LongText') {
    if (sent.length > longestOf(field)) throw invalid(`${progId} is longer than ${longestOf(field)} characters.`);
    if (mandatory && sent === '') throw invalid(`${progId} must be filled in.`);
    return sent;
  }
  if (type === 'Date') {
    if (sent === '') return '';
    const [, month, date, year] = /^\[DT:(\d{2})\/(\d{2})\/(\d{4}) 00:00:00(?:\.0+)?\]$/.exec(sent) ?? [];
    const day = plainDay(`${year}-${month}-${date}`);
    if (day === undefined) throw invalid(`${progId} is not a date.`);
    return year === '0001' ? '' : day;
  }
  const number = (type === 'Decimal' ? /^\[F:(-?\d+(?:\.\d+)?)\]$/ : /^\[I:(-?\d+)\]$/).exec(sent)?.[1];
  if (number === undefined) throw invalid(`${progId} is not a number.`);
  if (list !== undefined && number !== '0' && listItemName(list, Number(number)) === '')
    throw invalid(`${progId} ${number} does not exist.`);
  return type === 'Checkbox' ? number === '1' : Number(number);
}

/** What was written of them; a read-only one is refused. */
export function absorbCustom(
  type: RecordType,
  before: Json | undefined,
  after: Json | undefined,
  changes: CustomChanges,
) {
  if (!isJsonObject(before) || !isJsonObject(after)) return {};
  const changed = customFieldsNow(type, changes).filter(
    ({ progId }) => memberOf(before, progId) !== memberOf(after, progId),
  );
  const closed = changed.find(({ readOnly }) => readOnly);
  if (closed) throw invalid(`${closed.progId} is read-only.`);
  return Object.fromEntries(changed.map((field) => [customKey(field), decoded(field, memberOf(after, field.progId))]));
}

/** By ProgId, as people write them, items of lists by name; only those that hold something. */
export function flatCustom(record: StoredRecord): JsonObject {
  const held = customFields[record.type].map((field) => {
    const value = customValue(record, field);
    return [field.progId, field.list === undefined ? value : listItemName(field.list, Number(value))] as const;
  });
  return Object.fromEntries(held.filter(([, value]) => value !== '' && value !== 0 && value !== false));
}

export function writtenCustom(type: RecordType, sent: Json): Record<string, StoredValue> {
  if (!isJsonObject(sent)) throw invalid('custom must be an object.');
  return Object.fromEntries(
    Object.entries(sent).map(([progId, value]) => {
      const field = customFields[type].find((one) => one.progId === progId);
      const stored = field?.list && value !== '' ? lists[field.list].find(({ name }) => name === value)?.id : value;
      if (!field || stored === undefined || typeof stored === 'object')
        throw invalid(`There is no custom field '${progId}' of such a value.`);
      return [customKey(field), stored];
    }),
  );
}
