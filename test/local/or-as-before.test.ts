import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isCutOff, noteCutOff } from '../../local/cut-off.ts';
import { deploymentNote } from '../../local/deploy.ts';
import { asBefore, orAsBefore } from '../../local/or-as-before.ts';
import { temporaryFolder } from './temporary-folder.ts';

function stateFolder() {
  const folder = temporaryFolder();
  const file = path.join(folder, 'aws', 'state', 'dynamodb.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'links');
  writeFileSync(deploymentNote(folder), 'the stack before');
  return { folder, file };
}

test('a deployment that fails leaves the data and the note of the stack as they were', async () => {
  const { folder, file } = stateFolder();
  const deployment = orAsBefore(folder, async () => {
    rmSync(deploymentNote(folder));
    writeFileSync(file, 'half');
    writeFileSync(path.join(folder, 'aws', 'state', 'sqs.json'), 'new');
    throw new Error('no such action');
  });
  await expect(deployment).rejects.toThrow('no such action');
  expect(readFileSync(file, 'utf8')).toBe('links');
  expect(readdirSync(path.join(folder, 'aws', 'state'))).toEqual(['dynamodb.json']);
  expect(readFileSync(deploymentNote(folder), 'utf8')).toBe('the stack before');
  expect([readdirSync(folder).sort(), isCutOff(folder)]).toEqual([['aws', 'deployed.json'], false]);
});

test('what a server of a deployment that failed may not have stored is put back, and so is no loss', async () => {
  const { folder, file } = stateFolder();
  const deployment = orAsBefore(folder, async () => {
    writeFileSync(file, 'half');
    noteCutOff(folder);
    throw new Error('it ended');
  });
  await expect(deployment).rejects.toThrow('it ended');
  expect([readFileSync(file, 'utf8'), isCutOff(folder)]).toEqual(['links', false]);
});

test('a deployment that was killed has not happened, and is done again', async () => {
  const { folder, file } = stateFolder();
  const killed = temporaryFolder();
  await orAsBefore(folder, async () => {
    writeFileSync(file, 'half');
    writeFileSync(deploymentNote(folder), 'the stack after');
    cpSync(folder, killed, { recursive: true });
  });
  asBefore(killed);
  expect(readFileSync(path.join(killed, 'aws', 'state', 'dynamodb.json'), 'utf8')).toBe('links');
  expect(readdirSync(killed)).toEqual(['aws']);
});

test('a copy that was not whole, or that was being taken away, is none', async () => {
  const { folder, file } = stateFolder();
  mkdirSync(path.join(folder, 'aws-before.part'));
  asBefore(folder);
  expect(readFileSync(file, 'utf8')).toBe('links');
  await orAsBefore(folder, async () => expect(existsSync(path.join(folder, 'aws-before.part'))).toBe(false));
  asBefore(folder);
  expect(readdirSync(folder).sort()).toEqual(['aws', 'deployed.json']);
});

test('a deployment that works is kept, and so is the first', async () => {
  const { folder, file } = stateFolder();
  expect(await orAsBefore(folder, async () => writeFileSync(file, 'more'))).toBe(undefined);
  expect(readFileSync(file, 'utf8')).toBe('more');
  expect(existsSync(path.join(folder, 'aws-before'))).toBe(false);
  const first = temporaryFolder();
  await expect(orAsBefore(first, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(first)).toEqual([]);
});
