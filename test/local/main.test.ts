import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { usage } from '../../local/main-options.mjs';
import { openState } from '../../local/state.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');

function main(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['local/main.ts', ...args], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('help says every option and starts nothing', () => {
  const { status, stdout, stderr } = main('--help');
  expect([status, stderr]).toEqual([0, '']);
  for (const option of ['--once', '--fresh', '--state', '--aws-port']) expect(stdout).toContain(option);
});

test('an option that there is not is named, with those that there are, and a failure', () => {
  const { status, stderr } = main('--onec=3');
  expect(status).toBe(1);
  expect(stderr).toBe(`There is no option --onec.\n\n${usage}\n`);
});

test('a taken port is one sentence and a failure, and nothing is started', async () => {
  const folder = temporaryFolder();
  const port = await takenPort();
  const { status, stdout, stderr } = main('--state', folder, '--erp-port', String(port));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `Port ${port}, asked for the local ERP, is taken by another program: stop that program or ask for another port.\n`,
  );
  expect(existsSync(path.join(folder, 'running'))).toBe(false);
});

test('a second system of one state folder is refused and the first goes on', async () => {
  const folder = temporaryFolder();
  const state = await openState({ folder });
  const files = readdirSync(folder);
  const { status, stderr } = main('--state', folder, '--once');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^The system of this checkout is running already \(process \d+\): .*\n$/);
  expect(readdirSync(folder)).toEqual(files);
  state.close({ clean: true });
});
