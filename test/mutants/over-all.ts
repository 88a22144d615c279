import type { Mutant } from './mutant.ts';

const tests = 'test/features/runs/run-over-all.test.ts';
const file = 'functions/features/runs/run-over-all.ts';

/** A run over all connections. */
export const overAllMutants: readonly Mutant[] = [
  {
    id: 'over-all-ends-early',
    rule: 'R26',
    file: 'functions/core/model/run.ts',
    find: "if ([...states].some((state) => !hasEnded(state))) return 'running';",
    replace: '',
    killedBy: [tests],
  },
  {
    id: 'over-all-hides-failures',
    rule: 'R26',
    file: 'functions/core/model/run.ts',
    find: "(['failed', 'stopped-by-brake', 'done-with-failures'] as const)",
    replace: "(['failed', 'stopped-by-brake'] as const)",
    killedBy: [tests],
  },
  {
    id: 'over-all-without-sums',
    rule: 'R26',
    file,
    find: 'await app.runs.endAll(run, state, counters, app.runtime.now());',
    replace: 'await app.runs.endAll(run, state, {}, app.runtime.now());',
    killedBy: [tests],
  },
  {
    id: 'over-all-cancelled-alone',
    rule: 'R26',
    file,
    find: 'await cancelRun(app, one.tenantId, one.id);',
    replace: '',
    killedBy: [tests],
  },
];
