/**
 * A model of one queue and its workers: the oldest message that is ready goes to the next free worker, whoever sent it (no
 * fair queues). A tenant above its cap has its message sent anew, later each time.
 */
export interface Arrival {
  readonly tenant: string;
  readonly atMs: number;
  /** How long a worker works on it. */
  readonly workMs: number;
  /** Somebody waits for it. */
  readonly interactive: boolean;
}

interface FifoOptions {
  readonly workers: number;
  /** Messages of one tenant in hand at once; absent: no cap. */
  readonly cap?: number;
  /** So many more for work that somebody waits for. */
  readonly interactiveExtra?: number;
  /** What it takes to find a tenant above its cap and to send its message anew. */
  readonly turnAwayMs?: number;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
  /** The delay is so much longer or shorter (share of it), so that what was turned away together does not come back together. */
  readonly jitter?: number;
}

export interface Started {
  readonly arrival: Arrival;
  readonly delayMs: number;
}

interface FifoFound {
  /** In the order in which they started. */
  readonly started: readonly Started[];
  /** Most workers that one tenant held at once. */
  readonly mostHeld: ReadonlyMap<string, number>;
  readonly turnedAway: number;
}

interface Waiting {
  readonly arrival: Arrival;
  readonly readyAtMs: number;
  readonly turnedAway: number;
}

export function fifoModel(arrivals: readonly Arrival[], options: FifoOptions): FifoFound {
  const { workers, cap = Number.POSITIVE_INFINITY, interactiveExtra = 0, turnAwayMs = 0 } = options;
  const { firstDelayMs = 1_000, longestDelayMs = 60_000, jitter = 0 } = options;
  const random = seededRandom();
  const waiting: Waiting[] = arrivals
    .map((arrival) => ({ arrival, readyAtMs: arrival.atMs, turnedAway: 0 }))
    .sort((one, other) => one.readyAtMs - other.readyAtMs);
  /** When each worker is free, and what it lets go then. */
  const busy: { readonly untilMs: number; readonly tenant: string | undefined }[] = [];
  const held = new Map<string, number>();
  const mostHeld = new Map<string, number>();
  const started: Started[] = [];
  let [nowMs, turnedAway] = [0, 0];

  const freeWorkers = () => {
    for (let at = busy.length - 1; at >= 0; at -= 1) {
      const one = busy[at];
      if (!one || one.untilMs > nowMs) continue;
      busy.splice(at, 1);
      if (one.tenant !== undefined) held.set(one.tenant, (held.get(one.tenant) ?? 1) - 1);
    }
  };

  for (let next = waiting.shift(); next; next = waiting.shift()) {
    nowMs = Math.max(nowMs, next.readyAtMs);
    freeWorkers();
    if (busy.length >= workers) {
      nowMs = Math.min(...busy.map(({ untilMs }) => untilMs));
      freeWorkers();
    }
    const { arrival } = next;
    const { tenant, interactive, workMs } = arrival;
    const inHand = held.get(tenant) ?? 0;
    if (inHand >= cap + (interactive ? interactiveExtra : 0)) {
      turnedAway += 1;
      busy.push({ untilMs: nowMs + turnAwayMs, tenant: undefined });
      const planned = Math.min(longestDelayMs, firstDelayMs * 2 ** next.turnedAway);
      const delayMs = planned * (1 + jitter * (2 * random() - 1));
      insert(waiting, { arrival, readyAtMs: nowMs + turnAwayMs + delayMs, turnedAway: next.turnedAway + 1 });
      continue;
    }
    held.set(tenant, inHand + 1);
    mostHeld.set(tenant, Math.max(mostHeld.get(tenant) ?? 0, inHand + 1));
    busy.push({ untilMs: nowMs + workMs, tenant });
    started.push({ arrival, delayMs: nowMs - arrival.atMs });
  }
  return { started, mostHeld, turnedAway };
}

function insert(waiting: Waiting[], one: Waiting): void {
  const at = waiting.findIndex(({ readyAtMs }) => readyAtMs > one.readyAtMs);
  waiting.splice(at < 0 ? waiting.length : at, 0, one);
}

/** The same numbers in [0, 1) every time (a linear congruential generator, of Numerical Recipes). */
function seededRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
