import { SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { type Entity, isEntity } from '../fields/canonical.ts';
import type { RecordType } from '../fields/record-types.ts';
import { apiError, isNotFound, parseJson } from '../session/api-error.ts';
import { asReadFailure, type Session } from '../session/session.ts';
import { forbidden } from './archive.ts';

export function entityPath(recordType: RecordType, key: string): string {
  return `${recordType.entity}/${encodeURIComponent(key)}`;
}

/** One record as its entity, deleted or not; undefined if there is none; SyncError `forbidden` if it is not for us. */
export async function readEntity(
  session: Session,
  runtime: Runtime,
  path: string,
  zoneFree = false,
): Promise<Entity | undefined> {
  const answer = await session.call({ method: 'GET', path, zoneFree, ofRecords: true }).catch((error: unknown) => {
    throw asReadFailure(error);
  });
  if (answer.status === 403) throw forbidden(answer, path);
  if (isNotFound(answer)) return undefined;
  if (answer.status !== 200) throw apiError(answer, path, runtime.nowMs());
  const json = parseJson(answer.text);
  if (!isEntity(json)) throw new SyncError('transient', `The CRM's answer to ${path} cannot be read.`);
  return json;
}

/** Soft-deleted: a company's entity says so (spec 3.2). */
export function isDeletedEntity({ Deleted: mark }: Entity): boolean {
  return mark === true || (typeof mark === 'number' && mark !== 0);
}
