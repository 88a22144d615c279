/** The test files that faults are to be found by. */
export const histories = 'test/property/engine.test.ts';
export const deaths = 'test/crash/every-port-call.test.ts';
export const dispatch = 'test/sync/dispatch-poll.test.ts';
export const engine = 'test/sync/engine.test.ts';
export const waits = 'test/sync/waits.test.ts';
export const writes = 'test/sync/writes.test.ts';
export const meanwhile = 'test/sync/meanwhile.test.ts';
export const plan = 'test/core/merge/plan.test.ts';
export const held = 'test/core/merge/held.test.ts';
export const outcome = 'test/core/merge/outcome.test.ts';
export const settle = 'test/core/merge/settle.test.ts';
export const policy = 'test/core/merge/policy.test.ts';
export const retry = 'test/core/timing/retry.test.ts';
export const lanes = 'test/core/timing/lanes.test.ts';
export const stores = 'test/contract/stores.test.ts';
