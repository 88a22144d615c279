import { SyncError } from '../../core/errors.ts';
import type { Connection } from '../../core/model/connection.ts';

/** A suspended connection's ERP is left alone: a refused password is never tried a second time but by a test. */
export function refuseSuspended({ state }: Connection): void {
  if (state === 'suspended') {
    throw new SyncError('conflict', 'The connection is suspended: mend what stopped it, then test it.');
  }
}
