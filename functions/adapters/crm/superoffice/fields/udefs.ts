import * as z from 'zod';
import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { readJson } from '../read/archive.ts';
import type { Session } from '../session/session.ts';
import { plainName } from './plain-name.ts';
import { progIdIn, type RecordField, type RecordType, udefField } from './record-types.ts';

/** A user-defined field in the layout of its record type (spec 3.4). */
const Udef = z.object({
  ProgId: z.string(),
  FieldLabel: z.string().nullish(),
  MdoListName: z.string().nullish(),
  HasBeenPublished: z.boolean().nullish(),
});

/** Our user may not read it, or a CRM of another version does not know the call. */
const noLayout: readonly string[] = ['forbidden', 'missing', 'misconfigured'];

/**
 * User-defined fields of a record type that hold items of a list; other kinds are not offered. A tenant whose user may not
 * read the layout has none for us.
 */
export async function udefListFields(
  session: Session,
  runtime: Runtime,
  recordType: RecordType,
): Promise<RecordField[]> {
  const path = `${recordType.entity}/UdefLayout`;
  const layout = await readJson(session, runtime, { method: 'GET', path, ofRecords: true }).catch((error: unknown) => {
    if (noLayout.includes(asSyncError(error).kind)) return { json: [] };
    throw error;
  });
  const fields = z.array(Udef).safeParse(layout.json);
  if (!fields.success) throw new SyncError('transient', `The CRM's layout of ${recordType.entity} cannot be read.`);
  return fields.data.flatMap(({ ProgId, FieldLabel, MdoListName, HasBeenPublished }) => {
    if (!MdoListName || HasBeenPublished === false) return [];
    const made = udefField(recordType, ProgId, { label: plainName(FieldLabel || ProgId), listName: MdoListName });
    return progIdIn(made.metadata.key) === undefined ? [] : [made];
  });
}
