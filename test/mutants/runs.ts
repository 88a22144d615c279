import type { Mutant } from './mutant.ts';
import { deaths, dispatch, engine } from './tiers.ts';

const stallTests = 'test/core/timing/stalled-or-abandoned.test.ts';

const poll = 'functions/sync/runs/dispatch-poll.ts';
const start = 'functions/sync/runs/start-run.ts';
const cancel = 'functions/sync/runs/cancel-run.ts';
const helpOn = 'functions/sync/runs/help-on.ts';
const slots = 'functions/sync/runs/slots.ts';
const finish = 'functions/sync/runs/finish-run.ts';
const stall = 'functions/core/timing/stalled-or-abandoned.ts';

export const runMutants: readonly Mutant[] = [
  {
    id: 'run-sixty-hours',
    rule: 'R10',
    file: stall,
    find: '6 * 3_600_000',
    replace: '60 * 3_600_000',
    killedBy: [stallTests],
  },
  {
    id: 'run-dead-slot-kept',
    rule: 'R7',
    file: slots,
    find: 'if (inSlot && !hasEnded(inSlot.state)) return runId;',
    replace: 'if (inSlot) return runId;',
    killedBy: [dispatch],
  },
  {
    id: 'run-lost-chunks-not-resent',
    rule: 'R8',
    file: helpOn,
    find: 'await resendChunks(engine, run)',
    replace: 'await engine.runs.openChunks(run.tenantId, run.id)',
    killedBy: [dispatch],
  },
  {
    id: 'run-lost-chains-not-resent',
    rule: 'R8',
    file: helpOn,
    find: 'Object.entries(run.chains).map(([chain, at]) => detectMessage(run, chain, at.page))',
    replace: '[]',
    killedBy: [dispatch],
  },
  {
    id: 'run-chains-resent-from-start',
    rule: 'R8',
    file: helpOn,
    find: 'detectMessage(run, chain, at.page)',
    replace: 'detectMessage(run, chain, 0)',
    killedBy: [dispatch],
  },
  {
    id: 'run-complete-chunks-stay-open',
    rule: 'R8',
    file: helpOn,
    find: 'chunks.filter(({ pending }) => pending.length === 0)',
    replace: 'chunks.filter(() => false)',
    killedBy: [deaths],
  },
  {
    id: 'run-helped-at-every-poll',
    rule: 'R9',
    file: stall,
    find: 'return nowMs - Math.max(Date.parse(run.lastProgressAt), waitsUntilMs) >= stalledAfterMs;',
    replace: 'return true;',
    killedBy: [stallTests],
  },
  {
    id: 'run-wait-not-heeded',
    rule: 'R9',
    file: stall,
    find: 'Math.max(Date.parse(run.lastProgressAt), waitsUntilMs)',
    replace: 'Date.parse(run.lastProgressAt)',
    killedBy: [stallTests],
  },
  {
    id: 'run-never-ended-by-dispatcher',
    rule: 'R13',
    file: helpOn,
    find: 'if (run.open === 0 && !isDetecting(run)) return finishIfComplete(engine, run);',
    replace: 'if (run.open === 0 && !isDetecting(run)) return;',
    killedBy: [deaths],
  },
  {
    id: 'run-failures-hidden',
    rule: 'R3',
    file: finish,
    find: 'run.counters.failed > 0 ||',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'run-refusals-hidden',
    rule: 'R3',
    file: finish,
    find: '|| run.counters.rejected > 0;',
    replace: ';',
    killedBy: [engine],
  },
  {
    id: 'run-cancel-keeps-slot',
    rule: 'R7',
    file: cancel,
    find: 'await passSlotOn(engine, after);',
    replace: '',
    killedBy: [dispatch],
  },
  {
    id: 'run-end-keeps-slot',
    rule: 'R7',
    file: slots,
    find: '  await passSlotOn(engine, after);\n',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'run-promoted-without-messages',
    rule: 'R7',
    file: slots,
    find: 'if (next) await startChains(engine, next);',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'run-named-not-due',
    rule: 'R11',
    file: start,
    find: 'if (!run.dryRun) await engine.dueItems.putMany(duesOf(engine, chunks));',
    replace: '',
    killedBy: [dispatch],
  },
  {
    id: 'run-started-while-inactive',
    rule: 'R11',
    file: start,
    find: "if (setup.connection.state !== 'active') {",
    replace: "if (setup.connection.state === 'inactive' && !request) {",
    killedBy: [engine],
  },
  {
    id: 'run-polls-between-polls',
    rule: 'R12',
    file: poll,
    find: "isPoll ? undefined : ['due']",
    replace: 'undefined',
    killedBy: [engine],
  },
  {
    id: 'run-compares-at-every-poll',
    rule: 'R12',
    file: poll,
    find: 'if (activity.lastComparedDay === day) return;',
    replace: '',
    killedBy: [engine],
  },
];
