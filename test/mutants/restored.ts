import type { Mutant } from './mutant.ts';

const restored = 'test/property/restored.test.ts';

/** Faults in what the engine does with a state that was set back. */
export const restoredMutants: readonly Mutant[] = [
  {
    id: 'restored-agrees-on-what-was',
    rule: 'E1',
    file: 'functions/core/merge/plan-group.ts',
    find: "return asAgreed && clean ? still(facts, 'unchanged') : agreedNow(facts);",
    replace: "return clean ? still(facts, 'unchanged') : agreedNow(facts);",
    killedBy: [restored],
  },
  {
    id: 'restored-look-of-an-unknown-run',
    rule: 'E2',
    file: 'functions/sync/look/look-at-chunk.ts',
    find: 'if (!run) return;',
    replace: '',
    killedBy: [restored],
  },
  {
    id: 'restored-list-of-an-unknown-run',
    rule: 'E2',
    file: 'functions/sync/detect/detect-page.ts',
    find: "if (!run || !begins || run.state === 'queued') return;",
    replace: "if (!begins || run?.state === 'queued') return;",
    killedBy: [restored],
  },
  {
    id: 'restored-runs-stay-open',
    rule: 'E2',
    file: 'functions/sync/runs/help-on.ts',
    find: 'if (run.open === 0 && !isDetecting(run)) return finishIfComplete(engine, run);',
    replace: '',
    killedBy: [restored],
  },
];
