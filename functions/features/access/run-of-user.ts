import { SyncError } from '../../core/errors.ts';
import type { AskedRun } from '../runs/trigger-run.ts';

/** A run that a user may ask for. */
export interface RunOfUser extends AskedRun {
  readonly scope: Extract<AskedRun['scope'], { readonly kind: 'links' | 'crm-record' }>;
}

/** SyncError `forbidden` for others. */
export function runOfUser(asked: AskedRun): RunOfUser {
  const { kind, scope, dryRun, force } = asked;
  const isNamed = scope.kind === 'links' || scope.kind === 'crm-record';
  if (kind === 'sync' && isNamed && !dryRun && !force) return { ...asked, scope };
  throw new SyncError(
    'forbidden',
    'The role user starts runs of kind sync over named links or a CRM record, without dryRun and force.',
  );
}
