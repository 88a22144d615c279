import { SyncError } from '../core/errors.ts';
import type { Caller } from './api-keys/authenticate.ts';

/** The revisions that a caller may have seen, from If-Match; `any` matches whatever there is. */
export type IfMatch = readonly number[] | 'any';

/** A thing of a tenant, as its caller read it. */
export interface AsRead {
  readonly caller: Caller;
  readonly id: string;
  readonly ifMatch: IfMatch;
}

/** SyncError `precondition` if the thing has been changed since the caller read it. */
export function expectRevision(revision: number, ifMatch: IfMatch): void {
  if (ifMatch !== 'any' && !ifMatch.includes(revision)) throw changedMeanwhile();
}

export function changedMeanwhile(): SyncError {
  return new SyncError(
    'precondition',
    'If-Match does not name what is there now: read it, and repeat the change with the ETag of that answer.',
  );
}

/** For actions, which carry no If-Match: two of them met. */
export function changedAtOnce(what: string): SyncError {
  return new SyncError('stale', `The ${what} was changed at the same time: try again.`);
}
