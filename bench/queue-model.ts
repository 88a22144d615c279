/**
 * A model of one queue and its workers: the oldest message that is ready goes to the next free worker, whoever sent it (no
 * fair queues), and the caps are those of the engine. No clock and no chance but those it is given.
 */
import { type Holding, mayEnter, putOffMs } from '../functions/core/timing/caps.ts';

export interface Arrival {
  readonly tenant: string;
  readonly atMs: number;
  /** How long a worker works on it. */
  readonly workMs: number;
  /** Somebody waits for it. */
  readonly interactive: boolean;
}

export interface QueueOptions {
  readonly workers: number;
  /** Without caps: the queue as it would be. */
  readonly hasCaps: boolean;
  /** What it takes to find a tenant above its cap and to send its message anew; so long it counts as in hand to others. */
  readonly turnAwayMs: number;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
}

export interface Started {
  readonly arrival: Arrival;
  /** From its arrival to the worker that works on it. */
  readonly delayMs: number;
}

export interface QueueFound {
  /** In the order in which they started. */
  readonly started: readonly Started[];
  /** Most workers that one tenant held at once. */
  readonly mostHeld: ReadonlyMap<string, number>;
  readonly turnedAway: number;
}

interface Queued {
  readonly arrival: Arrival;
  readonly readyAtMs: number;
  readonly times: number;
}

interface AtWork extends Holding {
  readonly tenant: string;
  readonly untilMs: number;
  readonly isTurnedAway: boolean;
}

export function queueModel(arrivals: readonly Arrival[], options: QueueOptions): QueueFound {
  const { workers, hasCaps, turnAwayMs, random } = options;
  const queue: Queued[] = arrivals.map((arrival) => ({ arrival, readyAtMs: arrival.atMs, times: 0 }));
  queue.sort((one, other) => one.readyAtMs - other.readyAtMs);
  let atWork: AtWork[] = [];
  const mostHeld = new Map<string, number>();
  const started: Started[] = [];
  let turnedAway = 0;
  let nowMs = 0;

  for (let next = queue.shift(); next; next = queue.shift()) {
    nowMs = Math.max(nowMs, next.readyAtMs);
    atWork = atWork.filter(({ untilMs }) => untilMs > nowMs);
    if (atWork.length >= workers) {
      nowMs = Math.min(...atWork.map(({ untilMs }) => untilMs));
      atWork = atWork.filter(({ untilMs }) => untilMs > nowMs);
    }
    const { arrival, times } = next;
    const { tenant, interactive, workMs, atMs } = arrival;
    const asking = { connectionId: tenant, interactive };
    const others = atWork.filter((one) => one.tenant === tenant);
    const isTurnedAway = hasCaps && !mayEnter(asking, { others, crmCalm: false, erpCalm: false });
    atWork.push({ ...asking, tenant, isTurnedAway, untilMs: nowMs + (isTurnedAway ? turnAwayMs : workMs) });
    if (isTurnedAway) {
      turnedAway += 1;
      const readyAtMs = nowMs + turnAwayMs + putOffMs(times, interactive, random());
      const at = queue.findIndex((one) => one.readyAtMs > readyAtMs);
      queue.splice(at < 0 ? queue.length : at, 0, { arrival, readyAtMs, times: times + 1 });
      continue;
    }
    const held = others.filter((one) => !one.isTurnedAway).length + 1;
    mostHeld.set(tenant, Math.max(mostHeld.get(tenant) ?? 0, held));
    started.push({ arrival, delayMs: nowMs - atMs });
  }
  return { started, mostHeld, turnedAway };
}
