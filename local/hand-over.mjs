import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CHECKOUT, NODE, ownEnvironment } from './checkout.mjs';
import { SIGNALS } from './entry.mjs';
import { endGroup, endLeftovers, endWholeGroup, noteRunning } from './leftovers.mjs';

/** So long may a program that was told to stop need for it. */
const PATIENCE_MS = 15_000;

/**
 * Runs a program in the checkout with the terminal of this one, hands signals on, and answers its exit code. What it left
 * running, as it was killed, is ended.
 * @param {string} command
 * @param {string[]} args
 * @param {{ apart?: boolean }} [how] apart: it leads a group, and all of that has ended when this is over
 * @returns {Promise<number>}
 */
export function handOver(command, args, { apart = false } = {}) {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the child through the terminal too; it has to bear being told twice.
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      if (apart) setTimeout(endAll, PATIENCE_MS).unref();
    };
    const endAll = () => apart && child.pid !== undefined && endGroup(child.pid);
    // Before the child can say anything: whoever hears it may send a signal at once.
    for (const signal of SIGNALS) process.on(signal, forward);
    const child = spawn(command, args, {
      cwd: CHECKOUT,
      env: ownEnvironment(),
      stdio: [apart ? 'ignore' : 'inherit', 'inherit', 'inherit'],
      detached: apart,
    });
    const noteEnded = apart ? noteRunning(child.pid) : () => {};
    const settle = () => {
      for (const name of SIGNALS) process.off(name, forward);
      if (apart && child.pid !== undefined) endWholeGroup(child.pid);
      noteEnded();
      endLeftovers();
    };
    child.on('error', (error) => {
      settle();
      reject(new Error(`${command} could not be started: ${error.message}.`));
    });
    child.on('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Runs a program of the project on its own Node.
 * @param {string} program its file in the checkout
 * @param {string[]} args
 */
export function runProgram(program, args) {
  return handOver(NODE, ['--import', './local/tell-load-failure.mjs', program, ...args]);
}
