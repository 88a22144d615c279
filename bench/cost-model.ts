import type { Prices } from './prices.ts';

/** What a piece of work uses, by the names of the prices; storage and secrets by the month. */
export type Usage = Readonly<Record<keyof Prices, number>>;

export const noUsage: Usage = {
  readUnit: 0,
  writeUnit: 0,
  storedGb: 0,
  lambdaGbSecond: 0,
  lambdaRequest: 0,
  sqsRequest: 0,
  schedulerCall: 0,
  secret: 0,
  secretRead: 0,
  apiRequest: 0,
  logGb: 0,
};

/** Counted work, of one poll or one link. */
export interface Counted {
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly messages: number;
  readonly invocations: number;
  /** What is waited for one after the other: storage, calls of the systems. */
  readonly storageRounds: number;
  readonly systemRounds: number;
}

/** What is not counted but assumed. */
export interface Assumed {
  readonly storageMs: number;
  readonly callMs: number;
  /** Of a function's own time, each invocation. */
  readonly invocationMs: number;
  readonly functionGb: number;
  readonly logBytes: number;
}

/** A message is sent, received and deleted. */
const requestsPerMessage = 3;

export function usageOf(counted: Counted, assumed: Assumed): Usage {
  const { storageRounds, systemRounds, invocations, messages } = counted;
  const ms = storageRounds * assumed.storageMs + systemRounds * assumed.callMs + invocations * assumed.invocationMs;
  return {
    ...noUsage,
    readUnit: counted.readUnits,
    writeUnit: counted.writeUnits,
    lambdaGbSecond: (ms / 1000) * assumed.functionGb,
    lambdaRequest: invocations,
    sqsRequest: messages * requestsPerMessage,
    logGb: (invocations * assumed.logBytes) / 1e9,
  };
}

export function times(usage: Usage, factor: number): Usage {
  const all: Record<keyof Usage, number> = { ...noUsage };
  for (const name of names) all[name] = usage[name] * factor;
  return all;
}

export function added(usages: readonly Usage[]): Usage {
  const all: Record<keyof Usage, number> = { ...noUsage };
  for (const usage of usages) for (const name of names) all[name] += usage[name];
  return all;
}

const names = Object.keys(noUsage) as (keyof Usage)[];

export function dollars(usage: Usage, prices: Prices): number {
  return names.reduce((sum, name) => sum + usage[name] * prices[name], 0);
}
