// Entry of the npm scripts that run a tool, or a file of the project on its own Node: installs what is missing first.
import { existsSync } from 'node:fs';
import { tool } from './checkout.mjs';
import { runEntry } from './entry.mjs';
import { handOver, runProgram } from './hand-over.mjs';
import { endLeftovers } from './leftovers.mjs';
import { takenByNpm } from './npm-options.mjs';
import { needPackages } from './setup.mjs';
import { unknownOption } from './unknown-option.mjs';

/**
 * What npm would take for its own where the -- is forgotten; names that are npm's too cannot be told apart.
 * @type {Record<string, [script: string, options: string[]]>}
 */
const options = {
  'cli/tenant.ts': ['run tenant', ['stage=NAME', 'crm-context=KEY', 'tenant=ID', 'table=NAME', 'endpoint-url=URL']],
  'cli/config.ts': ['run config', ['file=FILE', 'url=URL', 'key=KEY', 'demo']],
  'cli/frames.ts': ['run frames', ['maps=DIR']],
  'bench/main.ts': ['run bench', ['report', 'check', 'update']],
  'test/mutants/run.ts': ['run test:mutants', ['list', 'workers=N']],
};

const WRONG_USE = 2;

await runEntry(async () => {
  const [program = '', ...args] = process.argv.slice(2);
  const taken = options[program] ? takenByNpm(...options[program], process.env, args) : '';
  if (taken) throw new Error(taken);
  if (args.includes('--help')) return help(program, args);
  const usage = await usageOf(program);
  const fault = usage && (unknownOption(args, usage) || missingAct(args, usage));
  if (fault) return refuse(fault);
  await needPackages();
  endLeftovers();
  return program.endsWith('.ts') ? runProgram(program, args) : handOver(tool(program), args);
});

/**
 * What a program of ours takes stands beside it, in plain JavaScript.
 * @param {string} program
 * @returns {Promise<string | undefined>}
 */
async function usageOf(program) {
  if (!program.endsWith('.ts')) return undefined;
  const { usage } = await import(`../${program.replace(/\.ts$/, '-usage.mjs')}`);
  return usage;
}

/**
 * What no installation would put right. The program looks closer.
 * @param {string[]} args
 * @param {string} usage names after ` -- ` what there is to do
 */
function missingAct(args, usage) {
  const acts = [...usage.matchAll(/ -- (\w[\w |]*)/g)].flatMap(([, words = '']) => words.trim().split(/[ |]+/));
  if (acts.length === 0 || acts.some((act) => args.includes(act))) return '';
  return `Say one of ${acts.join(', ')}.\n\n${usage}`;
}

/**
 * Nothing is installed for it.
 * @param {string} program
 * @param {string[]} args
 */
async function help(program, args) {
  const usage = await usageOf(program);
  if (usage) return say(usage);
  if (existsSync(tool(program))) return handOver(tool(program), args);
  const call = [program, ...args.filter((arg) => arg !== '--help')].join(' ');
  return say(
    `npm run ${process.env.npm_lifecycle_event} runs ${call}, with what comes after the -- behind it. The help of ${program} comes with the npm packages, which are not here yet: npm ci installs them.`,
  );
}

function say(/** @type {string} */ text) {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
  return WRONG_USE;
}
