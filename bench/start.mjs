// Entry of `npm run bench`: installs what is missing and hands over to Node 24.
import { handOver, NODE, needNode, needPackages, runEntry } from '../local/setup.mjs';

await runEntry(async () => {
  needNode();
  needPackages();
  return handOver(NODE, ['bench/main.ts', ...process.argv.slice(2)]);
});
