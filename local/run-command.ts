import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { endGroup } from './leftovers.ts';
import { StartFailure } from './start-failure.ts';

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
  /** Ends it, and all that it started; the terminal's Ctrl-C does not reach it then. */
  signal?: AbortSignal;
}

/** Runs a command to its end with its output in a log file; a failure is one sentence with the reason it gave. */
export async function runCommand(options: Command): Promise<string> {
  const { purpose, command, args, env, cwd, logFile, answers = false, signal } = options;
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  try {
    let answer = '';
    const outcome = await new Promise<string>((resolve) => {
      const child = spawn(command, args, {
        cwd,
        env,
        detached: signal !== undefined,
        stdio: ['ignore', answers ? 'pipe' : log, log],
      });
      const end = () => child.pid !== undefined && endGroup(child.pid);
      if (signal?.aborted) end();
      signal?.addEventListener('abort', end, { once: true });
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, killedBy) => {
        signal?.removeEventListener('abort', end);
        resolve(code === 0 ? '' : `exit ${code ?? killedBy}`);
      });
    });
    if (!outcome) return answer;
    const reason = lastReason(readFileSync(logFile, 'utf8'));
    appendFileSync(logFile, `\n${outcome}\n`);
    throw new StartFailure(`${purpose} failed (${outcome}): ${reason || 'it gave no reason'} (all of it: ${logFile})`);
  } finally {
    closeSync(log);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const COLOUR = /\u001b\[[0-9;]*m/g;

/** The line of an output that says best why it failed: the last that names an error, else the last at all. */
export function lastReason(output: string): string {
  const lines = output
    .replaceAll(COLOUR, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const reason =
    lines.findLast((line) => /^(✘ \[ERROR\]|(\w+: )?\w*Error:) /.test(line)) ??
    lines.findLast((line) => /\berror\b|❌|failed|exception/i.test(line)) ??
    lines.at(-1) ??
    '';
  return reason.length > 300 ? `${reason.slice(0, 300)} …` : reason;
}
