/** The words of shell that people are given to try the demo with: local/session.sh and docs/administrator.md. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/administrator.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text ?? '');

function inShell(words: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'session-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const endpoints = {
    apiUrl: 'http://x',
    connectionId: 'c',
    crm: { controlUrl: 'y' },
    erp: { url: 'z' },
    adminKey: 'k',
  };
  writeFileSync(path.join(folder, 'endpoints.json'), JSON.stringify({ ...endpoints, ...{ serviceKey: 's' } }));
  const env = { ...process.env, ERP_SYNC_STATE: folder };
  return spawnSync('bash', ['-c', words], { cwd: root, env, encoding: 'utf8' });
}

const helpers = commands[0] ?? '';

test.each([
  ['local/session.sh', '. local/session.sh 2>/dev/null', 'field'],
  ['docs/administrator.md', helpers, 'get'],
])('in %s, what an answer does not have is said with the answer, and no run is followed', (_, source, word) => {
  const words = `${source}\necho '{"items":[]}' | ${word} 'items[0].id' || follow ''\necho "$?"`;
  const { stdout, stderr } = inShell(words);
  expect(stdout.trim()).toBe('1');
  expect(stderr.trim()).toBe('No items[0].id in the answer: {"items":[]}');
});

test.each([
  ['local/session.sh', '. local/session.sh 2>/dev/null', 'field'],
  ['docs/administrator.md', helpers, 'get'],
])('in %s, what is asked of an answer may have quotes', (_, source, word) => {
  const asked = `items.find(({ id }) => id === 'b').name`;
  const { stdout } = inShell(`${source}\necho '{"items":[{"id":"b","name":"B"}]}' | ${word} "${asked}"`);
  expect(stdout.trim()).toBe('B');
});

test('without a system the words of the first session say so once', () => {
  const { status, stdout, stderr } = inShell('ERP_SYNC_STATE=/nowhere; . local/session.sh');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'There is no /nowhere/endpoints.json: npm start does not run in this folder, or is not ready yet.\n',
  );
});

test('what is pasted before zsh knows of comments has none', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(readme).toContain('```sh\n. local/session.sh\n```\n');
  expect(helpers).not.toMatch(/(^|\s)#/);
  for (const words of [helpers, readFileSync(path.join(root, 'local/session.sh'), 'utf8')])
    expect(words).toMatch(/^\[ -z "\$\{ZSH_VERSION:-\}" \] \|\| setopt interactivecomments$/m);
});

test('the jobs of docs/administrator.md leave no file in the checkout, which the linter would read', () => {
  const all = commands.join('\n');
  const written = [...all.matchAll(/(?:(?<!=)> ?|tee )(\w[\w.-]*)/g)].map(([, file]) => file);
  expect(written.filter((file) => !all.includes(`rm ${file}`))).toEqual([]);
});
