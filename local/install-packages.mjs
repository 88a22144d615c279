import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { CHECKOUT, NODE, withoutOwnBinaries } from './checkout.mjs';
import { Interruption, SIGNALS } from './entry.mjs';
import { endGroup, noteRunning } from './leftovers.mjs';
import { signOfLife } from './sign-of-life.mjs';

/** Less is free only for a moment. */
const FULL_BYTES = 20_000_000;
/** npm may wait for ever where nothing more can be written. */
const FULL_FOR_MS = 3_000;

/**
 * @param {NodeJS.WriteStream} output
 * @param {(line: string) => void} tell
 * @param {() => number} [free] bytes on the disk
 */
export async function installPackages(output, tell, free = freeBytes) {
  tell('Installing the npm packages (npm ci) …');
  const full = new AbortController();
  const space = watchSpace(free, () => full.abort());
  const alive = signOfLife('Installing the npm packages', { tell });
  const code = await npmCi(output, full.signal).finally(() => {
    alive.end();
    space.end();
  });
  if (code !== 0)
    throw new Error(`npm ci failed with exit code ${code}; ${space.wasFull() || 'what npm wrote above says why.'}`);
  if (!existsSync(NODE))
    throw new Error(`npm ci left no Node 24 in node_modules/node/bin: ${space.wasFull() || whyNoNode()}`);
}

/**
 * It leads a group, so that an interruption ends it with all that it started.
 * @param {NodeJS.WriteStream} output
 * @param {AbortSignal} signal ends it
 * @returns {Promise<number>} its exit code
 */
function npmCi(output, signal) {
  return new Promise((resolve, reject) => {
    const end = () => child.pid !== undefined && endGroup(child.pid);
    const interrupt = () => {
      end();
      reject(new Interruption('Interrupted: the npm packages are not all there; the next start installs them.'));
    };
    // Before npm can say anything: whoever hears it may send a signal at once.
    for (const name of SIGNALS) process.on(name, interrupt);
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: CHECKOUT,
      env: withoutOwnBinaries(),
      stdio: ['ignore', output, 'inherit'],
      detached: true,
      shell: process.platform === 'win32',
    });
    const noteEnded = noteRunning(child.pid);
    signal.addEventListener('abort', end);
    const settle = () => {
      for (const name of SIGNALS) process.off(name, interrupt);
      signal.removeEventListener('abort', end);
      noteEnded();
    };
    child.on('error', (error) => {
      settle();
      reject(new Error(`npm could not be started (${error.message}): install npm beside Node.`));
    });
    child.on('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/** npm may be content although a script of a package brought nothing. */
function whyNoNode() {
  const asked = spawnSync('npm', ['config', 'get', 'ignore-scripts'], { cwd: CHECKOUT, encoding: 'utf8' });
  return asked.stdout?.trim() === 'false'
    ? 'its install script brought none (npm rebuild node --foreground-scripts says why).'
    : 'its install script must be allowed to run (npm config get ignore-scripts).';
}

/**
 * npm gives errors of its own for a full disk, and makes room again when it gives up: so it is watched meanwhile.
 * @param {() => number} free
 * @param {() => void} staysFull
 */
function watchSpace(free, staysFull) {
  let least = free();
  let roomAtMs = performance.now();
  const timer = setInterval(() => {
    const now = free();
    least = Math.min(least, now);
    if (now >= FULL_BYTES) roomAtMs = performance.now();
    else if (performance.now() - roomAtMs > FULL_FOR_MS) staysFull();
  }, 100);
  timer.unref();
  return {
    end: () => clearInterval(timer),
    wasFull: () => (least < FULL_BYTES ? `the disk was full: about 1 GB is needed in ${CHECKOUT}.` : ''),
  };
}

function freeBytes() {
  const { bavail, bsize } = statfsSync(CHECKOUT);
  return bavail * bsize;
}
