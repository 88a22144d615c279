/**
 * `npm run test:mutants`: breaks one rule of the engine at a time, in a copy of the tree, and sees that the tests named for
 * it fail. `--only id` (or the start of ids) for some, `--list` to see them, `--workers n` for more than two at a time.
 * Exit code 0 = all killed, 1 = one lives, 2 = the list does not fit the code, or the tests fail without any fault.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { usage } from './run-usage.mjs';
import { Sandbox } from './sandbox.ts';

const testTimeoutMs = 300_000;

type Outcome = 'killed' | 'lived' | 'not applicable' | 'error';

interface Result {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly seconds: number;
}

function optionsOf() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        list: { type: 'boolean', default: false },
        workers: { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'The options cannot be read.'}\n\n${usage}\n`);
    process.exit(2);
  }
}

const options = optionsOf();

const chosen = mutants.filter(({ id }) => !options.only || options.only.some((start) => id.startsWith(start)));
const sandboxes: Sandbox[] = [];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function removeAll(): void {
  for (const sandbox of sandboxes.splice(0)) sandbox.remove();
}

/** Why the mutant cannot be made: its line is gone, or stands there more than once. */
function misfit({ file, find, killedBy }: Mutant, sandbox: Sandbox): string | undefined {
  const absent = [file, ...killedBy].find((one) => !existsSync(sandbox.pathOf(one)));
  if (absent) return `there is no ${absent}`;
  const count = readFileSync(sandbox.pathOf(file), 'utf8').split(find).length - 1;
  return count === 1 ? undefined : `its line stands ${count} times in ${file}`;
}

async function tryOut(mutant: Mutant, sandbox: Sandbox): Promise<Omit<Result, 'mutant' | 'seconds'>> {
  const why = misfit(mutant, sandbox);
  if (why) return { outcome: 'not applicable', detail: why };
  const target = sandbox.pathOf(mutant.file);
  const original = readFileSync(target, 'utf8');
  writeFileSync(
    target,
    original.replace(mutant.find, () => mutant.replace),
  );
  try {
    const { verdict, detail } = await sandbox.test(mutant.killedBy, testTimeoutMs);
    if (verdict === 'failed') return { outcome: 'killed', detail };
    if (verdict === 'out-of-time') return { outcome: mutant.timeoutKills ? 'killed' : 'lived', detail };
    return verdict === 'passed' ? { outcome: 'lived', detail: mutant.rule } : { outcome: 'error', detail };
  } finally {
    writeFileSync(target, original);
  }
}

async function work(sandbox: Sandbox, queue: Mutant[], results: Result[]): Promise<void> {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const startedAt = Date.now();
    const { outcome, detail } = await tryOut(mutant, sandbox);
    const seconds = (Date.now() - startedAt) / 1000;
    results.push({ mutant, outcome, detail, seconds });
    say(`${outcome.padEnd(14)} ${mutant.id.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s  ${detail}`);
  }
}

function summary(results: readonly Result[]): number {
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  const misfits = count('not applicable') + count('error');
  say(`\n${count('killed')} killed, ${count('lived')} lived, ${misfits} without a verdict, of ${results.length}`);
  for (const { outcome, mutant } of results) {
    if (outcome !== 'killed') say(`${outcome}: ${mutant.id} (${mutant.file}): ${mutant.rule}`);
  }
  if (misfits > 0) return 2;
  return count('lived') > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  const ids = new Set(mutants.map(({ id }) => id));
  if (ids.size < mutants.length) throw new Error('two mutants have one id');
  if (options.help) {
    say(usage);
    return 0;
  }
  if (options.list) {
    for (const { id, file, rule } of chosen) say(`${id.padEnd(34)} ${file}\n    ${rule}`);
    return 0;
  }
  const workers = Math.max(1, Math.min(Number(options.workers), chosen.length));
  while (sandboxes.length < workers) sandboxes.push(new Sandbox());
  const [first] = sandboxes;
  if (!first || chosen.length === 0) throw new Error('no mutant has such an id');
  const files = [...new Set(chosen.flatMap(({ killedBy }) => killedBy))].filter((file) =>
    existsSync(first.pathOf(file)),
  );
  const startedAt = Date.now();
  const sound = await first.test(files, 3 * testTimeoutMs);
  say(`without a fault: ${sound.verdict}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s, ${sound.detail}\n`);
  if (sound.verdict !== 'passed') return 2;
  const results: Result[] = [];
  const queue = [...chosen];
  await Promise.all(sandboxes.map((sandbox) => work(sandbox, queue, results)));
  say('StrykerJS makes small faults of every kind in core/merge and core/timing: npm run test:stryker');
  return summary(results);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    removeAll();
    process.exit(130);
  });
}
try {
  process.exitCode = await main();
} finally {
  removeAll();
}
