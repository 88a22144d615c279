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
        testTimeout: 30_000,
        hookTimeout: 30_000,
      }),
      // Their work is bounded, not their time: what takes half a minute takes two on a machine that others use.
      tier('property', { testTimeout: 300_000 }),
      tier('contract', { testTimeout: 120_000, hookTimeout: 240_000 }),
      tier('stack', { testTimeout: 120_000, hookTimeout: 120_000 }),
      tier('emulator', { testTimeout: 120_000, hookTimeout: 240_000, fileParallelism: false }),
      tier('e2e', {
        globalSetup: 'test/e2e/start-system.ts',
        testTimeout: 180_000,
        hookTimeout: 120_000,
        // Each file has a tenant and a CRM of its own; they mostly wait, and so they wait together.
        maxWorkers: 4,
      }),
    ],
  },
});
