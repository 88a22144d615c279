import type { Mutant } from './mutant.ts';

const stopped = 'test/sync/stopped-engine.test.ts';
const api = 'test/features/engine/engine-switch.test.ts';
const start = 'functions/sync/runs/start-run.ts';
const cancel = 'functions/sync/runs/cancel-run.ts';

/** What goes on while the engine is stopped. */
export const stoppedMutants: readonly Mutant[] = [
  {
    id: 'stopped-and-run-started',
    rule: 'R25',
    file: start,
    find: 'if (isEngineStopped(tenant) && !run.forced) {',
    replace: 'if (isEngineStopped(undefined) && !run.forced) {',
    killedBy: [stopped],
  },
  {
    id: 'stopped-and-nothing-forced',
    rule: 'R25',
    file: start,
    find: 'return forced === true || dryRun === true || forcedBy.includes(trigger.by);',
    replace: 'return forced === true;',
    killedBy: [stopped],
  },
  {
    id: 'stopped-and-polled',
    rule: 'R25',
    file: 'functions/sync/runs/idle-look.ts',
    find: '  if (isEngineStopped(tenant)) return true;\n',
    replace: '',
    killedBy: [stopped],
  },
  {
    id: 'stopped-and-dispatched',
    rule: 'R25',
    file: 'functions/sync/runs/dispatch-poll.ts',
    find: 'if (isEngineStopped(tenant)) return dispatchStopped(engine, tenantId, connectionId);',
    replace: '',
    killedBy: [stopped],
  },
  {
    id: 'stopped-and-looked',
    rule: 'R25',
    file: 'functions/sync/open-ends.ts',
    find: 'if (isEngineStopped(stored.tenant) && !run.forced) return undefined;',
    replace: 'if (isEngineStopped(undefined) && !run.forced) return undefined;',
    killedBy: [stopped],
  },
  {
    id: 'stopped-with-what-was-forced',
    rule: 'R25',
    file: cancel,
    find: '&& !run.forced ?',
    replace: '?',
    killedBy: [stopped],
  },
  {
    id: 'stopped-run-met-lives-on',
    rule: 'R25',
    file: cancel,
    find: "return isEngineStopped(tenant) && !run.forced ? 'engine-stopped' : undefined;",
    replace: 'return isEngineStopped(tenant) ? undefined : undefined;',
    killedBy: [stopped],
  },
  {
    id: 'stopped-and-left-under-way',
    rule: 'R25',
    file: 'functions/features/engine/engine-switch.ts',
    find: '    else await cancelUnforced(app, tenantId, connection.id);\n',
    replace: '',
    killedBy: [api],
  },
  {
    id: 'started-without-comparison',
    rule: 'R25',
    file: 'functions/features/engine/engine-switch.ts',
    find: '    if (running) await compareWhatChanged(app, connection, caller);\n    else',
    replace: '    if (!running)',
    killedBy: [api],
  },
  {
    id: 'stopped-and-never-compared',
    rule: 'R27',
    file: 'functions/sync/runs/cancel-run.ts',
    find: 'await compareLater(engine, run);',
    replace: '',
    killedBy: ['test/sync/stopped-engine.test.ts'],
  },
  {
    id: 'stopped-and-compared-for-nobody',
    rule: 'R27',
    file: 'functions/sync/runs/cancel-run.ts',
    find: 'dryRun || isPassing(run) || !isDetecting(run)',
    replace: 'dryRun || !isDetecting(run)',
    killedBy: ['test/sync/stopped-engine.test.ts'],
  },
];
