/** @type {NodeJS.Signals[]} */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The person said stop. */
export class Interruption extends Error {}
const INTERRUPTED = 130;
const STARTER = process.ppid;

/** Runs the work of an entry point; a failure becomes one sentence on stderr and exit code 1. */
export async function runEntry(/** @type {() => Promise<number>} */ work) {
  // Where nobody reads on (`| head`), what was begun is brought to its end all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  stopWithNpm();
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof Interruption ? INTERRUPTED : 1;
  }
}

/** Where npm, which started this, is killed, nobody else would stop it. Without npm it may run alone on purpose. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === STARTER) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 1_000);
  timer.unref();
}
