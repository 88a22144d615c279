// Entry of the npm scripts that run a tool, or a file of the project on its own Node: installs what is missing first.
import { NODE, tool } from './checkout.mjs';
import { runEntry } from './entry.mjs';
import { handOver } from './hand-over.mjs';
import { endLeftovers } from './leftovers.mjs';
import { needNode, needPackages } from './setup.mjs';

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

/** What a program may be asked to do. */
const acts = ['create', 'delete', 'export', 'plan', 'apply'];

await runEntry(async () => {
  needNode();
  const { takenByNpm } = await import('./npm-options.mjs');
  const [program = '', ...args] = process.argv.slice(2);
  const act = args.find((arg) => acts.includes(arg));
  const taken = options[program] ? takenByNpm(...options[program], process.env, act) : '';
  if (taken) throw new Error(taken);
  await needPackages();
  endLeftovers();
  return program.endsWith('.ts') ? handOver(NODE, [program, ...args]) : handOver(tool(program), args);
});
