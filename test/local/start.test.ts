import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteRunning, startTime, thisProcess } from '../../local/leftovers.mjs';
import { bareCheckout, PYTHON } from './bare-checkout.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');

test('a missing Python is one sentence and a failure', () => {
  const { status, stderr } = bareCheckout({}).run();
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Python 3.10 or newer is needed for the local AWS and the local ERP, but no python3 with its venv module was found on the PATH.\n',
  );
});

test('a Python that is too old is named with its version', () => {
  const { status, stderr } = bareCheckout({ python3: 'echo "3.8.18 0 /usr/bin/python3"' }).run();
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Python 3.10 or newer is needed for the local AWS and the local ERP, but the Python on the PATH is 3.8.18.\n',
  );
});

test('a failing npm ci is one sentence and a failure', () => {
  const { status, stderr } = bareCheckout({ python3: PYTHON, npm: 'exit 7' }).run();
  expect(status).toBe(1);
  expect(stderr).toBe('npm ci failed with exit code 7; what npm wrote above says why.\n');
});

test('a missing npm is one sentence and a failure', () => {
  const { status, stderr } = bareCheckout({ python3: PYTHON }).run();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^npm could not be started \(.*\): install npm beside Node\.\n$/);
});

test('an install without the Node that the project runs on says what to look at', () => {
  const { status, stderr } = bareCheckout({ python3: PYTHON, npm: 'exit 0' }).run();
  expect(status).toBe(1);
  expect(stderr).toContain('npm ci left no Node 24 in node_modules/node/bin');
});

test('packages are installed once, the arguments go through, and so does the exit code', () => {
  const fake =
    '/bin/mkdir -p node_modules/node/bin; /bin/cp fake-node node_modules/node/bin/node; echo installed >> log';
  const { folder, run } = bareCheckout({ python3: PYTHON, npm: fake });
  writeFileSync(path.join(folder, 'fake-node'), '#!/bin/sh\necho "ran $*"\nexit 5\n', { mode: 0o755 });
  const first = run();
  expect([first.status, first.stderr]).toEqual([5, '']);
  expect(first.stdout).toContain('Installing the npm packages');
  expect(first.stdout).toContain('ran --import ./local/tell-load-failure.mjs local/main.ts --once');
  expect(run().stdout).toBe('ran --import ./local/tell-load-failure.mjs local/main.ts --once\n');
  writeFileSync(path.join(folder, 'package-lock.json'), '{"changed":true}');
  expect(run().stdout).toContain('Installing the npm packages');
});

test('the time that is told begins at the command, installing included', () => {
  const fake = '/bin/sleep 0.3; /bin/mkdir -p node_modules/node/bin; /bin/cp fake-node node_modules/node/bin/node';
  const { folder, run } = bareCheckout({ python3: PYTHON, npm: fake });
  writeFileSync(path.join(folder, 'fake-node'), '#!/bin/sh\necho "since $ERP_SYNC_COMMAND_AT_MS"\n', { mode: 0o755 });
  const beforeMs = Date.now();
  const [, since] = /since (\S+)/.exec(run().stdout) ?? [];
  expect(Number(since)).toBeGreaterThan(beforeMs - 100);
  expect(Number(since)).toBeLessThan(Date.now() - 300);
});

test('packages are not replaced under servers that run on them', () => {
  const { folder, run } = bareCheckout({ python3: PYTHON, npm: 'echo installed' });
  const server = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  const noteEnded = noteRunning(server.pid, { folder, checkout: path.join(folder, 'local/.state-cache') });
  const refused = run();
  expect([refused.status, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toBe(
    `This version needs other npm packages, and process ${process.pid} has servers running on those of before: stop it first (Ctrl-C where it was started, or kill ${process.pid}).\n`,
  );
  noteEnded();
  expect(run().stdout).toContain('installed');
});

test('a signal reaches the system and its exit code comes back', async () => {
  const { folder } = bareCheckout({ python3: PYTHON });
  mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
  const system = '#!/bin/sh\ntrap "exit 9" TERM\necho up\nwhile :; do /bin/sleep 0.05; done\n';
  writeFileSync(path.join(folder, 'node_modules/node/bin/node'), system, { mode: 0o755 });
  writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  const start = spawn(process.execPath, ['local/start.mjs'], { cwd: folder, env: { PATH: path.join(folder, 'bin') } });
  let said = '';
  for await (const part of start.stdout) {
    said += String(part);
    if (said.includes('up')) break;
  }
  start.kill('SIGTERM');
  expect(await once(start, 'exit')).toEqual([9, null]);
});

test('options are read before anything is looked at or installed', () => {
  const { run } = bareCheckout({});
  const help = run(['local/start.mjs', '--help']);
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Usage: npm start -- [options]');
  expect(run(['local/start.mjs', '--onec'])).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^There is no option --onec\.\n\nUsage: npm start /),
  });
  const taken = run(['local/start.mjs'], { npm_config_once: 'true' });
  expect([taken.status, taken.stderr]).toEqual([
    1,
    'npm kept --once to itself, for options need a -- before them: npm start -- --once\n',
  ]);
});

