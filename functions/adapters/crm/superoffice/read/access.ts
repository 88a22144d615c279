import { asSyncError } from '../../../../core/errors.ts';
import { allAllowed, type RecordAccess } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { RecordType } from '../fields/record-types.ts';
import { rightsIn } from '../fields/rights.ts';
import type { Session } from '../session/session.ts';
import { readArchive } from './archive.ts';
import { entityPath, readEntity } from './read-entity.ts';

async function unlessForbidden<Read>(read: Promise<Read>): Promise<Read | undefined> {
  try {
    return await read;
  } catch (error) {
    if (asSyncError(error).kind === 'forbidden') return undefined;
    throw error;
  }
}

/**
 * Our user's rights on a record type, as one of its entities tells them: there is no other place (spec 3.3). Without a
 * record that we may see, nothing is said. `apart` names records that are known to be closed to us.
 */
export async function readAccess(
  session: Session,
  runtime: Runtime,
  recordType: RecordType,
  apart: readonly string[] = [],
): Promise<RecordAccess> {
  const { key } = recordType.columns;
  const listed = await unlessForbidden(
    readArchive(session, runtime, {
      provider: recordType.provider,
      entities: recordType.entities,
      select: [key],
      filter: `${key} gt 0`,
      orderBy: key,
      top: apart.length + 1,
    }),
  );
  if (!listed) return { read: false, write: false, unreadable: [], unwritable: [] };
  const id = listed.rows.map((row) => String(row[key])).find((one) => !apart.includes(one));
  if (id === undefined) return allAllowed;
  const entity = await unlessForbidden(readEntity(session, runtime, entityPath(recordType, id)));
  return entity ? rightsIn(entity, recordType) : allAllowed;
}
