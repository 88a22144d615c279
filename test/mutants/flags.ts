import type { Mutant } from './mutant.ts';

const enforced = 'test/core/merge/enforce.test.ts';
const kept = 'test/core/merge/keep-blanks-back.test.ts';
const table = 'test/core/merge/plan.test.ts';
const synced = 'test/sync/mapping-flags.test.ts';
const enforceFile = 'functions/core/merge/enforce.ts';
const keptFile = 'functions/core/merge/keep-blanks-back.ts';
const groupFile = 'functions/core/merge/plan-group.ts';

/** Mapped fields that are enforced, or keep no blanks. */
export const flagMutants: readonly Mutant[] = [
  {
    id: 'enforce-puts-nothing-back',
    rule: 'M40',
    file: groupFile,
    find: 'if (target && isEnforced(group, target)) return restore(',
    replace: 'if (target && !target) return restore(',
    killedBy: [table, enforced, synced],
  },
  {
    id: 'enforce-without-the-flag',
    rule: 'M40',
    file: enforceFile,
    find: 'isEdited && group.some(({ mapped }) => mapped.enforce)',
    replace: 'isEdited',
    killedBy: [table],
  },
  {
    id: 'enforce-logs-no-loser',
    rule: 'M40',
    file: enforceFile,
    find: "'restored', mark, conflict)",
    replace: "'restored', mark, conflict.base && undefined)",
    killedBy: [enforced, synced],
  },
  {
    id: 'enforce-against-the-system-itself',
    rule: 'M40',
    file: enforceFile,
    find: 'state.unproven?.side === target',
    replace: "state.held === 'asked' && state.unproven?.side === target",
    killedBy: [enforced],
  },
  {
    id: 'enforce-forgets-what-it-found',
    rule: 'M40',
    file: enforceFile,
    find: ', untravelled: true }',
    replace: ' }',
    killedBy: [enforced],
  },
  {
    id: 'no-blanks-with-blanks-all-the-same',
    rule: 'M41',
    file: keptFile,
    find: '!(everywhere || mapped.noBlanks)',
    replace: '!everywhere',
    killedBy: [table, kept, synced],
  },
  {
    id: 'no-blanks-of-a-resync-travel',
    rule: 'M30',
    file: keptFile,
    find: 'keptBack(plan) : plan))',
    replace: '(everywhere ? plan : keptBack(plan)) : plan))',
    killedBy: ['test/core/merge/resync.test.ts', 'test/sync/resync.test.ts'],
  },
  {
    id: 'no-blanks-over-a-choice',
    rule: 'M41',
    file: keptFile,
    find: '!write || persons.includes(rule) || ',
    replace: '!write || ',
    killedBy: [kept],
  },
  {
    id: 'no-blanks-kept-and-lost',
    rule: 'M41',
    file: keptFile,
    find: 'const untravelled = hasUntravelled(plan) || undefined;',
    replace: 'const untravelled = hasUntravelled(plan) && undefined;',
    killedBy: [kept],
  },
  {
    id: 'no-blanks-kept-and-not-logged',
    rule: 'M41',
    file: 'functions/core/merge/field-plan.ts',
    find: "if (state.untravelled) return 'untravelled';",
    replace: '',
    killedBy: [kept, enforced],
  },
  {
    id: 'no-blanks-kept-in-part',
    rule: 'M41',
    file: groupFile,
    find: ' || differing.some(isKeptBack)',
    replace: '',
    killedBy: [kept],
  },
  {
    id: 'no-blanks-over-what-is-hidden',
    rule: 'M41',
    file: 'functions/core/merge/withhold.ts',
    find: 'state.keptBack === true || ',
    replace: '',
    killedBy: ['test/core/merge/withhold.test.ts'],
  },
  {
    id: 'enforce-both-ways',
    rule: 'M42',
    file: 'functions/core/mapping/mapping-faults.ts',
    find: 'row.enforce && !onlyTarget(row.direction)',
    replace: 'row.enforce && false',
    killedBy: ['test/core/mapping/mapping-faults.test.ts', 'test/features/mappings/mapping-flags.test.ts'],
  },
  {
    id: 'enforce-half-a-value',
    rule: 'M42',
    file: 'functions/core/mapping/mapping-faults.ts',
    find: 'enforce !== (row.enforce ?? false)',
    replace: 'enforce && !enforce && row.enforce',
    killedBy: ['test/core/mapping/mapping-faults.test.ts'],
  },
  {
    id: 'flags-not-compared',
    rule: 'M42',
    file: 'functions/core/mapping/mapped-fields.ts',
    find: 'enforce: enforce || undefined',
    replace: 'enforce: enforce && undefined',
    killedBy: ['test/core/mapping/mapping-fingerprint.test.ts', 'test/features/mappings/mapping-flags.test.ts'],
  },
  {
    id: 'group-clash-over-what-agrees',
    rule: 'M43',
    file: groupFile,
    find: 'if (agreeing(facts)) return false;',
    replace: '',
    killedBy: [kept],
  },
];
