import type { Mutant } from './mutant.ts';
import { lanes as laneTests, retry as retryTests, waits } from './tiers.ts';

const leaseTests = 'test/core/timing/lease.test.ts';
const callTests = 'test/adapters/http/http-client.test.ts';
const queueTests = 'test/adapters/aws/sqs/sqs-work-queue.test.ts';
const crmTests = 'test/contract/superoffice.test.ts';

const retry = 'functions/core/timing/retry.ts';
const lanes = 'functions/core/timing/lanes.ts';

export const timingMutants: readonly Mutant[] = [
  {
    id: 'timing-short-waits',
    rule: 'F1',
    file: retry,
    find: 'const firstWaitMs = 10_000;',
    replace: 'const firstWaitMs = 1_000;',
    killedBy: [retryTests],
  },
  {
    id: 'timing-given-time-ignored',
    rule: 'F2',
    file: retry,
    find: 'if (retryAfterMs !== undefined) return',
    replace: 'if (retryAfterMs === 0) return',
    killedBy: [retryTests],
  },
  {
    id: 'timing-gives-up-late',
    rule: 'F1',
    file: retry,
    find: 'spends && attempt >= maxAttempts',
    replace: 'spends && attempt > maxAttempts',
    killedBy: [retryTests, waits],
  },
  {
    id: 'timing-long-wait-shortened',
    rule: 'F2',
    file: retry,
    find: 'tooLong ? waitMs : hourlyRetryMs',
    replace: 'hourlyRetryMs',
    killedBy: [waits],
  },
  {
    id: 'timing-throttling-spends',
    rule: 'F2',
    file: retry,
    find: "return kind !== 'throttled';",
    replace: 'return true;',
    killedBy: [retryTests, waits],
  },
  {
    id: 'timing-hopeless-waits',
    rule: 'F3',
    file: retry,
    find: "dispositionOf(kind) !== 'wait'",
    replace: "dispositionOf(kind) === 'suspend'",
    killedBy: [retryTests],
  },
  {
    id: 'timing-password-tried-again',
    rule: 'F3',
    file: retry,
    find: "unauthorised: 'suspend'",
    replace: "unauthorised: 'wait'",
    killedBy: [retryTests],
  },
  {
    id: 'timing-lease-of-the-worker-alone',
    rule: 'F5',
    file: 'functions/core/timing/lease.ts',
    find: 'workerTimeoutSeconds + Math.ceil(longestDeadlineMs / 1000)',
    replace: 'workerTimeoutSeconds',
    killedBy: [leaseTests],
  },
  {
    id: 'timing-any-deadline',
    rule: 'F6',
    file: 'functions/adapters/http/http-client.ts',
    find: 'if (deadlineMs > longestDeadlineMs) throw',
    replace: 'if (deadlineMs < 0) throw',
    killedBy: [callTests],
  },
  {
    id: 'timing-lane-of-background',
    rule: 'P1',
    file: lanes,
    find: 'connectionLane : oneLaneLower(connectionLane)',
    replace: 'connectionLane : connectionLane',
    killedBy: [laneTests],
  },
  {
    id: 'timing-first-third',
    rule: 'P1',
    file: lanes,
    find: 'Math.ceil(activeConnections / 3)',
    replace: 'Math.floor(activeConnections / 3)',
    killedBy: [laneTests],
  },
  {
    id: 'timing-person-waits-in-lane',
    rule: 'P3',
    file: lanes,
    find: "if (urgency === 'interactive') return 'high';",
    replace: "if (urgency === 'interactive') return connectionLane;",
    killedBy: [laneTests],
  },
  {
    id: 'timing-person-waits-in-group',
    rule: 'P4',
    file: 'functions/ports/work-queue.ts',
    find: 'return message.interactive ?',
    replace: 'return message.interactive && !message.tenantId ?',
    killedBy: [queueTests],
  },
  {
    id: 'timing-list-without-overlap',
    rule: 'C1',
    file: 'functions/adapters/crm/superoffice/read/list-changes.ts',
    find: 'sinceMs: serverMs - overlapMs',
    replace: 'sinceMs: serverMs',
    killedBy: [crmTests],
  },
];
