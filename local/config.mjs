// Entry of `npm run config`: installs what is missing and hands over to Node 24.
import { handOver, NODE, needNode, needPackages, runEntry } from './setup.mjs';

await runEntry(async () => {
  needNode();
  needPackages();
  return handOver(NODE, ['cli/config.ts', ...process.argv.slice(2)]);
});
