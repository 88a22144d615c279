/**
 * Whether work takes at most so many milliseconds of this thread's computing time: how long it waits for a processor says
 * nothing of it. The better of two tries counts, for compiling and collecting garbage come at any time.
 */
export function decidesWithin(boundMs: number, work: () => unknown): boolean {
  for (let tries = 0; tries < 2; tries += 1) {
    const begun = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(begun);
    if ((user + system) / 1_000 < boundMs) return true;
  }
  return false;
}
