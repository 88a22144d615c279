// Entry of `npm start`: prepares the machine and hands over to Node 24.
import { handOver, NODE, runEntry, setUp } from './setup.mjs';

await runEntry(async () => {
  setUp();
  return handOver(NODE, ['local/main.ts', ...process.argv.slice(2)]);
});
