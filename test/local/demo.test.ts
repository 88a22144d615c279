import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ApiClient } from '../../local/api-client.ts';
import { commandsToTry } from '../../local/commands-to-try.ts';
import { type Run, waitForRuns } from '../../local/demo-runs.ts';
import { findConnection } from '../../local/demo-set-up.ts';
import { sessionText } from '../../local/first-session.ts';
import { paperOf } from '../../local/paper.ts';
import { temporaryFolder } from './temporary-folder.ts';

const unasked = () => Promise.reject(new Error('Not asked for here.'));

/** An API that answers every read with the same. */
function apiAnswering(answer: unknown): ApiClient {
  const answered = JSON.stringify(answer);
  const read = async () => JSON.parse(answered);
  return { request: unasked, post: unasked, replace: unasked, get: read, all: read };
}

const quiet = { step: () => {}, progress: () => {} };

const counters = {
  ...{ lookedAt: 39, writtenToCrm: 0, writtenToErp: 10, conflicts: 0 },
  ...{ rejected: 0, failed: 0, withheld: 29, callsToCrm: 1, callsToErp: 1 },
};

test.each(['done', 'done-with-failures', 'stopped-by-brake'] as const)(
  'a run that is %s is waited for no longer',
  async (state) => {
    const run: Run = { id: 'r', state, detecting: false, counters, lastProgressAt: '2026-11-27T09:00:00.000Z' };
    expect(await waitForRuns(apiAnswering(run), ['r'], 39, quiet)).toEqual(counters);
  },
);

test('the connection of the demo is found by its name, and by its books where somebody renamed it', async () => {
  const copy = { id: 'copy', name: 'Copy', state: 'inactive', config: { database: 'erp' } };
  const branch = { id: 'branch', name: 'Branch', state: 'active', config: { database: 'branch' } };
  const own = { id: 'own', name: 'Tryton of Noorderlicht Handel', state: 'active', config: { database: 'erp' } };
  expect(await findConnection(apiAnswering([copy, branch, own]))).toEqual(own);
  const renamed = { ...own, name: 'Books' };
  expect(await findConnection(apiAnswering([branch, renamed, copy]))).toEqual(renamed);
  expect(await findConnection(apiAnswering([branch]))).toBeUndefined();
});

test('who signs in is one of the users of the demo, and is told where they do not', () => {
  const signIn = (...args: string[]) =>
    spawnSync(process.execPath, ['local/identity-provider/sign-in.ts', ...args], {
      cwd: path.resolve(import.meta.dirname, '../..'),
      encoding: 'utf8',
    });
  expect(signIn('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('anna | tom | eva') });
  for (const args of [[], ['bob'], ['tom', 'eva']]) {
    const { status, stdout, stderr } = signIn(...args);
    expect([status, stdout, stderr.split('\n')[0]]).toEqual([2, '', 'Who signs in is one of anna, tom, eva.']);
  }
});

test('without a connection no command is printed that would ask for it', () => {
  const endpoints = {
    ...{ apiUrl: 'http://a', adminKey: 'k', serviceKey: 's', publicUrl: 'http://p', referenceUrl: 'http://r/' },
    ...{ crm: { url: 'http://c', tenant: 'Cust12345', controlUrl: 'http://d' }, crmUsers: [] },
    ...{ identityProviderUrl: 'http://i', awsEndpoint: 'http://w', region: 'eu-west-1' },
    erp: {
      ...{ kind: 'tryton' as const, url: 'http://e', database: 'erp', user: 'u', password: 'p' },
      connection: { user: 'c', password: 'p' },
    },
  };
  const folder = temporaryFolder();
  const nothing = { refused: false, conflict: false };
  const paper = paperOf({});
  const all = commandsToTry(folder, { ...endpoints, connectionId: 'c' }, { refused: true, conflict: true }, paper);
  expect(all).toContain(`ERP_SYNC_STATE=${folder}; . local/session.sh\n\n${sessionText()}`);
  const settled = commandsToTry(folder, { ...endpoints, connectionId: 'c' }, nothing, paper);
  expect(settled).toContain('run sync');
  expect(settled).not.toMatch(/api conflicts|erp party/);
  const without = commandsToTry(folder, { ...endpoints, connectionId: '' }, nothing, paper);
  expect(without).toContain('API       http://a/v1');
  expect(without).toContain('npm run --silent sign-in -- tom');
  expect(without).not.toContain('session.sh');
});

test('README has the steps that are printed, in lines of 80 characters', () => {
  const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
  expect(readme).toContain(`\n\`\`\`sh\n. local/session.sh\n\`\`\`\n\n\`\`\`sh\n${sessionText()}\n\`\`\`\n`);
  for (const line of sessionText().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
