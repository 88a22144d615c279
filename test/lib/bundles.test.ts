import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { expect, onTestFinished, test } from 'vitest';
import { ServiceFunction } from '../../lib/service-function.ts';
import { stages } from '../../lib/stages.ts';

/** The code of a function as it would be deployed. */
function bundleOf(handler: string): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir });
  const props = { stage: stages.dev, handler, timeoutSeconds: 1, memoryMb: 128, environment: {} };
  new ServiceFunction(new Stack(app, 'Bundle'), 'Service', props);
  app.synth();
  const [file = ''] = globSync('asset.*/index.mjs', { cwd: outdir });
  return readFileSync(path.join(outdir, file), 'utf8');
}

test('a bundle holds the words of one language, not of all that zod knows', () => {
  const code = bundleOf('worker');
  // A failed `toContain` would print the whole bundle.
  expect({ english: code.includes('Invalid input'), dutch: code.includes('Ongeldige') }).toEqual({
    english: true,
    dutch: false,
  });
});
