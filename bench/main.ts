/**
 * `npm run bench`: every part in a process of its own, one after the other; figures as a table and as JSON. `--only {part}`
 * measures some, `--report` prints what was, must be and is, `--check` fails on a step back from the baseline, `--update`
 * writes it.
 */
import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { Baseline, baselineOf, rounded, stepsBack } from './check.ts';
import { Figure } from './figure.ts';
import { usage } from './main-usage.mjs';
import { type Options, optionsOf, type PartName } from './options.ts';
import { reportOf } from './report.ts';
import type { Asked } from './run-part.ts';

const baselineFile = path.join(import.meta.dirname, 'baseline.json');
const resultFile = path.join(import.meta.dirname, 'result.json');
const Result = z.object({ at: z.string(), machine: z.string(), node: z.string(), figures: z.array(Figure) });

function readFigures(): Figure[] {
  return existsSync(resultFile) ? Result.parse(JSON.parse(readFileSync(resultFile, 'utf8'))).figures : [];
}

function measured(part: PartName, before: readonly Figure[]): Promise<Figure[]> {
  const child = fork(path.join(import.meta.dirname, 'run-part.ts'), { execArgv: ['--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (found) => resolve(z.array(Figure).parse(found)));
    child.once('exit', (code) => reject(new Error(`The part ${part} ended with exit code ${code}.`)));
    const asked: Asked = { part, before: [...before] };
    child.send(asked);
  });
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tellFigures(figures: readonly Figure[]): void {
  const width = Math.max(...figures.map(({ name }) => name.length));
  for (const { name, value, unit, spread } of figures) {
    const between = spread ? `  (${rounded(spread[0])} – ${rounded(spread[1])})` : '';
    tell(`  ${name.padEnd(width)}  ${String(rounded(value)).padStart(9)} ${unit}${between}`);
  }
}

/** Figures of this time in place of earlier ones; those of parts that were not asked for stay. */
function merged(before: readonly Figure[], found: readonly Figure[], parts: readonly PartName[]): Figure[] {
  return [...before.filter(({ name }) => !parts.some((part) => name.startsWith(`${part}.`))), ...found];
}

/** The cost model works on the counts: where there are none yet, they come first. */
function withCounts(parts: readonly PartName[], known: readonly Figure[]): readonly PartName[] {
  const lacks =
    parts.includes('cost') && !parts.includes('calls') && !known.some(({ name }) => name.startsWith('calls.'));
  return lacks ? ['calls', ...parts] : parts;
}

async function measureAll({ parts }: Options): Promise<Figure[]> {
  let all = readFigures();
  const found: Figure[] = [];
  for (const part of withCounts(parts, all)) {
    const begun = performance.now();
    const figures = await measured(part, all);
    found.push(...figures);
    all = merged(all, figures, [part]);
    tell(`\n${part} (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
    tellFigures(figures);
  }
  const cpu = os.cpus();
  const result: z.infer<typeof Result> = {
    at: new Date().toISOString(),
    machine: `${cpu.length} × ${cpu[0]?.model ?? 'unknown'}`,
    node: process.versions.node,
    figures: all,
  };
  writeFileSync(resultFile, `${JSON.stringify(result, undefined, 2)}\n`);
  tell(`\nFigures: ${path.relative(process.cwd(), resultFile)}`);
  return found;
}

/** Exit code. */
function compare(found: readonly Figure[]): number {
  const baseline = Baseline.parse(JSON.parse(readFileSync(baselineFile, 'utf8')));
  const worse = stepsBack(found, baseline);
  for (const line of worse) process.stderr.write(`Step back: ${line}\n`);
  if (worse.length === 0) tell('No step back of more than a fifth.');
  return worse.length > 0 ? 1 : 0;
}

function update(found: readonly Figure[], { parts }: Options): void {
  const old = existsSync(baselineFile) ? Baseline.parse(JSON.parse(readFileSync(baselineFile, 'utf8'))) : {};
  const kept = Object.entries(old).filter(([name]) => !parts.some((part) => name.startsWith(`${part}.`)));
  const now = { ...Object.fromEntries(kept), ...baselineOf(found) };
  writeFileSync(baselineFile, `${JSON.stringify(now, undefined, 2)}\n`);
  tell(`Baseline written: ${path.relative(process.cwd(), baselineFile)}`);
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) return tell(usage);
  const found = await measureAll(options);
  if (options.report) tell(`\n${reportOf(readFigures())}`);
  if (options.update) update(found, options);
  if (options.check) process.exitCode = compare(found);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
