import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteCutOff } from '../../local/cut-off.ts';
import { noteRunning, startTime } from '../../local/leftovers.mjs';
import { isFree } from '../../local/ports.ts';
import { type Endpoints, openState } from '../../local/state.ts';
import { temporaryFolder } from './temporary-folder.ts';

const endpoints: Endpoints = {
  apiUrl: 'http://127.0.0.1:1',
  adminKey: 'a',
  serviceKey: 's',
  crm: { url: 'http://127.0.0.1:2', tenant: 'Cust12345', controlUrl: 'http://127.0.0.1:3' },
  crmUsers: [{ user: 'anna', password: 'demo' }],
  identityProviderUrl: 'http://127.0.0.1:6',
  publicUrl: 'http://127.0.0.1:7',
  erp: {
    ...{ kind: 'tryton', url: 'http://127.0.0.1:4', database: 'erp', user: 'u', password: 'p' },
    connection: { user: 'c', password: 'p' },
  },
  awsEndpoint: 'http://127.0.0.1:5',
  region: 'eu-west-1',
  connectionId: 'c',
  referenceUrl: 'http://127.0.0.1:6/',
};

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

test('the first start finds nothing and gets seven different free ports', async () => {
  const state = await openState({ folder: temporaryFolder() });
  expect(state.found).toBe('nothing');
  const ports = Object.values(state.ports);
  expect(new Set(ports).size).toBe(7);
  for (const port of ports) expect(await isFree(port)).toBe(true);
  state.close({ clean: true });
});

test('after a clean stop data and ports are kept', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  writeFileSync(path.join(folder, 'data'), 'x');
  first.close({ clean: true });
  const second = await openState({ folder });
  expect(second.found).toBe('kept');
  expect(second.ports).toEqual(first.ports);
  expect(existsSync(path.join(folder, 'data'))).toBe(true);
  second.close({ clean: true });
});

test('data that an earlier version kept gets a port for what that did not know, and keeps the others', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  const { reference, ...known } = first.ports;
  writeFileSync(path.join(folder, 'ports.json'), JSON.stringify(known));
  const second = await openState({ folder, ports: { reference } });
  expect(second).toMatchObject({ found: 'kept', ports: known });
  expect(second.ports.reference).toBe(reference);
  second.close({ clean: true });
});

test('without the mark of a clean stop the data is thrown away', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  writeFileSync(path.join(folder, 'data'), 'x');
  first.beginUse();
  first.writeEndpoints(endpoints);
  first.close({ clean: false });
  const second = await openState({ folder });
  expect(second.found).toBe('unclean');
  expect(existsSync(path.join(folder, 'data'))).toBe(false);
  second.close({ clean: true });
});

test('a start that ends before any server runs leaves the data as it is', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  writeFileSync(path.join(folder, 'data'), 'x');
  first.close({ clean: true });
  const failed = await openState({ folder });
  failed.close({ clean: false });
  const third = await openState({ folder });
  expect(third.found).toBe('kept');
  expect(existsSync(path.join(folder, 'data'))).toBe(true);
  third.beginUse();
  third.close({ clean: false });
  expect((await openState({ folder })).found).toBe('unclean');
});

test('a deployment onto stored data that was killed leaves that data', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  for (const [name, text] of [
    ['aws', 'half'],
    ['aws-before', 'whole'],
  ] as const) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'data'), text);
  }
  const second = await openState({ folder });
  expect([second.found, readFileSync(path.join(folder, 'aws', 'data'), 'utf8')]).toEqual(['kept', 'whole']);
  second.close({ clean: true });
});

test('a first start that never was whole is told from one that was not stopped in order', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.beginUse();
  first.close({ clean: false });
  expect((await openState({ folder: temporaryFolder() })).found).toBe('nothing');
  expect((await openState({ folder })).found).toBe('unfinished');
});

test('data of a server that was killed at work is not kept, however the others were stopped', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.beginUse();
  first.writeEndpoints(endpoints);
  noteCutOff(folder);
  first.close({ clean: true });
  const second = await openState({ folder });
  expect(second.found).toBe('unclean');
  second.close({ clean: true });
  expect((await openState({ folder })).found).toBe('kept');
});

test('a fresh start forgets the data', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  writeFileSync(path.join(folder, 'data'), 'x');
  first.close({ clean: true });
  const second = await openState({ folder, fresh: true });
  expect(second.found).toBe('forgotten');
  expect(existsSync(path.join(folder, 'data'))).toBe(false);
  second.close({ clean: true });
});

test('a second system in one folder is refused with the number of the first', async () => {
  const folder = temporaryFolder();
  const state = await openState({ folder });
  await expect(openState({ folder })).rejects.toThrow(
    `running already (process ${process.pid}): stop it with Ctrl-C where it was started, or anywhere with kill ${process.pid}, or`,
  );
  state.close({ clean: true });
});

