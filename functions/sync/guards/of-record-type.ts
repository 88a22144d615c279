import { SyncError } from '../../core/errors.ts';

/** What is forbidden to a whole call is a missing right on its record type: an administrator mends it, no record does. */
export function ofRecordType(error: SyncError, recordType: string): SyncError {
  if (error.kind !== 'forbidden') return error;
  const { message, explanation } = error;
  return new SyncError('misconfigured', message, { cause: error, recordType, ...(explanation && { explanation }) });
}
