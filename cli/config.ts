/** `npm run config -- export`, `plan` and `apply`. */
import { runConfig } from './run-config.ts';

process.exitCode = await runConfig(process.argv.slice(2), {
  environment: process.env,
  // Where the command was given: npm goes to the checkout's folder.
  folder: process.env.INIT_CWD ?? process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (line) => process.stderr.write(`${line}\n`),
});
