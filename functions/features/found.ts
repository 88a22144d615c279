import { SyncError } from '../core/errors.ts';

/** The thing, or SyncError `not-found`: the same for one that does not exist and one of another tenant. `offered`: what can be asked for. */
export function found<T>(thing: T | undefined, what: string, id: string, offered?: readonly string[]): T {
  if (thing !== undefined) return thing;
  const others = offered?.length ? ` There are ${offered.join(', ')}.` : '';
  throw new SyncError('not-found', `There is no ${what} ${id}.${others}`);
}
