/** `aws logs tail … | npm run frames`: the log lines with the places in bundles said as places in sources. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { usage } from './frames-usage.mjs';
import { frameResolver } from './resolve-frames.ts';

function optionsOf() {
  try {
    return parseArgs({ options: { maps: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'The options cannot be read.'}\n\n${usage}`);
    process.exit(2);
  }
}

const values = optionsOf();
if (values.help) {
  console.log(usage);
  process.exit();
}
/** Where a synthesis leaves them (lib/bundle.ts). */
const folder = values.maps ?? path.resolve(import.meta.dirname, '../build/maps');

const frames = frameResolver((file) => {
  try {
    return readFileSync(path.join(folder, `${file}.map`), 'utf8');
  } catch {
    return undefined;
  }
});
for await (const line of createInterface({ input: process.stdin })) console.log(frames.resolve(line));
const missing = frames.missing();
if (missing.length > 0) {
  console.error(`No source map in ${folder} for ${missing.join(', ')}.
Check the commit out that is deployed, then: npm ci && npm run synth -- --quiet -c stage=<stage>`);
  process.exitCode = 1;
}
