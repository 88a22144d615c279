import { SyncError } from '../core/errors.ts';

/** The thing, or SyncError `not-found`: the same for one that does not exist and one of another tenant. */
export function found<T>(thing: T | undefined, what: string, id: string): T {
  if (thing === undefined) throw new SyncError('not-found', `There is no ${what} ${id}.`);
  return thing;
}
