// Entry of `npm start`: reads the options, prepares the machine and hands over to Node 24.
import { runEntry } from './entry.mjs';
import { runProgram } from './hand-over.mjs';
import { mainOptionNames, mainOptions, usage } from './main-options.mjs';
import { takenByNpm } from './npm-options.mjs';
import { setUp } from './setup.mjs';

await runEntry(async () => {
  const args = process.argv.slice(2);
  const taken = takenByNpm('start', mainOptionNames, process.env, args);
  if (taken) throw new Error(taken);
  const options = mainOptions(args, process.env.INIT_CWD ?? process.cwd());
  if ('fault' in options) throw new Error(options.fault);
  if (options.help) return say(usage);
  await setUp();
  // What is told later has the time since the command in front.
  process.env.ERP_SYNC_COMMAND_AT_MS = String(performance.timeOrigin);
  return runProgram('local/main.ts', args);
});

function say(/** @type {string} */ text) {
  process.stdout.write(`${text}\n`);
  return 0;
}
