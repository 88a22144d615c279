import type { Mutant } from './mutant.ts';

const kinds = 'test/sync/brake-kinds.test.ts';
const refusals = 'test/sync/brake-refusals.test.ts';
const repeats = 'test/core/merge/repeated-values.test.ts';
const uniform = 'test/core/merge/uniform-in.test.ts';
const swaps = 'test/core/merge/swaps-in.test.ts';

const repeatedValues = 'functions/core/merge/repeated-values.ts';
const uniformIn = 'functions/core/merge/uniform-in.ts';
const withholdActs = 'functions/sync/guards/withhold-acts.ts';
const ration = 'functions/sync/guards/ration-refusals.ts';

export const brakeKindMutants: readonly Mutant[] = [
  {
    id: 'brake-uniform-few-of-many',
    rule: 'B15',
    file: repeatedValues,
    find: 'if (olds.size >= leastRepeats && same >= differing * leastShare)',
    replace: 'if (olds.size >= leastRepeats && same >= leastShare)',
    killedBy: [repeats],
  },
  {
    id: 'brake-uniform-counts-links',
    rule: 'B15',
    file: withholdActs,
    find: 'taker: valueMark(field, textOf(mapped, side, act[side])) };',
    replace: 'taker: link.id };',
    killedBy: [kinds],
  },
  {
    id: 'brake-uniform-numbers-too',
    rule: 'B15',
    file: repeatedValues,
    find: "return crm.type === 'text' && erp.type === 'text';",
    replace: 'return crm.type === erp.type;',
    killedBy: [repeats],
  },
  {
    id: 'brake-uniform-alone-slips-through',
    rule: 'B16',
    file: withholdActs,
    find: 'withheld: [withheld?.uniform?.sent, ...shown],',
    replace: 'withheld: shown.slice(shown.length),',
    killedBy: [kinds],
  },
  {
    id: 'brake-uniform-holds-any-text',
    rule: 'B16',
    file: uniformIn,
    find: 'sent?.[plan.field] === mark',
    replace: 'sent?.[plan.field] !== mark',
    killedBy: [uniform],
  },
  {
    id: 'brake-uniform-rest-unseen',
    rule: 'B17',
    file: uniformIn,
    find: 'if (isRest ? isOwnText(mapped) :',
    replace: 'if (isRest ? !isOwnText(mapped) :',
    killedBy: [uniform],
  },
  {
    id: 'brake-uniform-rest-taken-for-all',
    rule: 'B17',
    file: 'functions/sync/look/look-at-chunk.ts',
    find: 'linkIds.length < leastRepeats && chunk.linkIds.length >= leastRepeats;',
    replace: 'linkIds.length < leastRepeats && chunk.linkIds.length < leastRepeats;',
    killedBy: [kinds],
  },
  {
    id: 'brake-swaps-not-rationed',
    rule: 'B18',
    file: withholdActs,
    find: 'if (swaps.length === 0) return before;',
    replace: 'if (swaps.length >= 0) return before;',
    killedBy: [kinds],
  },
  {
    id: 'brake-swaps-copies-too',
    rule: 'B18',
    file: 'functions/core/merge/swaps-in.ts',
    find: 'if (![...moves.keys()].some((to) => givers.has(to)) || givers.size < 2) return [];',
    replace: 'if (givers.size < 2) return [];',
    killedBy: [swaps],
  },
  {
    id: 'brake-refusals-without-end',
    rule: 'B19',
    file: ration,
    find: "if (verdict === 'taken') continue;",
    replace: 'if (verdict) continue;',
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-of-one-in-two',
    rule: 'B20',
    file: 'functions/sync/guards/refusal-tally.ts',
    find: 'const leastThatTell = 3;',
    replace: 'const leastThatTell = 1;',
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-of-faulty-records',
    rule: 'B20',
    file: 'functions/sync/guards/refusal-tally.ts',
    find: '2 * refused.length < sent ? [] : refused',
    replace: 'refused',
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-all-try',
    rule: 'B21',
    file: ration,
    find: "if (trier === id) return 'taken';",
    replace: "if (trier) return 'taken';",
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-taken-unnoticed',
    rule: 'B21',
    file: ration,
    find: 'if (!isRefused && isAmong(known, scope)',
    replace: 'if (isRefused && isAmong(known, scope)',
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-set-again',
    rule: 'B21',
    file: 'functions/sync/guards/stop-by-brake.ts',
    find: "(kind !== 'refusals' || stands(kind))",
    replace: "(kind === 'refusals' || !stands(kind))",
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-over-at-once',
    rule: 'B21',
    file: 'functions/sync/guards/lift-brakes.ts',
    find: "return kind !== 'refusals' || answer",
    replace: "return kind !== 'breaks' || answer",
    killedBy: [refusals],
  },
  {
    id: 'brake-refusals-answered-by-another',
    rule: 'B21',
    file: 'functions/sync/guards/stop-by-brake.ts',
    find: 'before.withheld > 0 ? before.runId : run.id',
    replace: 'before.runId',
    killedBy: [refusals],
  },
  {
    id: 'brake-resync-left-as-usual',
    rule: 'M33',
    file: 'functions/core/merge/plan-resync.ts',
    find: 'isBlank(facts[winner]) || valueMark(field, facts[winner]) === sent[field];',
    replace: 'isBlank(facts[winner]) || valueMark(field, facts[winner]) === sent[winner];',
    killedBy: [kinds],
  },
  {
    id: 'brake-empty-list-takes-pairs',
    rule: 'B22',
    file: 'functions/core/mapping/list-pairing.ts',
    find: 'return { ...pairs, ...fresh };',
    replace: 'return fresh;',
    killedBy: ['test/features/systems/empty-answers.test.ts'],
  },
];
