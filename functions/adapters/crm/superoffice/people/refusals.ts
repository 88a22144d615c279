import { SyncError } from '../../../../core/errors.ts';

/** Neither holds a word of the provider's or the CRM's. */
export function silent(retryAfterMs?: number): SyncError {
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new SyncError('transient', 'The identity provider or the CRM cannot be asked.', details);
}

export function refused(): SyncError {
  return new SyncError('unauthorised', 'The identity provider refused the sign-in.');
}
