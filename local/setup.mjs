// What must be on the machine before anything of the project can run. This and what it imports is plain JavaScript without
// packages: it runs on Node 20 in a fresh clone, where node_modules does not exist yet.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE, CHECKOUT, moduleFile, NODE } from './checkout.mjs';
import { findPython } from './find-python.mjs';
import { installPackages } from './install-packages.mjs';
import { inTurn } from './install-turn.mjs';
import { endLeftovers } from './leftovers.mjs';
import { underServers } from './under-servers.mjs';

const LOCK_FILE = path.join(CHECKOUT, 'package-lock.json');
const STAMP = moduleFile('.erp-sync-stamp');

/** Looks for Python, and installs the npm packages when the lock file says others than are there. */
export async function setUp() {
  const python = findPython();
  if ('sentence' in python) throw new Error(python.sentence);
  await needPackages(process.stdout);
}

/**
 * Installs the npm packages when the lock file says others than are there.
 * @param {NodeJS.WriteStream} [output] not where a program's answer goes
 */
export async function needPackages(output = process.stderr) {
  if (isInstalled()) return;
  const tell = (/** @type {string} */ line) => output.write(`${line}\n`);
  await inTurn(
    path.join(CACHE, 'installing'),
    async () => {
      if (isInstalled()) return;
      endLeftovers();
      const inUse = underServers('npm packages');
      if (inUse) throw new Error(inUse);
      await installPackages(output, tell);
      writeFileSync(STAMP, wantedStamp());
    },
    (holder) => tell(`Waiting for process ${holder}, which installs the npm packages …`),
  );
}

function isInstalled() {
  if (!existsSync(NODE)) return false;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()) return true;
  // Somebody ran npm themselves, or brought the folder from another checkout.
  return areThere();
}

function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(LOCK_FILE))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
}

/** npm writes down what it has installed at the end of each install; packages of other machines are not among it. */
function areThere() {
  try {
    const there = packagesIn(moduleFile('.package-lock.json'));
    return Object.entries(packagesIn(LOCK_FILE)).every(
      ([name, { version, optional }]) => name === '' || there[name]?.version === version || (optional && !there[name]),
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
