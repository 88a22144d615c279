import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');

/** A checkout with the entry point only, and a folder for the PATH with the programs named. */
function checkout(programs: Record<string, string>) {
  const folder = temporaryFolder();
  for (const name of ['start.mjs', 'setup.mjs', 'find-python.mjs'])
    cpSync(path.join(CHECKOUT, 'local', name), path.join(folder, 'local', name));
  writeFileSync(path.join(folder, 'package-lock.json'), '{}');
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  for (const [name, script] of Object.entries(programs))
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const run = () =>
    spawnSync(process.execPath, ['local/start.mjs', '--once'], { cwd: folder, env: { PATH: bin }, encoding: 'utf8' });
  return { folder, run };
}

const PYTHON = 'echo "3.12.1 1 /usr/bin/python3"';

test('a missing Python is one sentence and a failure', () => {
  const { status, stderr } = checkout({}).run();
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Python 3.10 or newer is needed for the local AWS and the local ERP, but no python3 with its venv module was found on the PATH.\n',
  );
});

test('a Python that is too old is named with its version', () => {
  const { status, stderr } = checkout({ python3: 'echo "3.8.18 0 /usr/bin/python3"' }).run();
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Python 3.10 or newer is needed for the local AWS and the local ERP, but the Python on the PATH is 3.8.18.\n',
  );
});

test('a failing npm ci is one sentence and a failure', () => {
  const { status, stderr } = checkout({ python3: PYTHON, npm: 'exit 7' }).run();
  expect(status).toBe(1);
  expect(stderr).toBe('npm ci failed with exit code 7; what npm wrote above says why.\n');
});

test('a missing npm is one sentence and a failure', () => {
  const { status, stderr } = checkout({ python3: PYTHON }).run();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^npm could not be started \(.*\): install npm beside Node\.\n$/);
});

test('an install without the Node that the project runs on says what to look at', () => {
  const { status, stderr } = checkout({ python3: PYTHON, npm: 'exit 0' }).run();
  expect(status).toBe(1);
  expect(stderr).toContain('npm ci left no Node 24 in node_modules/node/bin');
});

test('packages are installed once, the arguments go through, and so does the exit code', () => {
  const fake =
    '/bin/mkdir -p node_modules/node/bin; /bin/cp fake-node node_modules/node/bin/node; echo installed >> log';
  const { folder, run } = checkout({ python3: PYTHON, npm: fake });
  writeFileSync(path.join(folder, 'fake-node'), '#!/bin/sh\necho "ran $*"\nexit 5\n', { mode: 0o755 });
  const first = run();
  expect([first.status, first.stderr]).toEqual([5, '']);
  expect(first.stdout).toContain('Installing the npm packages');
  expect(first.stdout).toContain('ran local/main.ts --once');
  expect(run().stdout).toBe('ran local/main.ts --once\n');
  writeFileSync(path.join(folder, 'package-lock.json'), '{"changed":true}');
  expect(run().stdout).toContain('Installing the npm packages');
});

test('a signal reaches the system and its exit code comes back', async () => {
  const { folder } = checkout({ python3: PYTHON });
  mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
  const system = '#!/bin/sh\ntrap "exit 9" TERM\necho up\nwhile :; do /bin/sleep 0.05; done\n';
  writeFileSync(path.join(folder, 'node_modules/node/bin/node'), system, { mode: 0o755 });
  writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), '{}');
  const start = spawn(process.execPath, ['local/start.mjs'], { cwd: folder, env: { PATH: path.join(folder, 'bin') } });
  let said = '';
  for await (const part of start.stdout) {
    said += String(part);
    if (said.includes('up')) break;
  }
  start.kill('SIGTERM');
  expect(await once(start, 'exit')).toEqual([9, null]);
});
