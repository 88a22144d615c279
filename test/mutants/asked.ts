import type { Mutant } from './mutant.ts';

const core = 'test/core/merge/asked.test.ts';

/** Conflicts that a person is asked about. */
export const askedMutants: readonly Mutant[] = [
  {
    id: 'asked-and-decided',
    rule: 'M31',
    file: 'functions/core/merge/policy.ts',
    find: "if (policy.kind === 'ask') return 'ask';",
    replace: "if (policy.kind === 'ask') return { winner: 'crm', policy: 'ask' };",
    killedBy: [core],
  },
  {
    id: 'asked-and-not-held',
    rule: 'M31',
    file: 'functions/core/merge/plan-group.ts',
    find: "still(facts, 'asked', { ...facts.state, held: 'asked' })",
    replace: "still(facts, 'asked')",
    killedBy: [core],
  },
  {
    id: 'asked-for-ever',
    rule: 'M31',
    file: 'functions/core/merge/plan.ts',
    find: "held === 'asked' || moved",
    replace: 'moved',
    killedBy: [core],
  },
  {
    id: 'asked-and-lost',
    rule: 'M31',
    file: 'functions/core/merge/chosen.ts',
    find: "return asked && { winner, policy: 'resolved', base: asked.base, crm, erp };",
    replace: 'return undefined;',
    killedBy: ['test/features/conflicts/asked.test.ts'],
  },
  {
    id: 'many-named-none',
    rule: 'M32',
    file: 'functions/features/conflicts/resolve-conflicts.ts',
    find: "const refusal = 'error' in read ? refusalOfRead(read) : undefined;",
    replace: 'const refusal = undefined;',
    killedBy: ['test/features/conflicts/resolve-many.test.ts'],
  },
  {
    id: 'asked-and-dismissed-for-ever',
    rule: 'M31',
    file: 'functions/core/merge/plan-group.ts',
    find: '!unproven && !differs && !dismissed',
    replace: '!unproven && !differs && dismissed !== false',
    killedBy: ['test/features/conflicts/asked.test.ts'],
  },
  {
    id: 'decision-refused-forgotten-planned',
    rule: 'M34',
    file: 'functions/core/merge/plan-group.ts',
    find: "if (plan.rule !== 'refused' || !resolves) return plan;",
    replace: "if (plan.rule !== 'asked' || !resolves) return plan;",
    killedBy: ['test/features/conflicts/decision-refused.test.ts'],
  },
  {
    id: 'decision-refused-forgotten-written',
    rule: 'M34',
    file: 'functions/core/merge/field-outcome.ts',
    find: 'link.choices[one.field]?.resolves === true',
    replace: 'link.choices[one.field]?.resolves === false',
    killedBy: ['test/features/conflicts/decision-refused.test.ts'],
  },
  {
    id: 'decision-refused-stands-against',
    rule: 'M34',
    file: 'functions/features/conflicts/decision.ts',
    find: 'choices.has(part) && choices.get(part)?.side !== side',
    replace: 'choices.has(part) && choices.get(part)?.side === undefined',
    killedBy: ['test/features/conflicts/decision-refused.test.ts'],
  },
  {
    id: 'unmapped-still-counted',
    rule: 'M35',
    file: 'functions/core/merge/while-unmapped.ts',
    find: "if (state.held === 'dropped') return state;",
    replace: 'if (state.held) return state;',
    killedBy: ['test/features/mappings/unmapped-marks.test.ts'],
  },
];
