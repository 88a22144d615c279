import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteCutOff } from './cut-off.ts';
import { lastReason } from './last-reason.ts';
import { endGroup, noteRunning } from './leftovers.mjs';
import { signOfLife } from './sign-of-life.mjs';
import { StartFailure } from './start-failure.ts';

export interface ServerOptions {
  /** What it is, as the subject of a sentence: "The local AWS". */
  readonly name: string;
  /** Short name of its files in the state folder. */
  readonly id: string;
  /** State folder: the log goes to logs/, the note of the process to running/. */
  readonly folder: string;
  readonly command: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether it answers; a throw counts as not yet. */
  isReady(): Promise<boolean>;
  readonly readyTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Hears that it is waited for, where that takes long. */
  readonly tell?: (line: string) => void;
}

export interface Server {
  pid: number;
  /** Resolves when the process is gone and all its children with it. Safe to repeat. */
  stop(): Promise<void>;
  /** Resolves when the process ended, on its own or stopped, with how: `exit` and the code or signal. */
  ended: Promise<string>;
}

/**
 * Starts a server and waits until it answers. It runs in a process group of its own: Ctrl-C in the terminal does not
 * reach it before we stop it in order, and what it started can be ended with it.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { name, id, folder, isReady } = options;
  const logFile = path.join(folder, 'logs', `${id}.log`);
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const startOfLog = fstatSync(log).size;
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let end = '';
  let hasAnswered = false;
  let isTold = false;
  const noteEnded = noteRunning(child.pid, { folder });
  const endByForce = () => child.pid !== undefined && endGroup(child.pid);
  const ended = new Promise<string>((resolve) => {
    const settle = (how: string) => {
      end = how;
      process.off('exit', endByForce);
      endByForce();
      noteEnded();
      // Who never answered has written nothing for anybody; who was killed may not have stored all.
      if (hasAnswered && (!isTold || how === 'exit SIGKILL')) noteCutOff(folder);
      resolve(how);
    };
    child.on('error', (error) => settle(error.message));
    child.on('exit', (code, signal) => settle(`exit ${code ?? signal}`));
  });
  process.on('exit', endByForce);

  const stop = async (timeoutMs: number) => {
    isTold = true;
    if (!end) child.kill('SIGTERM');
    await Promise.race([ended, sleep(timeoutMs, undefined, { ref: false })]);
    if (!end) endByForce();
    await ended;
  };
  const failure = (what: string) => {
    const reason = lastReason(readFileSync(logFile).subarray(startOfLog).toString());
    return new StartFailure(`${name} ${what}: ${reason || 'it gave no reason'} (all of it: ${logFile})`);
  };
  const deadline = performance.now() + options.readyTimeoutMs;
  const stillAlive = signOfLife(`${name} is starting`, { tell: options.tell, logFile });
  try {
    while (!(await isReady().catch(() => false))) {
      if (end) throw failure(`did not start (${end})`);
      if (performance.now() > deadline) {
        endByForce();
        await ended;
        throw failure(`does not answer after ${options.readyTimeoutMs / 1000} s`);
      }
      await Promise.race([sleep(50), ended]);
    }
  } finally {
    stillAlive.end();
  }
  hasAnswered = true;
  return { pid: child.pid ?? 0, ended, stop: () => stop(options.stopTimeoutMs) };
}