test('a tool in a fresh clone is installed first, and only its own answer goes to standard output', () => {
  const npm =
    '/bin/mkdir -p node_modules/node/bin node_modules/.bin; /bin/cp fake node_modules/node/bin/node; /bin/cp fake node_modules/.bin/tsc';
  const { folder, run } = bareCheckout({ npm });
  writeFileSync(path.join(folder, 'fake'), '#!/bin/sh\necho "ran $*"\nexit 3\n', { mode: 0o755 });
  const tsc = run(['local/run-tool.mjs', 'tsc', '--noEmit']);
  expect([tsc.status, tsc.stdout]).toEqual([3, 'ran --noEmit\n']);
  expect(tsc.stderr).toContain('Installing the npm packages');
  expect(run(['local/run-tool.mjs', 'cli/tenant.ts', 'create']).stdout).toBe(
    'ran --import ./local/tell-load-failure.mjs cli/tenant.ts create\n',
  );
  expect(run(['local/run-tool.mjs', 'tsc', '--help']).stdout).toBe('ran --help\n');
  const taken = run(['local/run-tool.mjs', 'cli/config.ts', 'plan', 'x.yaml'], { npm_config_file: 'true' });
  expect(taken.stderr).toMatch(/: npm run config -- plan --file FILE\n$/);
});

test('an install that is interrupted ends npm and what that started', async () => {
  const { folder } = bareCheckout({ python3: PYTHON, npm: '/bin/sleep 60 & echo $! > child; echo at it; wait' });
  const start = spawn(process.execPath, ['local/start.mjs'], { cwd: folder, env: { PATH: path.join(folder, 'bin') } });
  let said = '';
  for await (const part of start.stdout) {
    said += String(part);
    if (said.includes('at it')) break;
  }
  start.kill('SIGTERM');
  expect(await once(start, 'exit')).toEqual([130, null]);
  const child = Number(readFileSync(path.join(folder, 'child'), 'utf8'));
  await expect.poll(() => startTime(child)).toBe('');
});

test('every npm script takes the place of its shell, which would keep signals to itself, and runs on Node 20', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8'));
  for (const [name, script] of Object.entries(scripts))
    expect(`${name}: ${script}`).toMatch(/: exec node -r \.\/local\/need-node\.cjs local\/(start|test|run-tool)\.mjs/);
});

test('npm test that is interrupted goes on with nothing and ends what it started', async () => {
  const { folder } = bareCheckout({ python3: PYTHON });
  mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
  const tsc = '#!/bin/sh\n/bin/sleep 60 & echo $! > child; echo up; wait\n';
  writeFileSync(path.join(folder, 'node_modules/node/bin/node'), tsc, { mode: 0o755 });
  writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  const run = spawn(process.execPath, ['local/test.mjs'], { cwd: folder, env: { PATH: path.join(folder, 'bin') } });
  let said = '';
  run.stderr.on('data', (text) => (said += text));
  run.stdout.on('data', (text) => (said += text));
  while (!said.includes('up')) await once(run.stdout, 'data');
  run.kill('SIGINT');
  expect(await once(run, 'exit')).toEqual([130, null]);
  expect(said).toContain('Interrupted in: type check. What was started is ended.');
  expect(said).not.toContain('Biome');
  const child = Number(readFileSync(path.join(folder, 'child'), 'utf8'));
  await expect.poll(() => startTime(child)).toBe('');
});

test('npm test that waits for the install of another is ended by a signal', async () => {
  const { folder } = bareCheckout({ python3: PYTHON });
  const cache = path.join(folder, 'local/.state-cache');
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'installing'), JSON.stringify(thisProcess()));
  const run = spawn(process.execPath, ['local/test.mjs'], { cwd: folder, env: { PATH: path.join(folder, 'bin') } });
  onTestFinished(() => void run.kill('SIGKILL'));
  const [said] = await once(run.stdout, 'data');
  expect(String(said)).toContain(`Waiting for process ${process.pid}, which installs the npm packages`);
  run.kill('SIGINT');
  expect(await once(run, 'exit')).toEqual([null, 'SIGINT']);
});

test('npm test says what it takes and runs nothing where it is asked for more', () => {
  const { run } = bareCheckout({});
  expect(run(['local/test.mjs', '--help'])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout, stderr } = run(['local/test.mjs', 'unit']);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^npm test takes no options or files \(unit\)\./);
});

test('where the home folder is not there and cannot be made, one of the checkout stands in for it', () => {
  const { folder, run } = bareCheckout({ python3: PYTHON, npm: 'echo "home: $HOME"; exit 1' });
  const said = (HOME: string) => run(['local/start.mjs'], { HOME }).stdout;
  expect(said('/proc/nobody')).toContain(`home: ${path.join(folder, 'local/.state-cache/home')}\n`);
  expect(said(folder)).toContain(`home: ${folder}\n`);
});
