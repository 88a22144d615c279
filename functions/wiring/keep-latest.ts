/**
 * Instances kept between invocations: one per owner, made anew when its version changes. The owner that was not asked
 * for the longest goes first when there are too many; an instance that could not be made is not kept.
 */
export function keepLatest<T>({ maxOwners }: { readonly maxOwners: number }) {
  const kept = new Map<string, { readonly version: string; readonly instance: Promise<T> }>();
  return (owner: string, version: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(owner);
    kept.delete(owner);
    const entry = known?.version === version ? known : { version, instance: make() };
    kept.set(owner, entry);
    entry.instance.catch(() => {
      if (kept.get(owner) === entry) kept.delete(owner);
    });
    for (const oldest of kept.keys()) {
      if (kept.size <= maxOwners) break;
      kept.delete(oldest);
    }
    return entry.instance;
  };
}
