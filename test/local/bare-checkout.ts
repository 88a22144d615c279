import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A Python that is new enough. */
export const PYTHON = 'echo "3.12.1 1 /usr/bin/python3"';
const CHECKOUT = path.resolve(import.meta.dirname, '../..');

/** A checkout with what runs before the packages are there only, and a folder for the PATH with the programs named. */
export function bareCheckout(programs: Record<string, string>) {
  const folder = temporaryFolder();
  for (const name of globSync(['local/*.mjs', 'local/*.cjs', '{cli,bench,local/*,test/*}/*-usage.mjs'], {
    cwd: CHECKOUT,
  }))
    cpSync(path.join(CHECKOUT, name), path.join(folder, name));
  writeFileSync(path.join(folder, 'package-lock.json'), '{"packages":{}}');
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  for (const [name, script] of Object.entries(programs))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const run = (args = ['local/start.mjs', '--once'], env = {}) =>
    spawnSync(process.execPath, args, { cwd: folder, env: { PATH: bin, ...env }, encoding: 'utf8' });
  return { folder, run };
}
