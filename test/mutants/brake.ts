import type { Mutant } from './mutant.ts';
import { stores } from './tiers.ts';

const brakes = 'test/sync/brake.test.ts';
const rationed = 'test/property/brake.test.ts';
const withheld = 'test/core/merge/withhold.test.ts';
const conflicts = 'test/features/conflicts/conflicts.test.ts';

const store = 'functions/adapters/aws/dynamodb/runs/brakes.ts';
const withhold = 'functions/core/merge/withhold.ts';
const take = 'functions/sync/guards/take-act.ts';
const blanks = 'functions/sync/guards/withhold-blanks.ts';
const breaks = 'functions/sync/guards/withhold-break.ts';
const planGroup = 'functions/core/merge/plan-group.ts';
const resolve = 'functions/features/conflicts/decision.ts';
const standing = 'test/sync/brake-standing.test.ts';
const resolved = 'test/core/merge/resolved.test.ts';

const noLimit = {
  rule: 'B1',
  file: store,
  find: 'const within: Condition = sum ? { below: { taken: limit } } : { exists: false };',
  replace: 'const within: Condition = {};',
};

export const brakeMutants: readonly Mutant[] = [
  { id: 'brake-two-take-the-last', ...noLimit, killedBy: [stores] },
  {
    id: 'brake-allowance-without-end',
    rule: 'B1',
    file: take,
    find: "limit)) ? 'taken' : 'allowance';",
    replace: "limit)) ? 'taken' : 'taken';",
    killedBy: [rationed],
  },
  {
    id: 'brake-breaks-without-end',
    rule: 'B1',
    file: breaks,
    find: "if (verdict === 'taken') return undefined;",
    replace: 'if (verdict) return undefined;',
    killedBy: [brakes],
  },
  {
    id: 'brake-takes-twice',
    rule: 'B2',
    file: store,
    find: 'if (has) return true;',
    replace: 'if (has && !sum) return true;',
    killedBy: [stores],
  },
  {
    id: 'brake-withheld-not-due',
    rule: 'B3',
    file: withhold,
    find: "verdict: withheld && verdict === 'done' ? 'stays-due' : verdict,",
    replace: 'verdict,',
    killedBy: [brakes],
  },
  {
    id: 'brake-rest-of-group-written',
    rule: 'B4',
    file: withhold,
    find: 'if (part === undefined || !field.write) return field;',
    replace: 'return field;',
    killedBy: [withheld],
  },
  {
    id: 'brake-not-set',
    rule: 'B5',
    file: 'functions/sync/guards/stop-by-brake.ts',
    find: 'if (dryRun || counters.withheld === 0) return false;',
    replace: 'if (dryRun || counters.withheld >= 0) return false;',
    killedBy: [brakes],
  },
  {
    id: 'brake-heeded-by-nobody',
    rule: 'B6',
    file: take,
    find: "if (answer?.runId !== chunk.runId) return 'braked';",
    replace: "if (!answer) return 'taken';",
    killedBy: [brakes],
  },
  {
    id: 'brake-continue-without-end',
    rule: 'B7',
    file: 'functions/features/runs/answer-brake.ts',
    find: 'const limit = brake.withheld + limitOf(',
    replace: 'const limit = 1_000 + limitOf(',
    killedBy: [brakes],
  },
  {
    id: 'brake-answered-twice',
    rule: 'B7',
    file: 'functions/features/runs/answer-brake.ts',
    find: 'if (!run || hasEnded(run.state) ||',
    replace: 'if (!run || run.state ||',
    killedBy: [brakes],
  },
  {
    id: 'brake-answers-all-kinds',
    rule: 'B7',
    file: 'functions/features/runs/answer-brake.ts',
    find: 'brakes.filter(({ kind }) => kinds?.includes(kind) !== false)',
    replace: 'brakes.filter(({ kind }) => kinds?.includes(kind) !== undefined || kind)',
    killedBy: ['test/features/runs/brake-answers.test.ts'],
  },
  {
    id: 'brake-dropped-for-ever',
    rule: 'B8',
    file: 'functions/core/merge/plan.ts',
    find: "return held === 'asked' || moved ? rest : state;",
    replace: "return held === 'asked' ? rest : state;",
    killedBy: [withheld],
  },
  {
    id: 'brake-dropped-until-a-retry',
    rule: 'B8',
    file: 'functions/core/model/link-stand.ts',
    find: 'if (notRetried.includes(held)) continue;',
    replace: '',
    killedBy: ['test/features/runs/brake-answers.test.ts'],
  },
  {
    id: 'brake-lifted-too-soon',
    rule: 'B9',
    file: 'functions/sync/guards/lift-brakes.ts',
    find: 'if (withheld > 0) return false;',
    replace: 'if (withheld < 0) return false;',
    killedBy: [brakes],
  },
  {
    id: 'brake-believes-hidden-fields',
    rule: 'B10',
    file: blanks,
    find: 'const hidden = fieldsOf(whole, keys);',
    replace: 'const hidden = fieldsOf(whole, { crm: [], erp: [] });',
    killedBy: [brakes],
  },
  {
    id: 'brake-writes-over-hidden-fields',
    rule: 'B10',
    file: 'functions/core/merge/withhold.ts',
    find: '(state.agreed !== undefined && !isBlank(state.agreed[write.side]))',
    replace: '!state',
    killedBy: [brakes],
  },
  {
    id: 'brake-believes-hidden-types',
    rule: 'B10',
    file: take,
    find: 'if (access.read) return access;',
    replace: 'if (access) return access;',
    killedBy: [brakes],
  },
  {
    id: 'conflict-resolved-blindly',
    rule: 'B11',
    file: resolve,
    find: 'if (heldOn !== undefined && heldOn !== choiceFingerprint(now.crm, now.erp)) {',
    replace: 'if (heldOn === null) {',
    killedBy: [conflicts],
  },
  {
    id: 'conflict-entered-over-edits',
    rule: 'B11',
    file: 'functions/core/merge/chosen.ts',
    find: 'if (left.some((side) => fingerprint(facts[side]) !== saw[side])) return undefined;',
    replace: '',
    killedBy: ['test/core/merge/chosen.test.ts'],
  },
  {
    id: 'brake-unknown-look-logs',
    rule: 'L7',
    file: withhold,
    find: "if (verdict === 'unknown') return outcome;",
    replace: '',
    killedBy: [withheld],
  },
  {
    id: 'brake-hidden-part-alone',
    rule: 'B4',
    file: withhold,
    find: 'const parts = new Map(named.toReversed()',
    replace: 'const parts = new Map(named.filter(({ write }) => write)',
    killedBy: [withheld],
  },
  {
    id: 'brake-new-form-releases',
    rule: 'B8',
    file: 'functions/core/merge/form-version.ts',
    find: 'const { heldOn: _inOldForm, ...kept } = state;',
    replace: 'const kept = state;',
    killedBy: ['test/core/merge/form-version.test.ts'],
  },
  {
    id: 'conflict-part-unseen-is-no-act',
    rule: 'B12',
    file: planGroup,
    find: "if (own || !first.resolves) return { rule: 'chosen-at-connect' };",
    replace: "if (own || first.resolves) return { rule: 'resolved' };",
    killedBy: [resolved],
  },
  {
    id: 'conflict-part-entered',
    rule: 'B12',
    file: planGroup,
    find: 'entered && group.length === 1 ?',
    replace: 'entered ?',
    killedBy: [resolved],
  },
  {
    id: 'conflict-part-entered-by-a-person',
    rule: 'B12',
    file: resolve,
    find: 'if (isPart)',
    replace: 'if (!refuse)',
    killedBy: [conflicts],
  },
  {
    id: 'brake-broken-breaks-again',
    rule: 'B13',
    file: breaks,
    find: "if (link.state === 'broken') return undefined;",
    replace: '',
    killedBy: [standing],
  },
  {
    id: 'brake-paused-not-counted',
    rule: 'B13',
    file: 'functions/adapters/aws/dynamodb/links/summary-counters.ts',
    find: 'const kinds = isWatched(link.state) ?',
    replace: "const kinds = link.state !== 'paused' && isWatched(link.state) ?",
    killedBy: [standing],
  },
  {
    id: 'brake-stopped-still-withheld',
    rule: 'B14',
    file: 'functions/sync/look/record-stop.ts',
    find: 'mergedInto, seen, withheld: undefined, resyncsFromCrm: undefined };',
    replace: 'mergedInto, seen, resyncsFromCrm: undefined };',
    killedBy: [standing],
  },
  {
    id: 'brake-dropped-breaks-later',
    rule: 'B14',
    file: 'functions/sync/look/standing.ts',
    find: "link.stateReason === 'dropped' ? keptFromBreaking(broken) : broken",
    replace: 'broken',
    killedBy: [standing],
  },
  {
    id: 'brake-failure-begins-anew',
    rule: 'B5',
    file: 'functions/sync/guards/failure-of-brake.ts',
    find: 'return failureAgain(await failures.get(tenantId, now.id), {',
    replace: 'return failureAgain(undefined, {',
    killedBy: [brakes],
  },
  {
    id: 'brake-on-refusals-asks-where-nobody-can-answer',
    rule: 'B23',
    file: 'functions/sync/guards/failure-of-brake.ts',
    find: 'if (withheld === 0) return',
    replace: 'if (withheld < 0) return',
    killedBy: ['test/sync/brake-refusals.test.ts'],
  },
];
