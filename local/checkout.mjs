import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MODULES = path.join(CHECKOUT, 'node_modules');

/** What is made once per checkout. */
export const CACHE = path.join(CHECKOUT, 'local', '.state-cache');

/** Of a file in node_modules. */
export const moduleFile = (/** @type {string} */ name) => path.join(MODULES, name);

/** The Node that the project runs on, from the npm package `node`. */
export const NODE = path.join(MODULES, 'node', 'bin', 'node');

/** Path of a program that a package installed. */
export const tool = (/** @type {string} */ name) => path.join(MODULES, '.bin', name);

/** npm ci deletes node_modules, so it must not run on the Node that lives there (npm start puts it first). */
export function withoutOwnBinaries() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(MODULES));
  return { ...process.env, ...home(), PATH: folders.join(path.delimiter) };
}

/** The environment of everything that runs on the project's Node and tools. */
export function ownEnvironment() {
  const folders = [path.dirname(NODE), path.join(MODULES, '.bin'), process.env.PATH ?? ''];
  return { ...process.env, ...home(), PATH: folders.join(path.delimiter) };
}

/** npm and cdk make their home where there is none, and try for ever where that cannot be made (below /proc). */
function home() {
  if (existsSync(homedir())) return {};
  const HOME = path.join(CACHE, 'home');
  mkdirSync(HOME, { recursive: true });
  return { HOME };
}
