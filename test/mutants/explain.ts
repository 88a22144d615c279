import type { Mutant } from './mutant.ts';

const explained = 'test/features/links/explain-link.test.ts';
const situations = 'test/core/explain/field-situation.test.ts';
const withheld = 'test/features/links/explain-withheld.test.ts';

/** Why a field has its value. */
export const explainMutants: readonly Mutant[] = [
  {
    id: 'explain-not-what-comes-next',
    rule: 'X1',
    file: 'functions/core/explain/field-situation.ts',
    find: 'next: { side, value, rule } };',
    replace: 'next: undefined };',
    killedBy: [situations, explained],
  },
  {
    id: 'explain-without-what-is-remembered',
    rule: 'X1',
    file: 'functions/core/explain/field-situation.ts',
    find: 'if (moved.length > 0) {',
    replace: 'if (moved.length > 2) {',
    killedBy: [situations, explained],
  },
  {
    id: 'explain-without-a-plan',
    rule: 'X1',
    file: 'functions/features/links/explain-link.ts',
    find: 'if (!isLive(link.state) || !setup || !tenant) return undefined;',
    replace: 'if (isLive(link.state) || !setup || !tenant) return undefined;',
    killedBy: [explained],
  },
  {
    id: 'explain-nothing-where-one-side-fails',
    rule: 'X2',
    file: 'functions/features/links/read-each-side.ts',
    find: 'return inTrouble(troubleOf(side, failure));',
    replace: 'throw failure;',
    killedBy: [explained],
  },
  {
    id: 'explain-by-asking-a-suspended-connection',
    rule: 'X2',
    file: 'functions/features/links/read-each-side.ts',
    find: "if (state === 'suspended')",
    replace: "if (state === 'deleted')",
    killedBy: [explained],
  },
  {
    id: 'explain-though-asked-for-patience',
    rule: 'X2',
    file: 'functions/sync/open-ends.ts',
    find: 'return error ?? openEnd(engine, side, { tenant, setup, breaker: breakers[side] });',
    replace: 'return error && openEnd(engine, side, { tenant, setup, breaker: breakers[side] });',
    killedBy: [explained],
  },
  {
    id: 'explain-by-another-record',
    rule: 'X3',
    file: 'functions/features/links/last-changes.ts',
    find: 'if (isOfThese && !byField',
    replace: 'if (!byField',
    killedBy: [explained],
  },
  {
    id: 'explain-by-the-first-change',
    rule: 'X3',
    file: 'functions/features/links/last-changes.ts',
    find: 'isOfThese && !byField.has(fieldKey(change))',
    replace: 'isOfThese',
    killedBy: [explained],
  },
  {
    id: 'explain-what-is-withheld-as-written-next',
    rule: 'X4',
    file: 'functions/features/links/explain-link.ts',
    find: 'return withoutWithheld(plan, link);',
    replace: 'return link.withheld?.blanks ? withoutWithheld(plan, link) : plan;',
    killedBy: [withheld],
  },
  {
    id: 'explain-withheld-blanks-only',
    rule: 'X4',
    file: 'functions/core/explain/field-situation.ts',
    find: "['blanks', 'uniform', 'swaps', 'refusals']",
    replace: "['blanks']",
    killedBy: [situations, withheld],
  },
  {
    id: 'explain-what-was-put-right-as-withheld',
    rule: 'X4',
    file: 'functions/core/explain/without-withheld.ts',
    find: ' || sent[plan.field] === withheldMark(plan);',
    replace: ' || sent[plan.field] !== undefined;',
    killedBy: [situations],
  },
  {
    id: 'explain-without-what-decided',
    rule: 'X5',
    file: 'functions/core/explain/field-situation.ts',
    find: 'ruleText(rule, conflict?.policy)',
    replace: 'ruleText(rule)',
    killedBy: [situations],
  },
  {
    id: 'explain-without-the-order-of-the-connections',
    rule: 'X5',
    file: 'functions/core/explain/rule-texts.ts',
    find: "'sync-priority':",
    replace: "'sync-order':",
    killedBy: [situations],
  },
];
