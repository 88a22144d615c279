// `npm start` (by local/start.mjs). Ctrl-C may be heard more than once: the terminal tells npm, start.mjs and this
// process, and they tell one another; a second one therefore means no more than the first.
import { commandAtMs } from './command-at.ts';
import { commandsToTry } from './commands-to-try.ts';
import { type Demo, runDemo } from './demo.ts';
import { type MainOptions, mainOptions, usage } from './main-options.mjs';
import { paperOf } from './paper.ts';
import { StartFailure } from './start-failure.ts';
import { summaryOf } from './summary.ts';
import { type System, startSystem } from './system.ts';
import { type Tell, tellTo } from './tell.ts';

const INTERRUPTED = 130;

/** The person said stop. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

interface Running {
  readonly options: MainOptions;
  readonly tell: Tell;
  readonly signal: AbortSignal;
  /** Rejects when the person says stop. */
  readonly interrupted: Promise<never>;
}

async function main(): Promise<number> {
  const startedAtMs = commandAtMs();
  const tell = tellTo(process.stdout, startedAtMs);
  const stop = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  interrupted.catch(() => {});
  const interrupt = () => {
    if (stop.signal.aborted) return;
    tell.step('Stopping …');
    stop.abort(new Interruption());
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  // Nobody reads what happens (`| head`): stop in order, as the data would be cut off otherwise.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', interrupt);
  // Who started this was killed: nobody else would stop it.
  const starter = process.ppid;
  setInterval(() => process.ppid !== starter && interrupt(), 1_000).unref();
  try {
    const options = mainOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    if ('fault' in options) throw new StartFailure(options.fault);
    if (options.help) return say(usage);
    await run({ options, tell, signal: stop.signal, interrupted });
  } catch (error) {
    if (error !== stop.signal.reason) return fail(error);
    tell.step('Everything is stopped');
    return INTERRUPTED;
  }
  tell.step('Everything is stopped');
  return 0;
}

/** From the start to the end of the system; whatever happens, all is stopped after it. */
async function run({ options, tell, signal, interrupted }: Running): Promise<void> {
  const { folder, fresh, ports, once } = options;
  const system = await startSystem({ folder, fresh, ports, tell: tell.step, signal });
  const broken = system.broken.then((sentence) => Promise.reject(new StartFailure(sentence)));
  broken.catch(() => {});
  let keep = system.found === 'kept';
  try {
    const demo = await Promise.race([runDemo(system, tell), broken, interrupted]);
    keep = true;
    conclude(system, demo, tell);
    if (once) return;
    say('\nRunning until Ctrl-C.');
    await Promise.race([broken, interrupted.catch(() => {})]);
  } finally {
    await system.stop({ keep });
  }
}

function conclude(system: System, { connectionId, report }: Demo, tell: Tell): void {
  system.announce(connectionId);
  tell.step('Ready');
  const paper = paperOf(process.stdout);
  if (report) say(`\n${summaryOf(report, paper)}`);
  const { refused = [], conflicts = [] } = report ?? {};
  const toTry = { refused: refused.length > 0, conflict: conflicts.length > 0 };
  say(`\n${commandsToTry(system.folder, { ...system.endpoints, connectionId }, toTry, paper)}`);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function fail(error: unknown): number {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const start = error instanceof StartFailure ? '' : 'The start failed: ';
  process.stderr.write(`${start}${error instanceof Error ? error.message : String(error)}${cause}\n`);
  return 1;
}

process.exitCode = await main();
