/** Dollars, from what the part `calls` has counted, what is assumed here, and the list prices. */
import { type Assumed, added, type Counted, dollars, noUsage, times, type Usage, usageOf } from '../cost-model.ts';
import { count, type Figure, figureNamed } from '../figure.ts';
import { prices } from '../prices.ts';

const assumed: Assumed = { storageMs: 5, callMs: 200, invocationMs: 20, functionGb: 1, logBytes: 1_000 };
/** The dispatcher is smaller (`lib/erp-sync-stack.ts`). */
const dispatcherGb = 0.5;

const daysPerMonth = 30.4;
/** Changes come while people work. */
const workingShare = 10 / 24;
const bytesPerLink = 4_000;
const bytesPerChange = 2_000;
const retentionDays = 90;
const apiRequestsPerDay = 100;
/** An opened system is kept, but each instance opens it anew now and then. */
const secretReadsPerDay = 200;

interface Customer {
  readonly connections: number;
  readonly intervalMinutes: number;
  readonly links: number;
  readonly changesPerDay: number;
}

const small: Customer = { connections: 1, intervalMinutes: 15, links: 5_000, changesPerDay: 200 };
const mid: Customer = { connections: 3, intervalMinutes: 5, links: 100_000, changesPerDay: 5_000 };

function countedIn(figures: readonly Figure[], name: string): Counted {
  const of = (what: string) => figureNamed(figures, `calls.${name}.${what}`);
  return {
    readUnits: of('read-units'),
    writeUnits: of('write-units'),
    messages: of('messages'),
    invocations: of('invocations'),
    storageRounds: of('storage-rounds'),
    systemRounds: of('system-rounds'),
  };
}

/** An idle poll: the dispatcher's part is done in a smaller function than the workers'. */
function idlePoll(figures: readonly Figure[], name = 'idle-poll-2-tables'): Usage {
  const all = countedIn(figures, name);
  const dispatcher = {
    readUnits: 0,
    writeUnits: 0,
    messages: 0,
    invocations: 1,
    storageRounds: figureNamed(figures, `calls.${name}.dispatcher-storage-rounds`),
    systemRounds: figureNamed(figures, `calls.${name}.dispatcher-system-rounds`),
  };
  const workers = {
    ...all,
    invocations: all.invocations - 1,
    storageRounds: all.storageRounds - dispatcher.storageRounds,
    systemRounds: all.systemRounds - dispatcher.systemRounds,
  };
  return added([
    usageOf(dispatcher, { ...assumed, functionGb: dispatcherGb }),
    usageOf(workers, assumed),
    { ...noUsage, schedulerCall: 1 },
  ]);
}

/** A month of a tenant, by what it is made of. */
function monthOf(figures: readonly Figure[], customer: Customer): Readonly<Record<string, Usage>> {
  const { connections, intervalMinutes, links, changesPerDay } = customer;
  const perLink = (name: string) => usageOf(countedIn(figures, name), assumed);
  const idle = idlePoll(figures);
  const pollsPerDay = ((24 * 60) / intervalMinutes) * connections;
  // What a poll with changes takes more than an idle one, whatever their number; then each change, and its echo.
  const pollsWithChanges = Math.min(pollsPerDay * workingShare, changesPerDay);
  const one = added([perLink('changes-1-of-8-fields'), { ...noUsage, schedulerCall: 1 }]);
  const each = perLink('changes-1000-of-8-fields');
  const echo = perLink('changes-1000-of-8-fields-echo');
  const daily = (usage: Usage, aDay: number) => times(usage, aDay * daysPerMonth);
  return {
    polls: daily(idle, pollsPerDay - pollsWithChanges),
    changes: added([
      daily(one, pollsWithChanges),
      daily(each, changesPerDay - pollsWithChanges),
      daily(echo, changesPerDay),
    ]),
    'daily-compare': daily(perLink('compare-5000'), links),
    rest: {
      ...noUsage,
      secret: connections + 1,
      secretRead: secretReadsPerDay * daysPerMonth,
      apiRequest: apiRequestsPerDay * daysPerMonth,
      lambdaRequest: apiRequestsPerDay * daysPerMonth,
      storedGb: (links * bytesPerLink + changesPerDay * retentionDays * bytesPerChange) / 1e9,
    },
  };
}

export async function measure(before: readonly Figure[]): Promise<Figure[]> {
  return Object.entries(prices).flatMap(([region, list]) => {
    const month = (name: string, customer: Customer, tenants = 1): Figure[] => {
      const parts = Object.entries(monthOf(before, customer)).map(
        ([part, usage]) => [part, dollars(usage, list) * tenants] as const,
      );
      const total = parts.reduce((sum, [, dollarsOf]) => sum + dollarsOf, 0);
      return [
        count(`cost.${region}.${name}`, total, '$ a month'),
        ...parts.map(([part, dollarsOf]) => ({
          name: `cost.${region}.${name}.${part}`,
          value: dollarsOf,
          unit: '$ a month',
        })),
      ];
    };
    return [
      count(`cost.${region}.million-idle-polls`, dollars(idlePoll(before), list) * 1e6, '$, two tables a side'),
      count(
        `cost.${region}.million-idle-polls-1-table`,
        dollars(idlePoll(before, 'idle-poll-1-table'), list) * 1e6,
        '$, one table a side',
      ),
      ...month('small', small),
      ...month('mid', mid),
      ...month('1000-small', small, 1_000),
    ];
  });
}
