/** CPU seconds that this process took for the work, all its threads. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Measured runs; those before them warm the program up. */
const measuredRuns = 5;
const warmUpRuns = 2;

/** Does the work over and over; what the warm-up found is thrown away. */
export async function repeat<Found>(run: () => Promise<Found>, warmUps = warmUpRuns): Promise<Found[]> {
  for (let at = 0; at < warmUps; at += 1) await run();
  const found: Found[] = [];
  for (let at = 0; at < measuredRuns; at += 1) {
    globalThis.gc?.();
    found.push(await run());
  }
  return found;
}
