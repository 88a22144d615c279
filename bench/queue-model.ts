/**
 * A model of one queue and its workers: the oldest message that is ready goes to the next free worker, whoever sent it (no
 * fair queues); the caps, and how many messages of a run are out at once, are those of the engine. No clock and no chance
 * but those it is given.
 */
import { awaitsSending, type Holding, mayEnter, mostChunksOut, putOffMs } from '../functions/core/timing/caps.ts';

export interface Arrival {
  readonly tenant: string;
  readonly atMs: number;
  /** How long a worker works on it. */
  readonly workMs: number;
  /** Somebody waits for it. */
  readonly interactive: boolean;
  /** The run of many messages that it belongs to. */
  readonly run?: RunOut;
}

/** Messages of a run: those out, and those that wait for them. */
interface RunOut {
  out: number;
  readonly unsent: Arrival[];
}

/** A run of so many messages alike: those that are sent at once. */
export function runOf(arrival: Arrival, messages: number): Arrival[] {
  const run: RunOut = { out: 0, unsent: [] };
  const all = Array.from({ length: messages }, () => ({ ...arrival, run }));
  const first = all.slice(0, mostChunksOut);
  run.out = first.length;
  run.unsent.push(...all.slice(first.length));
  return first;
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

  const enqueue = (queued: Queued) => {
    const at = queue.findIndex((one) => one.readyAtMs > queued.readyAtMs);
    queue.splice(at < 0 ? queue.length : at, 0, queued);
  };
  /** The end of a message sends the next of its run. */
  const sendNext = (run: RunOut, atMs: number) => {
    run.out -= 1;
    if (!awaitsSending({ out: run.out, unsent: run.unsent.length })) return;
    for (const arrival of run.unsent.splice(0, mostChunksOut - run.out)) {
      run.out += 1;
      enqueue({ arrival: { ...arrival, atMs }, readyAtMs: atMs, times: 0 });
    }
  };
  const endings: { readonly run: RunOut; readonly atMs: number }[] = [];
  const endBefore = (ms: number) => {
    endings.sort((one, other) => one.atMs - other.atMs);
    while (endings[0] && endings[0].atMs <= ms) {
      const [ending] = endings.splice(0, 1);
      if (ending) sendNext(ending.run, ending.atMs);
    }
  };

  for (;;) {
    endBefore(queue[0] ? Math.max(nowMs, queue[0].readyAtMs) : Number.POSITIVE_INFINITY);
    const next = queue.shift();
    if (!next) break;
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
      enqueue({ arrival, readyAtMs, times: times + 1 });
      continue;
    }
    const held = others.filter((one) => !one.isTurnedAway).length + 1;
    mostHeld.set(tenant, Math.max(mostHeld.get(tenant) ?? 0, held));
    started.push({ arrival, delayMs: nowMs - atMs });
    if (arrival.run) endings.push({ run: arrival.run, atMs: nowMs + workMs });
  }
  return { started, mostHeld, turnedAway };
}
