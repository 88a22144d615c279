import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], options: object = {}) => ({
  test: { name, include, environment: 'node' as const, ...options },
});

/** One project per test tier; `npm test` runs them all (local/test.mjs). */
export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        [
          'test/core/**/*.test.ts',
          'test/sync/**/*.test.ts',
          'test/features/**/*.test.ts',
          'test/http/**/*.test.ts',
          'test/queue/**/*.test.ts',
          'test/adapters/**/*.test.ts',
          'test/wiring/**/*.test.ts',
          'test/cli/**/*.test.ts',
          'test/handlers/**/*.test.ts',
          'test/local/**/*.test.ts',
          'test/architecture/**/*.test.ts',
        ],
        { testTimeout: 30_000, hookTimeout: 30_000 },
      ),
      project('property', ['test/property/**/*.test.ts', 'test/crash/**/*.test.ts'], { testTimeout: 120_000 }),
      project('contract', ['test/contract/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 240_000 }),
      project('stack', ['test/lib/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('emulator', ['test/emulator/**/*.test.ts'], {
        testTimeout: 120_000,
        hookTimeout: 240_000,
        fileParallelism: false,
      }),
      project('e2e', ['test/e2e/**/*.test.ts'], {
        globalSetup: 'test/e2e/start-system.ts',
        testTimeout: 180_000,
        hookTimeout: 120_000,
        // Each file has a tenant and a CRM of its own; they mostly wait, and so they wait together.
        maxWorkers: 4,
      }),
    ],
  },
});
