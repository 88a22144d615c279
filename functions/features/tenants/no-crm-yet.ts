import { SyncError } from '../../core/errors.ts';

/** For what needs the tenant's CRM, while its settings name none. */
export function noCrmYet(): SyncError {
  return new SyncError('conflict', 'The tenant has no CRM settings yet.');
}
