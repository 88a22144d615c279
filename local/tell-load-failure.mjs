// Preloaded into the programs of the project. One that does not even load is told in one line with file, line and the
// error, in place of Node's own report, most of which is about Node. Attacked by test/local/tell-load-failure.test.ts.
import path from 'node:path';
import { CHECKOUT } from './checkout.mjs';
import { lastReason } from './last-reason.ts';

process.on('uncaughtExceptionMonitor', (error) => {
  if (!isOfLoading(error)) return;
  const program = path.relative(CHECKOUT, process.argv[1] ?? '');
  process.stderr.write(`${program} does not load: ${lastReason(error.stack ?? '')}\n`);
  process.exit(1);
});

/** Node puts the place before what it could not read; what a running program throws begins with its name. */
function isOfLoading(/** @type {unknown} */ error) {
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return true;
  return error instanceof SyntaxError && /^file:\/\/.+:\d+\n/.test(error.stack ?? '');
}
