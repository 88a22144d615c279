import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The folders of every tier but the unit tests, which are all the rest of test/. */
const foldersOfTier = {
  property: ['property', 'crash'],
  contract: ['contract'],
  stack: ['lib'],
  emulator: ['emulator'],
  e2e: ['e2e'],
};

const testsIn = (folders: string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`);

const project = (name: string, options: object) => ({ test: { name, environment: 'node' as const, ...options } });

const tier = (name: keyof typeof foldersOfTier, options: object) =>
  project(name, { include: testsIn(foldersOfTier[name]), ...options });

/**
 * Limits are there to end what hangs, in computing and waiting alike. Seconds of computing are a minute on a machine under
 * load, and a file's tests share its cores.
 */
const slow = { testTimeout: 300_000, hookTimeout: 300_000 };

/** One project per test tier; `npm test` runs them all (local/test.mjs). */
export default defineConfig({
  test: {
    // By itself it leaves one core to watch the others; of two that is half.
    maxWorkers: availableParallelism(),
    projects: [
      project('unit', {
        include: ['test/**/*.test.ts'],
        exclude: testsIn(Object.values(foldersOfTier).flat()),
        // Modules keep no state that one file could leave to another, and loading them for each takes most of the time.
        isolate: false,
        ...slow,
      }),
      tier('property', { ...slow, testTimeout: 2 * slow.testTimeout }),
      tier('contract', slow),
      tier('stack', slow),
      tier('emulator', { ...slow, fileParallelism: false }),
      tier('e2e', {
        globalSetup: 'test/e2e/start-system.ts',
        // Longer than a test waits for one run (longestRunMs), whose message may come back a minute after its worker was
        // killed: a test that waits in vain says for what.
        ...slow,
        // Each file has a tenant and a CRM of its own; they mostly wait, and so they wait together.
        maxWorkers: 4,
      }),
    ],
  },
});
