/** Whether work ends in so many milliseconds; the better of two tries counts, for a machine may pause. */
export function decidesWithin(boundMs: number, work: () => unknown): boolean {
  for (let tries = 0; tries < 2; tries += 1) {
    const begun = performance.now();
    work();
    if (performance.now() - begun < boundMs) return true;
  }
  return false;
}
