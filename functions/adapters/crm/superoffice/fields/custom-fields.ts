/**
 * The tenant's own fields, by their ProgId: the number of a field changes whenever its layout is published (spec 3.4). Of
 * every type that is read and written in one form; extra fields are left out, for nothing describes them. Items of lists are
 * read with their ids by themselves, as those of the CRM's own lists are (`read/item-rows.ts`).
 */
import * as z from 'zod';
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { readJson } from '../read/archive.ts';
import type { Session } from '../session/session.ts';
import type { CustomType } from './custom-values.ts';
import { plainName } from './plain-name.ts';
import type { RecordField, RecordType } from './record-types.ts';

const keyPrefix = 'udef:';
export const isCustomKey = (key: string) => key.startsWith(keyPrefix);

/** `api/reference/restful/rest/Contact/v1ContactEntity_GetPublishedUdefLayout.md`, as far as it is used. */
const Layout = z.array(
  z.object({
    ProgId: z.string(),
    FieldLabel: z.string().nullish(),
    FieldType: z.string(),
    IsMandatory: z.boolean().nullish(),
    IsReadOnly: z.boolean().nullish(),
    TextLength: z.number().nullish(),
    MdoListName: z.string().nullish(),
  }),
);
type Described = z.infer<typeof Layout>[number];

/**
 * The vendor's `UDefFieldType`, with its longest texts where a layout tells none (`api/reference/webapi`,
 * `SuperOffice.WebApi.Data.UDefFieldType`).
 */
const typesOf: Readonly<Record<string, { readonly type: CustomType; readonly maxLength?: number }>> = {
  ShortText: { type: 'text', maxLength: 39 },
  LongText: { type: 'text', maxLength: 199 },
  Number: { type: 'integer' },
  Decimal: { type: 'decimal' },
  Checkbox: { type: 'checkbox' },
  Date: { type: 'date' },
  UnlimitedDate: { type: 'date' },
  List: { type: 'list' },
};

/** It is named in lists of columns and in paths: one with other signs is not offered. */
const usableProgId = /^[\w.:-]{1,80}$/;

function fieldOf({ table }: RecordType, described: Described): RecordField[] {
  const { ProgId: progId, FieldType, FieldLabel, IsMandatory, IsReadOnly, TextLength, MdoListName } = described;
  const known = Object.hasOwn(typesOf, FieldType) ? typesOf[FieldType] : undefined;
  if (!known || !usableProgId.test(progId)) return [];
  const { type, maxLength = 0 } = known;
  if (type === 'list' && !MdoListName) return [];
  return [
    {
      metadata: {
        key: `${keyPrefix}${progId}`,
        label: plainName(FieldLabel || progId),
        type,
        listName: type === 'list' ? (MdoListName ?? undefined) : undefined,
        maxLength: type === 'text' ? TextLength || maxLength : 0,
        lengthUnit: 'utf16',
        access: IsReadOnly ? 'read-only' : IsMandatory ? 'mandatory' : 'normal',
        searchable: false,
      },
      column: `${table}Udef/${progId}`,
      spot: { at: 'custom', progId, type },
    },
  ];
}

/** Our user may not read the layout, or a CRM of another version does not know the call. */
const noLayout: readonly string[] = ['forbidden', 'missing', 'misconfigured'];

/** None where the CRM refuses twice to tell us of them, or has none: fields that seem gone by one odd answer would be drift. */
async function readCustomFields(session: Session, runtime: Runtime, recordType: RecordType): Promise<RecordField[]> {
  const path = `${recordType.entity}/UdefLayout/Published`;
  await session.ready();
  const read = async (orElse: () => Promise<{ json: unknown }>) => {
    try {
      return await readJson(session, runtime, { method: 'GET', path, ofRecords: true });
    } catch (error) {
      if (noLayout.includes(asSyncError(error).kind)) return orElse();
      throw error;
    }
  };
  const { json } = await read(() => read(async () => ({ json: [] })));
  const layout = Layout.safeParse(json);
  if (!layout.success) throw new SyncError('transient', `The CRM's answer to ${path} cannot be read.`);
  return layout.data.flatMap((described) => fieldOf(recordType, described));
}

const keptMs = 3_600_000;
/** A name that is not known is asked for anew, but not by everybody at once; before the engine believes that it is gone. */
const keptForUnknownMs = 5_000;

interface Known {
  readonly fields: Promise<readonly RecordField[]>;
  readonly sinceMs: number;
}

/** The record type with the tenant's own fields; asked for once an hour where one of them is used, and by each description. */
export function customFieldsReader(session: Session, runtime: Runtime) {
  const known = new Map<string, Known>();

  function readAnew(recordType: RecordType): Promise<readonly RecordField[]> {
    const fields = readCustomFields(session, runtime, recordType);
    known.set(recordType.type, { fields, sinceMs: runtime.nowMs() });
    fields.catch(() => known.delete(recordType.type));
    return fields;
  }

  async function fieldsFor(recordType: RecordType, keys: readonly string[]): Promise<readonly RecordField[]> {
    const before = known.get(recordType.type);
    const ageMs = before ? runtime.nowMs() - before.sinceMs : keptMs;
    if (!before || ageMs >= keptMs) return readAnew(recordType);
    const fields = await before.fields;
    const offered = new Set(fields.map(({ metadata }) => metadata.key));
    return keys.every((key) => offered.has(key)) || ageMs < keptForUnknownMs ? fields : readAnew(recordType);
  }

  return {
    /** `keys`: the fields that are to be used; absent: all are asked for. */
    async withCustom(recordType: RecordType, keys?: readonly string[]): Promise<RecordType> {
      const own = keys?.filter(isCustomKey);
      if (own?.length === 0) return recordType;
      return { ...recordType, fields: [...recordType.fields, ...(await fieldsFor(recordType, own ?? []))] };
    },

    /** As the CRM has them at this moment: who asks what it offers wants to know whether that has changed. */
    async withCustomNow(recordType: RecordType): Promise<RecordType> {
      return { ...recordType, fields: [...recordType.fields, ...(await readAnew(recordType))] };
    },
  };
}
