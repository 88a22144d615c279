// What must be on the machine before anything of the project can run. Plain JavaScript without packages:
// it runs on Node 20 in a fresh clone, where node_modules does not exist yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython } from './find-python.mjs';

const CHECKOUT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MODULES = path.join(CHECKOUT, 'node_modules');
const LOCK_FILE = path.join(CHECKOUT, 'package-lock.json');
const STAMP = path.join(MODULES, '.erp-sync-stamp');

/** The Node that the project runs on, from the npm package `node`. */
export const NODE = path.join(MODULES, 'node', 'bin', 'node');

/** Runs the work of an entry point; a failure becomes one sentence on stderr and exit code 1. */
export async function runEntry(/** @type {() => Promise<number>} */ work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Checks Node and Python, and installs the npm packages when the lock file says others than are there. */
export function setUp() {
  needNode();
  const python = findPython();
  if ('sentence' in python) throw new Error(python.sentence);
  needPackages();
}

/** A Node that can start the project's own. */
export function needNode() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node 20 or newer is needed, but this is Node ${process.versions.node}.`);
}

/** Installs the npm packages when the lock file says others than are there. */
export function needPackages() {
  if (!isInstalled()) install();
}

function isInstalled() {
  if (!existsSync(NODE)) return false;
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === wantedStamp();
  // Somebody ran npm themselves: npm writes this file at the end of each install.
  const ownLock = path.join(MODULES, '.package-lock.json');
  return existsSync(ownLock) && statSync(ownLock).mtimeMs >= statSync(LOCK_FILE).mtimeMs;
}

function install() {
  process.stdout.write('Installing the npm packages (npm ci) …\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: CHECKOUT,
    env: withoutOwnBinaries(),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.error) throw new Error(`npm could not be started (${result.error.message}): install npm beside Node.`);
  if (result.status !== 0)
    throw new Error(`npm ci failed with exit code ${result.status}; what npm wrote above says why.`);
  if (!existsSync(NODE))
    throw new Error(
      'npm ci left no Node 24 in node_modules/node/bin: its install script must be allowed to run (npm config get ignore-scripts).',
    );
  writeFileSync(STAMP, wantedStamp());
}

function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(LOCK_FILE))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
}

/** npm ci deletes node_modules, so it must not run on the Node that lives there (npm start puts it first). */
function withoutOwnBinaries() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(MODULES));
  return { ...process.env, PATH: folders.join(path.delimiter) };
}

/** The environment of everything that runs on the project's Node and tools. */
function ownEnvironment() {
  const folders = [path.dirname(NODE), path.join(MODULES, '.bin'), process.env.PATH ?? ''];
  return { ...process.env, PATH: folders.join(path.delimiter) };
}

/**
 * Runs a program in the checkout with the terminal of this one, hands signals on, and answers its exit code.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function handOver(command, args) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // Ctrl-C reaches the child through the terminal too; it has to bear being told twice.
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    // Before the child can say anything: whoever hears it may send a signal at once.
    for (const signal of signals) process.on(signal, forward);
    const child = spawn(command, args, { cwd: CHECKOUT, env: ownEnvironment(), stdio: 'inherit' });
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}.`)));
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
