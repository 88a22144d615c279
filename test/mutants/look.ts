import type { Mutant } from './mutant.ts';
import { deaths, engine, histories, meanwhile, outcome as outcomes, stores, waits, writes } from './tiers.ts';

const round = 'functions/sync/look/look-round.ts';
const record = 'functions/sync/look/record-step.ts';
const chunk = 'functions/sync/look/look-at-chunk.ts';
const apply = 'functions/sync/look/apply-writes.ts';
const settle = 'functions/sync/look/settle-expired-intent.ts';
const postpone = 'functions/sync/look/postpone-links.ts';
const gone = 'functions/sync/look/break-link.ts';
const outcome = 'functions/core/merge/outcome.ts';
const seen = 'functions/core/merge/seen.ts';
const receives = 'functions/core/timing/receives.ts';
const claims = 'functions/adapters/aws/dynamodb/links/link-claims.ts';

const dueReadLate = {
  rule: 'L1',
  file: round,
  find: 'const reads = await readBoth(context, looking);',
  replace: `const reads = await readBoth(context, looking);
  const late = await engine.dueItems.getMany(chunk.tenantId, chunk.connectionId, linkIds);
  round.dues = new Map(late.map((due) => [due.linkId, due]));`,
};

export const lookMutants: readonly Mutant[] = [
  { id: 'look-due-read-late', ...dueReadLate, killedBy: [writes] },
  { id: 'look-due-read-late-in-histories', ...dueReadLate, killedBy: [histories] },
  {
    id: 'look-gone-at-first-read',
    rule: 'L2',
    file: 'functions/sync/look/confirm-gone.ts',
    find: 'if (first.missing.length === 0) return first;',
    replace: 'if (first) return first;',
    killedBy: [writes],
  },
  {
    id: 'look-disconnect-overwritten',
    rule: 'L8',
    file: record,
    find: 'const state = current.state === before.state ? after.state : current.state;',
    replace: 'const state = after.state;',
    killedBy: [meanwhile],
  },
  {
    id: 'look-disconnected-stays-due',
    rule: 'L8',
    file: record,
    find: 'staysDue: isLive(state) ? staysDue : undefined,',
    replace: 'staysDue,',
    killedBy: [meanwhile],
  },
  {
    id: 'look-lease-ignored',
    rule: 'L4',
    file: round,
    find: 'if (leftMs >= 0) return {',
    replace: 'if (leftMs >= 1e15) return {',
    killedBy: [meanwhile],
  },
  {
    id: 'look-no-intent',
    rule: 'L3',
    file: 'functions/sync/look/take-intent.ts',
    find: 'return engine.links.takeIntent(planned.link, intent);',
    replace: 'return Promise.resolve(planned.link);',
    killedBy: [deaths],
  },
  {
    id: 'look-records-without-lease',
    rule: 'L8',
    file: record,
    find: "if (!intent || current?.intent?.token !== intent.token) return 'superseded';",
    replace: '',
    killedBy: [meanwhile],
  },
  {
    id: 'look-answered-stays-in-intent',
    rule: 'L7',
    file: outcome,
    find: "intent.writes.filter((write) => answers[write.side].outcome === 'unknown')",
    replace: "intent.writes.filter(() => sides.some((side) => answers[side].outcome === 'unknown'))",
    killedBy: [outcomes],
  },
  {
    id: 'look-unknown-forgotten',
    rule: 'L7',
    file: outcome,
    find: "answers[write.side].outcome === 'unknown'",
    replace: "answers[write.side].outcome === 'none'",
    killedBy: [outcomes],
  },
  {
    id: 'look-defect-not-sent',
    rule: 'L6',
    file: apply,
    find: "error.kind === 'unknown-outcome' || error.kind === 'defect'",
    replace: "error.kind === 'unknown-outcome'",
    killedBy: [writes],
  },
  {
    id: 'look-unguarded-write',
    rule: 'L5',
    file: apply,
    find: 'values: writes, replaces }',
    replace: 'values: writes, replaces: {} }',
    killedBy: [histories],
  },
  {
    id: 'look-settled-for-nobody',
    rule: 'S6',
    file: settle,
    find: 'deltas: countsOf(made)',
    replace: 'deltas: {}',
    killedBy: [deaths],
  },
  {
    id: 'look-settled-unlogged',
    rule: 'S6',
    file: settle,
    find: '    changes,\n',
    replace: '    changes: [],\n',
    killedBy: [deaths],
  },
  {
    id: 'look-settled-for-another-run',
    rule: 'S6',
    file: settle,
    find: 'const facts = { link, runId,',
    replace: "const facts = { link, runId: 'another',",
    killedBy: [deaths],
  },
  {
    id: 'look-never-stays-due',
    rule: 'L9',
    file: record,
    find: `removesDue: verdict === 'done' ? dues.get(before.id)?.sequence : undefined,
    staysDue:
      verdict === 'done'
        ? undefined
        : { ...dueOf(before, engine.runtime.newId(), ends ? undefined : { runId, chunkId }), notBefore },`,
    replace: 'removesDue: dues.get(before.id)?.sequence,',
    killedBy: [meanwhile],
  },
  {
    id: 'look-refusal-not-halved',
    rule: 'L10',
    file: 'functions/core/merge/halving.ts',
    find: 'return Math.ceil(writesIn(plan) / 2);',
    replace: 'return writesIn(plan);',
    killedBy: [engine],
  },
  {
    id: 'look-throttling-spends',
    rule: 'F2',
    file: chunk,
    find: 'spends: spendsAttempt(error.kind)',
    replace: 'spends: true',
    killedBy: [waits],
  },
  {
    id: 'look-throttled-write-spends',
    rule: 'F2',
    file: record,
    find: 'spends: spendsAttempt(error?.kind)',
    replace: 'spends: true',
    killedBy: [waits],
  },
  {
    id: 'look-postponed-asked-at-once',
    rule: 'F1',
    file: postpone,
    find: '{ ...dueOf(link, engine.runtime.newId()), notBefore }',
    replace: 'dueOf(link, engine.runtime.newId())',
    killedBy: [waits],
  },
  {
    id: 'look-postponed-not-due',
    rule: 'F1',
    file: postpone,
    find: 'staysDue: isLive(link.state) ? {',
    replace: 'staysDue: link.state === undefined ? {',
    killedBy: [waits],
  },
  {
    id: 'look-never-split',
    rule: 'F4',
    file: receives,
    find: 'export const splitAtReceive = 3;',
    replace: 'export const splitAtReceive = 30;',
    killedBy: [engine],
  },
  {
    id: 'look-never-given-up',
    rule: 'F4',
    file: receives,
    find: 'export const failAtReceive = 4;',
    replace: 'export const failAtReceive = 40;',
    killedBy: [engine],
  },
  {
    id: 'look-after-the-end',
    rule: 'L11',
    file: chunk,
    find: 'if (hasEnded(run.state)) return close(engine, run, chunkId);',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'look-while-inactive',
    rule: 'L11',
    file: 'functions/sync/open-ends.ts',
    find: "if (setup?.connection.state !== 'active') return undefined;",
    replace: 'if (!setup) return undefined;',
    killedBy: [engine],
  },
  {
    id: 'look-failure-stays',
    rule: 'L13',
    file: outcome,
    find: 'closesFailures: link.openFailures.filter((id) => !open.has(id))',
    replace: 'closesFailures: []',
    killedBy: [outcomes],
  },
  {
    id: 'look-unproven-as-sent',
    rule: 'L12',
    file: 'functions/core/merge/field-outcome.ts',
    find: 'const kept = proven ? (stored[key] ?? null) : sent;',
    replace: 'const kept = sent;',
    killedBy: [outcomes],
  },
  {
    id: 'look-unproven-as-seen',
    rule: 'L12',
    file: seen,
    find: "if (answer.outcome !== 'ok' || answer.version === undefined || answer.stored === undefined) return undefined;",
    replace:
      "if (answer.outcome !== 'ok') return undefined;\n  if (answer.version === undefined || answer.stored === undefined) return seenState(read, covered);",
    killedBy: [outcomes],
  },
  {
    id: 'look-strange-edit-as-seen',
    rule: 'L12',
    file: seen,
    find: 'if (strange || covered.some(',
    replace: 'if (covered.some(',
    killedBy: [outcomes],
  },
  {
    id: 'look-plans-on-unsettled',
    rule: 'L15',
    file: round,
    find: 'const link = await settleExpiredIntent(round, found, read);',
    replace: "const link: typeof found | 'superseded' = found;",
    killedBy: [writes],
  },
  {
    id: 'look-stale-is-done',
    rule: 'L16',
    file: outcome,
    find: "answered('stale', 'missing', 'rejected')",
    replace: "answered('missing', 'rejected')",
    killedBy: [outcomes],
  },
  {
    id: 'look-gone-without-reason',
    rule: 'L17',
    file: gone,
    find: 'stateReason: reasons[gone],',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'look-gone-gives-claims-back',
    rule: 'L17',
    file: gone,
    find: "return stored === 'superseded' ? again : { verdict: 'recorded' };",
    replace: `if (stored === 'superseded') return again;
  await engine.links.disconnect(stored);
  return { verdict: 'recorded' };`,
    killedBy: [engine],
  },
  {
    id: 'look-connected-not-due',
    rule: 'L18',
    file: claims,
    find: '{ put: dueItem(due) },\n    ...summaryWrites(undefined, link),',
    replace: '...summaryWrites(undefined, link),',
    killedBy: [stores],
  },
  {
    id: 'look-restored-not-due',
    rule: 'L18',
    file: claims,
    find: 'linkWrite(before, after),\n    { put: dueItem(due) },',
    replace: 'linkWrite(before, after),',
    killedBy: [stores],
  },
];
