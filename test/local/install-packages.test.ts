import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bareCheckout } from './bare-checkout.ts';

/** The sentence of an install on a disk with so many bytes free, with an npm that says nothing of it. */
function installed(npm: string, freeBytes: number): string {
  const { folder, run } = bareCheckout({ npm });
  const script = `const { installPackages } = await import('./local/install-packages.mjs');
    await installPackages(process.stdout, () => {}, () => ${freeBytes}).catch((error) => process.stderr.write(error.message));`;
  writeFileSync(path.join(folder, 'install.mjs'), script);
  return run(['install.mjs']).stderr;
}

test('an npm that waits on a full disk is ended', () => {
  expect(installed('exec /bin/sleep 60', 1_000)).toMatch(/^npm ci failed with exit code 137; the disk was full/);
});

test('a full disk is said where npm fails on it, and where its scripts bring nothing', () => {
  const full = /^npm ci .*[;:] the disk was full: about 1 GB is needed in .*\.$/;
  expect(installed('exit 0', 1_000)).toMatch(full);
  expect(installed('exit 228', 1_000)).toMatch(full);
  expect(installed('exit 0', 1e9)).toContain('its install script must be allowed to run');
});
