import { putLast } from '../core/put-last.ts';

/**
 * Instances kept between invocations: one per owner, made anew when its version changes. The owner that was not asked
 * for the longest goes first when there are too many; an instance that could not be made is not kept.
 */
export function keepLatest<T>({ maxOwners }: { readonly maxOwners: number }) {
  const kept = new Map<string, { readonly version: string; readonly instance: Promise<T> }>();
  return (owner: string, version: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(owner);
    const entry = known?.version === version ? known : { version, instance: make() };
    putLast(kept, owner, entry, maxOwners);
    entry.instance.catch(() => {
      if (kept.get(owner) === entry) kept.delete(owner);
    });
    return entry.instance;
  };
}
