import { appendFileSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lastReason } from '../../local/last-reason.ts';
import { runCommand } from '../../local/run-command.ts';
import { signOfLife } from '../../local/sign-of-life.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('the reason is the last line that begins with an error, without colours', () => {
  expect(
    lastReason('Error: first\n\u001b[31mTypeError: second\u001b[0m\n    at file.ts:1\nexited with error 1\n'),
  ).toBe('TypeError: second');
  expect(lastReason('✘ [ERROR] Could not resolve "x"\nSubprocess exited with error 1')).toBe(
    '✘ [ERROR] Could not resolve "x"',
  );
});

test('without such a line the reason is the last that speaks of a failure, else the last', () => {
  expect(lastReason('❌ Stack failed: no\nsee the log\n')).toBe('❌ Stack failed: no');
  expect(lastReason('one\ntwo\n\n')).toBe('two');
  expect(lastReason('')).toBe('');
});

test('a command that fails is one sentence with the reason and the log', async () => {
  const cwd = temporaryFolder();
  const logFile = `${cwd}/logs/x.log`;
  const script = 'console.log("Error: out of paper"); process.exit(4)';
  await expect(
    runCommand({ purpose: 'Printing', command: process.execPath, args: ['-e', script], env: {}, cwd, logFile }),
  ).rejects.toThrow(`Printing failed (exit 4): Error: out of paper (all of it: ${logFile})`);
});

test('the answer of a command stays out of its log', async () => {
  const cwd = temporaryFolder();
  const logFile = `${cwd}/logs/x.log`;
  const script = 'console.log("a key"); console.error("made it")';
  const answer = await runCommand({
    ...{ purpose: 'Asking', command: process.execPath, args: ['-e', script], env: {}, cwd, logFile },
    answers: true,
  });
  expect([answer, readFileSync(logFile, 'utf8')]).toEqual(['a key\n', 'made it\n']);
});

test('a syntax error is said with its code and place, as Node and esbuild word it', () => {
  const node =
    'node:internal/x:1\n\nfile:///here/lib/app.ts:16\nconst = 3;\n      ^\n\nSyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Unexpected token `=`.\n    at x (node:1:2)\n\nlib/app.ts: Subprocess exited with error 1\n';
  expect(lastReason(node)).toBe(
    'SyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Unexpected token `=`. (/here/lib/app.ts:16)',
  );
  expect(lastReason(node.replace('/here/', '/h%C3%A9re%20or%20there/'))).toContain('(/hére or there/lib/app.ts:16)');
  const esbuild = '✘ [ERROR] Expected ";" but found "x"\n\n    functions/a.ts:3:4:\n      3 │ a x\n\n1 error\n';
  expect(lastReason(esbuild)).toBe('✘ [ERROR] Expected ";" but found "x" (functions/a.ts:3:4)');
  const thrown =
    'Error: Build failed with 2 errors:\nfunctions/a.ts:3:4: ERROR: Expected ";" but found "x"\nfunctions/b.ts:1:1: ERROR: no\n    at x (/lib/main.js:1:2)\n';
  expect(lastReason(`${esbuild}\n${thrown}lib/app.ts: Subprocess exited with error 1\n`)).toBe(
    'Error: Expected ";" but found "x" (functions/a.ts:3:4)',
  );
});

test('an index that cannot be reached is not told as a version that is missing', () => {
  const none = 'ERROR: Could not find a version (from versions: none)\nERROR: No matching distribution found for a==1';
  const refused = `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<x.Connection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/a/`;
  expect(lastReason(`${refused}\n${none}`)).toBe('the package index cannot be reached: [Errno 111] Connection refused');
  expect(lastReason(none)).toBe('ERROR: No matching distribution found for a==1');
  expect(lastReason(`${refused}\nERROR: [Errno 28] No space left on device`)).toContain('No space left');
});

test('a command that says nothing for too long is ended and named', async () => {
  const cwd = temporaryFolder();
  const logFile = `${cwd}/logs/x.log`;
  const script = 'setInterval(() => {}, 1000)';
  const hanging = { purpose: 'Waiting', command: process.execPath, args: ['-e', script], env: {}, cwd, logFile };
  await expect(runCommand({ ...hanging, silenceMs: 300 })).rejects.toThrow(
    'Waiting failed (no word from it for 0.3 s): it gave no reason',
  );
});

test('what takes long says what it is, and one that goes on writing is left alone', async () => {
  const logFile = `${temporaryFolder()}/x.log`;
  const said: string[] = [];
  let hasHung = false;
  const silence = { ms: 200, hangs: () => (hasHung = true) };
  // By the real clock it would seem to hang whenever this machine does.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const alive = signOfLife('Cooking', { tell: (line) => said.push(line), logFile, silence, everyMs: 50 });
  for (let time = 0; time < 10; time += 1) {
    appendFileSync(logFile, '.');
    vi.advanceTimersByTime(40);
  }
  alive.end();
  expect(said[0]).toMatch(/^Cooking: still at it after 0 s \(.*x\.log\)$/);
  expect(hasHung).toBe(false);
});
