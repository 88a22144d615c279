/** Whom a flood and a slow ERP delay, by the model of a queue that is first come, first served. */
import { stages } from '../../lib/stages.ts';
import { type Figure, percentile } from '../figure.ts';
import { type Arrival, queueModel, runOf, type Started } from '../queue-model.ts';

const floods = 380;
const slowCallMs = 4_000;
const verySlowCallMs = 30_000;
/** A look reads, and writes: two calls, one after the other, and storage beside them. */
const callsInTurn = 2;
const workers = stages.prod.concurrency.high;
/** The quick work of others: at 200 ms a call. */
const quickMs = 600;
const watchedMs = 180_000;

/** What it takes to find a tenant above its cap, and to send its message anew. */
const turnAwayMs = 30;

/** One tenant's messages wait; fifty others sync a link now and then, and so does a person of that tenant. */
function arrivals(workMs: number): Arrival[] {
  const flood = Array.from({ length: floods }, () => ({ tenant: 'flood', atMs: 0, workMs, interactive: false }));
  const others = Array.from({ length: watchedMs / 700 }, (_, at) => ({
    tenant: `other${at % 50}`,
    atMs: 100 + at * 700,
    workMs: quickMs,
    interactive: true,
  }));
  const own = Array.from({ length: watchedMs / 20_000 }, (_, at) => ({
    tenant: 'flood',
    atMs: 5_000 + at * 20_000,
    workMs,
    interactive: true,
  }));
  return [...flood, ...others, ...own];
}

function delays(started: readonly Started[], whose: (arrival: Arrival) => boolean): number[] {
  return started.flatMap(({ arrival, delayMs }) => (whose(arrival) ? [delayMs / 1000] : []));
}

/** The same chances in every run. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function figuresOf(name: string, workMs: number, hasCaps: boolean): Figure[] {
  const { started, mostHeld } = queueModel(arrivals(workMs), { workers, hasCaps, turnAwayMs, random: seeded() });
  const others = delays(started, ({ tenant }) => tenant !== 'flood');
  const own = delays(started, ({ tenant, interactive }) => tenant === 'flood' && interactive);
  const ends = started.flatMap(({ arrival, delayMs }) => (arrival.interactive ? [] : arrival.atMs + delayMs + workMs));
  const floodDone = Math.max(...ends) / 1000;
  const of = (what: string, value: number, unit: string): Figure => ({
    name: `lanes.${name}.${what}`,
    value,
    unit,
    worse: 'higher',
  });
  return [
    of('others-p50', percentile(others, 0.5), 's until sync now starts'),
    of('others-p95', percentile(others, 0.95), 's until sync now starts'),
    of('own-p50', percentile(own, 0.5), 's until sync now starts'),
    of('own-p95', percentile(own, 0.95), 's until sync now starts'),
    of('flood-done', floodDone, 's until its last message is done'),
    of('held', mostHeld.get('flood') ?? 0, `of ${workers} workers`),
  ];
}

/** One connection's run of that many messages, alone: how often each is put off, and how long it takes. */
function backlogOf(messages: number, workMs: number): Figure[] {
  const first = runOf({ tenant: 'busy', atMs: 0, workMs, interactive: false }, messages);
  const { started, turnedAway } = queueModel(first, { workers, hasCaps: true, turnAwayMs, random: seeded() });
  const seconds = Math.max(...started.map(({ arrival, delayMs }) => arrival.atMs + delayMs + workMs)) / 1000;
  const name = `lanes.run-of-${messages}-at-${workMs}-ms`;
  return [
    { name: `${name}.put-off`, value: turnedAway / started.length, unit: 'times a message', worse: 'higher' },
    { name: `${name}.done`, value: seconds, unit: 's', worse: 'higher' },
  ];
}

export async function measure(): Promise<Figure[]> {
  return [
    ...figuresOf('slow-erp-without-caps', slowCallMs * callsInTurn, false),
    ...figuresOf('slow-erp-with-caps', slowCallMs * callsInTurn, true),
    ...figuresOf('very-slow-erp-without-caps', verySlowCallMs, false),
    ...figuresOf('very-slow-erp-with-caps', verySlowCallMs, true),
    ...backlogOf(102, 300),
    ...backlogOf(10_204, 300),
    ...backlogOf(10_204, slowCallMs),
  ];
}
