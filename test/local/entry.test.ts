import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTime } from '../../local/leftovers.mjs';
import { bareCheckout, PYTHON } from './bare-checkout.ts';

const NEED_NODE = path.resolve(import.meta.dirname, '../../local/need-node.cjs');
const AT_IT = '/bin/sleep 60 & echo $! > child; echo at it; wait';

/** Runs an entry below another process, as npm does, and kills that one alone while a child of the entry is at work. */
async function killedAbove(folder: string, entry: string) {
  const npm = spawn('/bin/sh', ['-c', `"${process.execPath}" local/${entry}; :`], {
    cwd: folder,
    env: { PATH: path.join(folder, 'bin'), npm_lifecycle_event: 'x' },
    detached: true,
  });
  onTestFinished(() => {
    if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  });
  let said = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (text) => (said += text));
  while (!said.includes('at it')) await once(npm.stdout, 'data');
  npm.kill('SIGKILL');
  await once(npm, 'close');
  return { said, child: Number(readFileSync(path.join(folder, 'child'), 'utf8')) };
}

test('a start whose npm was killed ends its install, and starts nothing', async () => {
  const { folder } = bareCheckout({ python3: PYTHON, npm: AT_IT });
  const { said, child } = await killedAbove(folder, 'start.mjs');
  expect(said).toContain('Interrupted: the npm packages are not all there');
  await expect.poll(() => startTime(child)).toBe('');
});

test('tests whose npm was killed go on with nothing', async () => {
  const { folder } = bareCheckout({ python3: PYTHON });
  mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/node/bin/node'), `#!/bin/sh\n${AT_IT}\n`, { mode: 0o755 });
  writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  const { said, child } = await killedAbove(folder, 'test.mjs');
  expect(said).toContain('Interrupted in: type check. What was started is ended.');
  await expect.poll(() => startTime(child)).toBe('');
});

test('what a system that was killed left is ended with the start', async () => {
  const { folder, run } = bareCheckout({ python3: PYTHON });
  mkdirSync(path.join(folder, 'node_modules/node/bin'), { recursive: true });
  const system = `const { noteRunning } = await import('${folder}/local/leftovers.mjs');
const child = (await import('node:child_process')).spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' });
noteRunning(child.pid);
(await import('node:fs')).writeFileSync('child', String(child.pid));
process.kill(process.pid, 'SIGKILL');
`;
  writeFileSync(path.join(folder, 'system.mjs'), system);
  const node = `#!/bin/sh\nexec '${process.execPath}' system.mjs\n`;
  writeFileSync(path.join(folder, 'node_modules/node/bin/node'), node, { mode: 0o755 });
  writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  expect(run().status).toBe(137);
  expect(startTime(Number(readFileSync(path.join(folder, 'child'), 'utf8')))).toBe('');
});

test('a Node that is too old is one sentence, before anything else is read', () => {
  const onNode = (version: string) =>
    spawnSync(
      process.execPath,
      [
        '-e',
        `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(NEED_NODE)}); console.log('on')`,
      ],
      { encoding: 'utf8' },
    );
  expect(onNode('12.22.9')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'Node 20 or newer is needed, but this is Node 12.22.9.\n',
  });
  expect(onNode('20.0.0')).toMatchObject({ status: 0, stdout: 'on\n' });
});