test('a port taken since is named, and the data is there for the next try', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  const server = createServer().listen(first.ports.erp, '127.0.0.1');
  await once(server, 'listening');
  await expect(openState({ folder })).rejects.toThrow(
    `Port ${first.ports.erp}, where the local ERP of this checkout listens, is taken by another program`,
  );
  server.close();
  await once(server, 'close');
  const again = await openState({ folder });
  expect(again.found).toBe('kept');
  again.close({ clean: true });
});

test('a fresh start goes around a taken port', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  await occupy(first.ports.aws);
  const second = await openState({ folder, fresh: true });
  expect(second.ports.aws).not.toBe(first.ports.aws);
  expect(second.ports.erp).toBe(first.ports.erp);
  second.close({ clean: true });
});

test('a folder that an earlier version kept gets the ports that it does not know', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  const { pages: _pages, identityProvider: _provider, ...known } = first.ports;
  writeFileSync(path.join(folder, 'ports.json'), JSON.stringify(known));
  const second = await openState({ folder });
  expect(second.found).toBe('kept');
  expect(second.ports).toMatchObject(known);
  expect(new Set(Object.values(second.ports)).size).toBe(7);
  second.close({ clean: true });
});

test('endpoints are written for scripts and gone after the stop', async () => {
  const folder = temporaryFolder();
  const state = await openState({ folder });
  state.writeEndpoints(endpoints);
  const file = path.join(folder, 'endpoints.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(endpoints);
  state.close({ clean: true });
  expect(existsSync(file)).toBe(false);
});

test('servers that a killed start left running are ended, others with the same number are not', async () => {
  const folder = temporaryFolder();
  const sleeper = () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const leftover = sleeper();
  const stranger = sleeper();
  onTestFinished(() => void stranger.kill('SIGKILL'));
  noteRunning(leftover.pid, { folder, checkout: temporaryFolder() });
  const pid = stranger.pid ?? 0;
  writeFileSync(path.join(folder, 'running', '1.json'), JSON.stringify({ pid, startedAt: 'another time' }));
  const ended = once(leftover, 'exit');
  const state = await openState({ folder });
  await ended;
  expect(startTime(pid)).not.toBe('');
  state.close({ clean: true });
});

test('a folder that is not of a start is not emptied, and nothing is left in it', async () => {
  const folder = temporaryFolder();
  for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) writeFileSync(path.join(folder, name), 'x');
  for (const fresh of [false, true]) {
    await expect(openState({ folder, fresh })).rejects.toThrow(
      `The folder ${folder} holds other things than the data of a start (a.txt, b.txt, c.txt, …), which would be lost`,
    );
  }
  expect(readdirSync(folder)).toEqual(['a.txt', 'b.txt', 'c.txt', 'd.txt']);
});

test('a folder that cannot be made is said at once, and so is a file of that name', async () => {
  await expect(openState({ folder: '/proc/erp-sync/state' })).rejects.toThrow(
    'The folder /proc/erp-sync for the data cannot be made (ENOENT): name another by --state.',
  );
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(openState({ folder: path.join(file, 'state') })).rejects.toThrow(`The folder ${file} for the data`);
  const folder = path.join(temporaryFolder(), 'some', 'where');
  (await openState({ folder })).close({ clean: true });
  expect(existsSync(folder)).toBe(true);
});

test('a folder that a start was emptying when it was killed is still that of a start', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  writeFileSync(path.join(folder, 'data'), 'x');
  first.close({ clean: false });
  rmSync(path.join(folder, 'ports.json'));
  const second = await openState({ folder });
  expect([second.found, existsSync(path.join(folder, 'data'))]).toEqual(['nothing', false]);
  second.close({ clean: true });
});

test('where the file of ports was cut off the data is made anew', async () => {
  for (const fresh of [false, true]) {
    const folder = temporaryFolder();
    (await openState({ folder })).close({ clean: true });
    writeFileSync(path.join(folder, 'ports.json'), '');
    const second = await openState({ folder, fresh });
    expect(second.found).toBe(fresh ? 'forgotten' : 'unclean');
    second.close({ clean: true });
    expect((await openState({ folder })).found).toBe('kept');
  }
});

test('ports that cannot be written leave those of before', async () => {
  const folder = temporaryFolder();
  const first = await openState({ folder });
  first.close({ clean: true });
  // As a full disk does it: the file is there, and nothing can be put into it.
  mkdirSync(path.join(folder, 'ports.json.new'));
  await expect(openState({ folder })).rejects.toThrow();
  rmSync(path.join(folder, 'ports.json.new'), { recursive: true });
  const second = await openState({ folder });
  expect(second).toMatchObject({ found: 'kept', ports: first.ports });
  second.close({ clean: true });
});
