import type { Mutant } from './mutant.ts';
import { stores } from './tiers.ts';

const out = 'test/sync/chunks-out.test.ts';
const unsent = 'functions/adapters/aws/dynamodb/runs/unsent-chunks.ts';
const chains = 'functions/adapters/aws/dynamodb/runs/run-chains.ts';
const chunks = 'functions/adapters/aws/dynamodb/runs/run-chunks.ts';
const send = 'functions/sync/runs/send-chunks.ts';

/** How many messages of a run are out at once. */
export const outMutants: readonly Mutant[] = [
  {
    id: 'out-without-end',
    rule: 'R23',
    file: chains,
    find: 'fresh.slice(0, roomIn(item))',
    replace: 'fresh.slice()',
    killedBy: [stores, out],
  },
  {
    id: 'out-left-waiting-for-nobody',
    rule: 'R23',
    file: chains,
    find: '...seenRounds.equals, ...seenOut.equals }',
    replace: '...seenRounds.equals }',
    killedBy: [stores],
  },
  {
    id: 'out-next-never-sent',
    rule: 'R23',
    file: 'functions/sync/runs/go-on.ts',
    find: '  await sendNext(engine, run);\n',
    replace: '',
    killedBy: [out],
  },
  {
    id: 'out-sender-dead',
    rule: 'R23',
    file: 'functions/sync/look/look-at-chunk.ts',
    find: '  if (receives > 1 && (!turn || turn.chunk.apart)) await resendTaken(engine, run);\n',
    replace: '',
    killedBy: [out],
  },
  {
    id: 'out-sender-dead-over-a-place-given-up',
    rule: 'R23',
    file: 'functions/sync/look/look-at-chunk.ts',
    find: '(!turn || turn.chunk.apart)',
    replace: '!turn',
    killedBy: [out],
  },
  {
    id: 'out-more-than-a-transaction-takes',
    rule: 'R23',
    file: unsent,
    find: 'Math.min(mostChunksOut, Math.max(0, mostChunksOut - out))',
    replace: 'Math.max(0, mostChunksOut - out)',
    killedBy: [out],
  },
  {
    id: 'out-miscounted-for-good',
    rule: 'R23',
    file: 'functions/sync/runs/help-on.ts',
    find: 'await sendNext(engine, counted);',
    replace: 'if (counted) await sendNext(engine, run);',
    killedBy: [out],
  },
  {
    id: 'out-counted-over-what-moved',
    rule: 'R23',
    file: unsent,
    find: '...(run.out !== undefined && { out: run.out })',
    replace: '',
    killedBy: [stores],
  },
  {
    id: 'out-taken-by-two',
    rule: 'R23',
    file: unsent,
    find: '{ delete: keys.unsent(tenantId, runId, chunkId), when: { exists: true } }',
    replace: '{ delete: keys.unsent(tenantId, runId, chunkId) }',
    killedBy: [stores],
  },
  {
    id: 'out-taken-of-an-ended-run',
    rule: 'R23',
    file: unsent,
    find: "{ state: 'running', out: run.out ?? 0 }",
    replace: '{ out: run.out ?? 0 }',
    killedBy: [stores],
  },
  {
    id: 'out-resends-what-was-not-sent',
    rule: 'R23',
    file: send,
    find: 'open.filter(({ id }) => !unsent.has(id))',
    replace: 'open.slice(unsent.size - unsent.size)',
    killedBy: [out],
  },
  {
    id: 'out-stalled-for-good',
    rule: 'R23',
    file: 'functions/sync/runs/help-on.ts',
    find: '  await sendNext(engine, counted);\n',
    replace: '',
    killedBy: [out],
  },
  {
    id: 'out-of-an-ended-run-kept',
    rule: 'R23',
    file: 'functions/sync/runs/cancel-run.ts',
    find: '  await engine.runs.dropUnsent(run.tenantId, run.id);\n',
    replace: '',
    killedBy: [out],
  },
  {
    id: 'out-of-one-link-for-its-own-sake',
    rule: 'R24',
    file: 'functions/sync/look/plan-waits.ts',
    find: '  if (own || trouble) found.apart();\n',
    replace: '',
    killedBy: [out],
  },
  {
    id: 'out-of-a-system-that-is-down',
    rule: 'R24',
    file: 'functions/sync/look/plan-waits.ts',
    find: 'if (own || trouble) found.apart();',
    replace: 'found.apart();',
    killedBy: [out],
  },
  {
    id: 'out-place-given-up-twice',
    rule: 'R24',
    file: chunks,
    find: "when: { exists: true, absent: as && ['apart'] },",
    replace: 'when: { exists: true },',
    killedBy: [stores],
  },
  {
    id: 'out-place-given-up-again-at-the-end',
    rule: 'R24',
    file: chunks,
    find: '...(!chunk.apart && { out: -1 })',
    replace: 'out: -1',
    killedBy: [stores],
  },
];
