/**
 * Limits by the minute, counted in memory and shared through one item of tenant and minute. Always true: an instance shares
 * at most every 10 s, on a request that it lets through; what it refuses costs no call; a share that fails refuses nothing.
 * A crash loses counts of at most 10 s. A share whose answer was lost may be added twice: the limit is not exact in any case
 * (docs/decisions.md says how far). Attacked by test/adapters/aws/dynamodb/set-up/rates.test.ts.
 */
import { putLast } from '../../../../core/put-last.ts';
import {
  afterSharing,
  inNewWindow,
  newRateCount,
  type RateCount,
  rateVerdict,
  rateWindowMs,
  shareEveryMs,
} from '../../../../core/timing/rate.ts';
import type { RateKind, RateLimits, RateRefusal, Rates } from '../../../../ports/rates.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import type { Telemetry } from '../../../../ports/telemetry.ts';
import { keys } from '../table/keys.ts';
import { numberIn } from '../table/stored-item.ts';

/** Whoever was not met for the longest is forgotten beyond that: in memory, and of a tenant. */
const mostTenants = 500;
const mostCounts = 100;
/** An update names two attributes each, and its expression may have 4 KB. */
const mostCountsShared = 50;
const keptMs = 10 * rateWindowMs;

interface RatesParts {
  readonly table: Table;
  readonly runtime: Pick<Runtime, 'nowMs'>;
  readonly telemetry: Pick<Telemetry, 'count'>;
  readonly limits: Readonly<Record<RateKind, RateLimits>>;
}

/** What this instance has counted for a tenant in a window. */
interface Tally {
  readonly kind: RateKind;
  readonly tenantId: string;
  readonly window: number;
  sharedAtMs: number;
  /** As it was last read, with the counts of callers that were not met here. */
  shared?: Item | undefined;
  /** By name of the count; the longest unmet first. */
  readonly counts: Map<string, RateCount>;
}

const placeOf = (kind: RateKind, tenantId: string) => `${kind} ${tenantId}`;
const ofTenant = 'tenant';
const ofCaller = (caller: string) => `caller-${caller}`;
const total = (name: string) => `count-${name}`;
const instances = (name: string) => `instances-${name}`;

export function ratesStore({ table, runtime, telemetry, limits }: RatesParts): Rates {
  const tallies = new Map<string, Tally>();
  const windowNow = () => Math.floor(runtime.nowMs() / rateWindowMs);

  const tallyOf = (kind: RateKind, tenantId: string, window: number): Tally => {
    const place = placeOf(kind, tenantId);
    const before = tallies.get(place);
    const tally = before?.window === window ? before : newTally(kind, tenantId, window, before);
    putLast(tallies, place, tally, mostTenants);
    return tally;
  };

  const share = async (tally: Tally): Promise<void> => {
    const { kind, tenantId, window, counts } = tally;
    const sent = [...counts].filter(([, { own }]) => own > 0).slice(0, mostCountsShared);
    const add: Record<string, number> = {};
    for (const [name, { own, joined }] of sent) {
      add[total(name)] = own;
      if (joined !== window) add[instances(name)] = 1;
    }
    const set = { type: 'rate', v: 1, expires: Math.ceil((window * rateWindowMs + keptMs) / 1000) };
    try {
      const answer = await table.write({ update: keys.rate(tenantId, kind, window), set, add });
      tally.shared = answer.ok ? answer.item : undefined;
    } catch {
      telemetry.count('RatesNotShared', 1, { kind });
      // Alone with what it knows: a limit must not come nearer because of our storage.
      for (const [name, count] of counts) counts.set(name, { ...count, part: 1 });
      return;
    }
    const sentOf = new Map(sent.map(([name, { own }]) => [name, own]));
    for (const name of counts.keys()) learn(tally, name, sentOf.get(name) ?? 0);
  };

  const judged = (kind: RateKind, tally: Tally, caller: string | undefined) => {
    const nowMs = runtime.nowMs();
    const { sharedAtMs, window } = tally;
    const isShareDue = nowMs - sharedAtMs >= shareEveryMs || nowMs < sharedAtMs;
    const msLeft = (window + 1) * rateWindowMs - nowMs;
    const msToShare = Math.min(msLeft, sharedAtMs + shareEveryMs - nowMs);
    const asked: { name: string; of: keyof RateLimits }[] = [{ name: ofTenant, of: 'tenant' }];
    if (caller !== undefined) asked.push({ name: ofCaller(caller), of: 'caller' });

    let refusal: RateRefusal | undefined;
    for (const { name, of } of asked) {
      const verdict = rateVerdict(countIn(tally, name), limits[kind][of]);
      const waitMs = verdict === 'full' ? msLeft : msToShare;
      const isRefused = verdict === 'full' || (verdict === 'own-part' && !isShareDue);
      if (isRefused && waitMs >= (refusal?.waitMs ?? 0)) refusal = { of, waitMs };
    }
    return { nowMs, isShareDue, asked, refusal };
  };

  return {
    // Whoever names a tenant is not believed yet: none is noted that was not counted before.
    refusal(kind, { tenantId, caller }) {
      const tally = tallies.get(placeOf(kind, tenantId));
      return tally?.window === windowNow() ? judged(kind, tally, caller).refusal : undefined;
    },
    async take(kind, { tenantId, caller }) {
      const tally = tallyOf(kind, tenantId, windowNow());
      const { nowMs, isShareDue, asked, refusal } = judged(kind, tally, caller);
      if (refusal) return refusal;

      for (const { name } of asked) {
        const count = countIn(tally, name);
        putLast(tally.counts, name, { ...count, own: count.own + 1 }, mostCounts);
      }
      if (!isShareDue) return undefined;
      tally.sharedAtMs = nowMs;
      await share(tally);
      return undefined;
    },
  };
}

/** Of a new window; callers that were not met in the one before are forgotten. */
function newTally(kind: RateKind, tenantId: string, window: number, before: Tally | undefined): Tally {
  const met = [...(before?.counts ?? [])].filter(([, { own, joined }]) => own > 0 || joined === before?.window);
  const counts = new Map(met.map(([name, count]) => [name, inNewWindow(count)]));
  return { kind, tenantId, window, sharedAtMs: before?.sharedAtMs ?? Number.NEGATIVE_INFINITY, counts };
}

function countIn({ counts, shared }: Tally, name: string): RateCount {
  const count = counts.get(name);
  if (count) return count;
  return shared ? newRateCount(numberIn(shared, total(name)), numberIn(shared, instances(name))) : newRateCount(0, 0);
}

function learn({ counts, shared, window }: Tally, name: string, sent: number): void {
  const count = counts.get(name);
  if (!count || !shared) return;
  const learnt = { sent, total: numberIn(shared, total(name)), instances: numberIn(shared, instances(name)), window };
  counts.set(name, afterSharing(count, learnt));
}
