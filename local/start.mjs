// Entry of `npm start`: reads the options, prepares the machine and hands over to Node 24.
import { NODE } from './checkout.mjs';
import { runEntry } from './entry.mjs';
import { handOver } from './hand-over.mjs';
import { needNode, setUp } from './setup.mjs';

await runEntry(async () => {
  needNode();
  // Not above: an older Node could not even read them.
  const { mainOptionNames, mainOptions, usage } = await import('./main-options.mjs');
  const { takenByNpm } = await import('./npm-options.mjs');
  const args = process.argv.slice(2);
  const taken = takenByNpm('start', mainOptionNames);
  if (taken) throw new Error(taken);
  const options = mainOptions(args, process.env.INIT_CWD ?? process.cwd());
  if ('fault' in options) throw new Error(options.fault);
  if (options.help) return say(usage);
  await setUp();
  // What is told later has the time since the command in front.
  process.env.ERP_SYNC_COMMAND_AT_MS = String(performance.timeOrigin);
  return handOver(NODE, ['local/main.ts', ...args]);
});

function say(/** @type {string} */ text) {
  process.stdout.write(`${text}\n`);
  return 0;
}
