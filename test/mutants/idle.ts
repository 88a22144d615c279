import type { Mutant } from './mutant.ts';

const idle = 'functions/sync/runs/idle-look.ts';
const look = 'test/sync/idle-look.test.ts';
const lateness = 'test/sync/poll-lateness.test.ts';

/** Faults in the polls that end in the dispatcher. */
export const idleMutants: readonly Mutant[] = [
  {
    id: 'idle-despite-changes',
    rule: 'I1',
    file: idle,
    find: 'if (changed.some((linkIds) => linkIds.length > 0)) return false;',
    replace: '',
    killedBy: [look],
  },
  {
    id: 'idle-unless-read-whole',
    rule: 'I1',
    file: idle,
    find: 'if (page.complete) return { cursor: stored, records, next: cursor };',
    replace: 'return { cursor: stored, records, next: cursor };',
    killedBy: [look],
  },
  {
    id: 'idle-despite-a-failed-list',
    rule: 'I1',
    file: idle,
    find: 'return whole.length === cursors.length ? whole : undefined;',
    replace: 'return whole;',
    killedBy: [look],
  },
  {
    id: 'idle-despite-due-items',
    rule: 'I2',
    file: idle,
    find: ' || isUnfinished || isRipe)',
    replace: ' || isUnfinished)',
    killedBy: [look],
  },
  {
    id: 'idle-despite-set-aside',
    rule: 'I2',
    file: idle,
    find: ' || actorTypes.some(({ suspended }) => suspended)',
    replace: '',
    killedBy: [look],
  },
  {
    id: 'idle-despite-a-moved-connector',
    rule: 'I2',
    file: idle,
    find: 'if (!standsWhereTested(connection, stands)) return undefined;',
    replace: '',
    killedBy: [look],
  },
  {
    id: 'idle-despite-waiting-chains',
    rule: 'I2',
    file: idle,
    find: 'if (Object.keys(activity.chainsWaiting ?? {}).length > 0) return undefined;',
    replace: '',
    killedBy: [look],
  },
  {
    id: 'idle-for-ever',
    rule: 'I3',
    file: idle,
    find: 'if (engine.runtime.nowMs() > untilMs) return undefined;',
    replace: '',
    killedBy: [look],
  },
  {
    id: 'idle-moves-quiet-cursors',
    rule: 'I4',
    file: idle,
    find: 'const moved = lists.filter((list) => !isQuiet(engine, list));',
    replace: 'const moved = lists;',
    killedBy: [look],
  },
  {
    id: 'idle-poll-tells-no-lateness',
    rule: 'I5',
    file: idle,
    find: 'tellLateness(engine, { ...setup, tenant }, activity);',
    replace: '',
    killedBy: [lateness],
  },
  {
    id: 'poll-put-off-tells-no-lateness',
    rule: 'I5',
    file: 'functions/sync/runs/dispatch-poll.ts',
    find: 'if (isPoll) tellLateness(engine, { ...setup, tenant }, activity);',
    replace: '',
    killedBy: [lateness],
  },
  {
    id: 'late-while-stopped',
    rule: 'I5',
    file: 'functions/sync/runs/poll-lateness.ts',
    find: '[lastPolledAt, polledSince, changedAt]',
    replace: '[lastPolledAt, polledSince]',
    killedBy: [lateness],
  },
  {
    id: 'late-before-switched-on',
    rule: 'I5',
    file: 'functions/sync/runs/poll-lateness.ts',
    find: '[lastPolledAt, polledSince, changedAt]',
    replace: '[lastPolledAt, changedAt]',
    killedBy: [lateness],
  },
];
