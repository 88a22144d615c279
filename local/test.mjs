// Entry of `npm test`: types, Biome, unused code and every test tier; the last line says what passed and failed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NODE } from './checkout.mjs';
import { Interruption, runEntry, SIGNALS } from './entry.mjs';
import { handOver } from './hand-over.mjs';
import { endLeftovers } from './leftovers.mjs';
import { setUp } from './setup.mjs';
import { signOfLife } from './sign-of-life.mjs';
import { unknownOption } from './unknown-option.mjs';

const VITEST = 'node_modules/vitest/vitest.mjs';
// End to end runs last and alone: it measures times on the whole system.
const TIERS = [['unit', 'property', 'contract', 'stack'], ['emulator'], ['e2e']];

const usage = `Usage: npm test

Types, lint, unused code and every test; the last line is: N passed, N failed. It takes some minutes and has no options.
A tier, a file or a test by itself:
  npm run test:unit           and test:property, test:contract, test:stack, test:emulator, test:e2e
  npm run test:unit -- test/local/state.test.ts -t "a fresh start"`;

let isInterrupted = false;

await runEntry(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return say(usage, 0);
  const unknown = unknownOption(args, usage);
  if (unknown) throw new Error(unknown);
  if (args.length > 0) throw new Error(`npm test takes no options or files (${args.join(' ')}).\n\n${usage}`);
  await setUp();
  // Not before: who waits for another install is ended by a signal like any program.
  for (const signal of SIGNALS) process.on(signal, () => (isInterrupted = true));
  endLeftovers();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (/** @type {Partial<typeof total>} */ { passed = 0, failed = 0, skipped = 0 }) => {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  };
  add(asOneTest(await quietStage('type check', NODE, ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'])));
  add(asOneTest(await quietStage('Biome', NODE, ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])));
  add(asOneTest(await quietStage('unused files, exports and dependencies', NODE, ['node_modules/knip/bin/knip.js'])));
  for (const tier of TIERS) add(await vitest(tier));
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed > 0 ? 1 : 0;
});

/**
 * @param {string} text
 * @param {number} code
 */
function say(text, code) {
  process.stdout.write(`${text}\n`);
  return code;
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 */
async function stage(name, command, args) {
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = Date.now();
  const code = await handOver(command, args, { apart: true });
  if (isInterrupted) throw new Interruption(`Interrupted in: ${name}. What was started is ended.`);
  process.stdout.write(
    `== ${name}: ${code === 0 ? 'ok' : 'failed'}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`,
  );
  return code;
}

/** @type {typeof stage} */
function quietStage(name, command, args) {
  const alive = signOfLife(name, { tell: (line) => process.stdout.write(`== ${line}\n`) });
  return stage(name, command, args).finally(() => alive.end());
}

/** @param {number} code */
function asOneTest(code) {
  return code === 0 ? { passed: 1 } : { failed: 1 };
}

/** @param {string[]} projects */
async function vitest(projects) {
  const folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const code = await stage(`tests: ${projects.join(', ')}`, NODE, [
      VITEST,
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    return count(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Vitest's own counts. A file that does not load and a failure outside any test have no test to count: each is one.
 * @param {string} reportFile
 * @param {number} code
 */
function count(reportFile, code) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
   *   testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  let report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return { failed: 1 };
  }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
