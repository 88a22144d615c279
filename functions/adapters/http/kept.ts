/** Something asked of a remote system once and used until it is no longer good. */
export interface Kept<T> {
  /** Concurrent callers share the asking; what could not be had is asked for anew by the next. */
  get(): Promise<T>;
  /** Forgets it if it is still the one that was used; without one, whichever there is. */
  drop(used?: Promise<T>): void;
}

export function kept<T>(ask: () => Promise<T>): Kept<T> {
  let current: Promise<T> | undefined;
  const drop = (used?: Promise<T>): void => {
    if (used === undefined || current === used) current = undefined;
  };
  return {
    get() {
      if (current) return current;
      const asked = ask();
      current = asked;
      asked.catch(() => drop(asked));
      return asked;
    },
    drop,
  };
}
