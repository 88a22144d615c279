import { statSync } from 'node:fs';

/** Nobody is left without a word for longer. */
const EVERY_MS = 20_000;

/**
 * @typedef {object} SignOfLifeOptions
 * @property {(line: string) => void} [tell]
 * @property {string} [logFile] grows while the work gets on
 * @property {{ ms: number, hangs(): void }} [silence] called once when the log has not grown for so long
 * @property {number} [everyMs]
 */

/**
 * Says every 20 s that something is still being done, and notices when it seems to hang.
 * @param {string} what
 * @param {SignOfLifeOptions} options
 * @returns {{ end(): void }} to be called when it is done
 */
export function signOfLife(what, { tell = () => {}, logFile, silence, everyMs = EVERY_MS }) {
  const startedAtMs = performance.now();
  let size = sizeOf(logFile);
  let grewAtMs = startedAtMs;
  let saidAtMs = startedAtMs;
  const look = () => {
    const nowMs = performance.now();
    const newSize = sizeOf(logFile);
    if (newSize !== size) grewAtMs = nowMs;
    size = newSize;
    if (nowMs - saidAtMs >= everyMs) {
      saidAtMs = nowMs;
      const where = logFile === undefined ? '' : ` (${logFile})`;
      tell(`${what}: still at it after ${((nowMs - startedAtMs) / 1000).toFixed(0)} s${where}`);
    }
    if (silence && nowMs - grewAtMs >= silence.ms) {
      clearInterval(timer);
      silence.hangs();
    }
  };
  const timer = setInterval(look, Math.min(1_000, everyMs, silence?.ms ?? everyMs));
  timer.unref();
  return { end: () => clearInterval(timer) };
}

function sizeOf(/** @type {string | undefined} */ file) {
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
