import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lastReason, runCommand } from '../../local/run-command.ts';
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
