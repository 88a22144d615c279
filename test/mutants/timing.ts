import type { Mutant } from './mutant.ts';
import { lanes as laneTests, retry as retryTests } from './tiers.ts';

const retry = 'functions/core/timing/retry.ts';
const lanes = 'functions/core/timing/lanes.ts';

export const timingMutants: readonly Mutant[] = [
  {
    id: 'timing-short-waits',
    rule: 'Six attempts take about half an hour.',
    file: retry,
    find: 'const firstWaitMs = 10_000;',
    replace: 'const firstWaitMs = 1_000;',
    killedBy: [retryTests],
  },
  {
    id: 'timing-given-time-ignored',
    rule: 'Throttling waits the time given.',
    file: retry,
    find: 'if (retryAfterMs !== undefined) return',
    replace: 'if (retryAfterMs === 0) return',
    killedBy: [retryTests],
  },
  {
    id: 'timing-password-tried-again',
    rule: 'A refused sign-in suspends the connection.',
    file: retry,
    find: "unauthorised: 'suspend'",
    replace: "unauthorised: 'wait'",
    killedBy: [retryTests],
  },
  {
    id: 'timing-lane-of-background',
    rule: 'Background work goes one lane below its connection.',
    file: lanes,
    find: 'connectionLane : oneLaneLower(connectionLane)',
    replace: 'connectionLane : connectionLane',
    killedBy: [laneTests],
  },
  {
    id: 'timing-first-third',
    rule: 'The first third of the connections, rounded up, is in the high lane.',
    file: lanes,
    find: 'Math.ceil(activeConnections / 3)',
    replace: 'Math.floor(activeConnections / 3)',
    killedBy: [laneTests],
  },
];
