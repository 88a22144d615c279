import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lastReason } from './last-reason.ts';
import { endGroup, noteRunning } from './leftovers.mjs';
import { signOfLife } from './sign-of-life.mjs';
import { StartFailure } from './start-failure.ts';

/** pip waits up to 180 s for an index where the machine is set so, and says so after each try. */
const SILENCE_MS = 300_000;

export interface Command {
  /** What the command does, as the beginning of a sentence: "Installing the Python packages". */
  purpose: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  /** Its standard output is the answer, and not for the log. */
  answers?: boolean;
  /** Ends it, and all that it started; the terminal's Ctrl-C does not reach it. */
  signal?: AbortSignal;
  /** Hears that it is at it, where that takes long. */
  tell?: (line: string) => void;
  /** Without a word for so long it is taken to hang, and is ended. */
  silenceMs?: number;
}

/** Runs a command to its end with its output in a log file; a failure is one sentence with the reason it gave. */
export async function runCommand(options: Command): Promise<string> {
  const { purpose, logFile } = options;
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  try {
    const { outcome, answer } = await runToEnd(options, log);
    if (!outcome) return answer;
    const reason = lastReason(readFileSync(logFile, 'utf8'));
    appendFileSync(logFile, `\n${outcome}\n`);
    throw new StartFailure(`${purpose} failed (${outcome}): ${reason || 'it gave no reason'} (all of it: ${logFile})`);
  } finally {
    closeSync(log);
  }
}

/** How it ended, or nothing where that was well. It leads a group, so that all that it started can be ended with it. */
function runToEnd(options: Command, log: number): Promise<{ outcome: string; answer: string }> {
  const { purpose, command, args, env, cwd, logFile, answers = false, signal, tell, silenceMs = SILENCE_MS } = options;
  return new Promise((resolve) => {
    let answer = '';
    let hung = '';
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', answers ? 'pipe' : log, log] });
    const noteEnded = noteRunning(child.pid);
    const end = () => child.pid !== undefined && endGroup(child.pid);
    const hangs = () => {
      hung = `no word from it for ${silenceMs / 1000} s`;
      end();
    };
    const alive = signOfLife(purpose, { tell, logFile, silence: { ms: silenceMs, hangs } });
    const settle = (outcome: string) => {
      process.off('exit', end);
      signal?.removeEventListener('abort', end);
      alive.end();
      noteEnded();
      resolve({ outcome: hung || outcome, answer });
    };
    process.on('exit', end);
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    child.on('error', (error) => settle(error.message));
    child.on('close', (code, killedBy) => settle(code === 0 ? '' : `exit ${code ?? killedBy}`));
  });
}
