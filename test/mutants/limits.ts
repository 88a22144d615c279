import type { Mutant } from './mutant.ts';

const chain = 'functions/http/chain/rate-limit.ts';
const store = 'functions/adapters/aws/dynamodb/set-up/rates.ts';
const rate = 'functions/core/timing/rate.ts';
const storeTest = 'test/adapters/aws/dynamodb/set-up/rates.test.ts';

/** Faults in the limits by the minute. */
export const limitMutants: readonly Mutant[] = [
  {
    id: 'over-limit-let-through',
    rule: 'Q1',
    file: chain,
    find: 'return tooManyRequests(request, refusal);',
    replace: 'tooManyRequests(request, refusal);',
    killedBy: ['test/http/chain/rate-limit.test.ts'],
  },
  {
    id: 'retry-after-in-no-time',
    rule: 'Q1',
    file: chain,
    find: 'Math.ceil(waitMs / 1000)',
    replace: 'Math.ceil(waitMs / 60_000)',
    killedBy: ['test/http/chain/rate-limit.test.ts'],
  },
  {
    id: 'callers-share-one-limit',
    rule: 'Q1',
    file: store,
    find: 'asked.push({ name: ofCaller(caller),',
    replace: "asked.push({ name: ofCaller(caller && ''),",
    killedBy: [storeTest],
  },
  {
    id: 'shared-with-every-request',
    rule: 'Q2',
    file: store,
    find: 'if (!isShareDue) return undefined;',
    replace: '',
    killedBy: [storeTest],
  },
  {
    id: 'failed-share-fails-the-request',
    rule: 'Q2',
    file: store,
    find: "telemetry.count('RatesNotShared', 1, { kind });",
    replace: "throw new Error('not shared');",
    killedBy: [storeTest],
  },
  {
    id: 'counts-of-others-not-learnt',
    rule: 'Q3',
    file: rate,
    find: 'known: total, own: count.own - sent',
    replace: 'known: count.known + sent, own: count.own - sent',
    killedBy: ['test/core/timing/rate.test.ts'],
  },
  {
    id: 'newcomers-have-all-that-is-left',
    rule: 'Q3',
    file: rate,
    find: '1 / instances ** 2',
    replace: '1',
    killedBy: [storeTest],
  },
];
