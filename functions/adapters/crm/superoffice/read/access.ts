import { asSyncError } from '../../../../core/errors.ts';
import { allAllowed, type RecordAccess } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { RecordType } from '../fields/record-types.ts';
import { rightsIn } from '../fields/rights.ts';
import type { Session } from '../session/session.ts';
import { readArchive } from './archive.ts';
import { entityPath, readEntity } from './read-entity.ts';

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
  const { rows } = await readArchive(session, runtime, {
    provider: recordType.provider,
    entities: recordType.entities,
    select: [key],
    filter: `${key} gt 0`,
    orderBy: key,
    top: apart.length + 1,
  });
  const id = rows.map((row) => String(row[key])).find((one) => !apart.includes(one));
  if (id === undefined) return allAllowed;
  const entity = await readEntity(session, runtime, entityPath(recordType, id)).catch((error: unknown) => {
    if (asSyncError(error).kind === 'forbidden') return undefined;
    throw error;
  });
  return entity ? rightsIn(entity, recordType) : allAllowed;
}
