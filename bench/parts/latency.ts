/** One worker and systems that take their time: how long it takes, and how much of that it only waits. */
import { performance } from 'node:perf_hooks';
import { cpuSeconds, repeat } from '../cpu.ts';
import { count, type Figure, median, ofRuns } from '../figure.ts';
import { lightTable } from '../light-table.ts';
import { BenchWorld } from '../world.ts';

/** Links of one run, by the milliseconds that a call takes: enough of them, and not too long to wait for. */
const linksAt = new Map([
  [0, 1_000],
  [20, 1_000],
  [200, 400],
]);
const extrapolatedTo = 10_000;

interface Seen {
  readonly seconds: number;
  readonly waiting: number;
  readonly inFlight: { readonly crm: number; readonly erp: number };
  readonly calls: { readonly crm: number; readonly erp: number };
}

async function seen(world: BenchWorld, work: () => Promise<unknown>): Promise<Seen> {
  world.startAnew();
  const begun = performance.now();
  const cpu = await cpuSeconds(work);
  const seconds = (performance.now() - begun) / 1000;
  const [crm, erp] = [world.systems.crm.counted(), world.systems.erp.counted()];
  return {
    seconds,
    waiting: Math.max(0, 1 - cpu / seconds),
    inFlight: { crm: crm.inCallsMs / 1000 / seconds, erp: erp.inCallsMs / 1000 / seconds },
    calls: { crm: crm.calls, erp: erp.calls },
  };
}

function figuresOf(name: string, links: number, runs: readonly Seen[]): Figure[] {
  const scale = extrapolatedTo / links;
  const of = (what: string, value: (one: Seen) => number, unit: string) =>
    ofRuns(`latency.${name}.${what}`, runs.map(value), unit);
  const least = (what: string, value: (one: Seen) => number): Figure => ({
    ...of(what, value, 'calls at once'),
    worse: 'lower',
  });
  const calls = (what: string, value: (one: Seen) => number) =>
    count(`latency.${name}.${what}`, median(runs.map(value)) * scale, `calls for ${extrapolatedTo} links`);
  return [
    of('seconds-for-10000', (one) => one.seconds * scale, `s (from ${links} links)`),
    of('waiting', (one) => one.waiting * 100, '% of the time'),
    ...(name.includes('-0ms')
      ? []
      : [
          least('crm-in-flight', (one) => one.inFlight.crm),
          least('erp-in-flight', (one) => one.inFlight.erp),
          calls('crm-calls', (one) => one.calls.crm),
          calls('erp-calls', (one) => one.calls.erp),
        ]),
  ];
}

async function at(latencyMs: number, links: number): Promise<Figure[]> {
  const firstSyncs: Seen[] = await repeat(async () => {
    const world = new BenchWorld({ table: lightTable(), latencyMs });
    await world.setUp(links);
    return seen(world, () => world.pollAndWork());
  }, 1);
  const world = new BenchWorld({ table: lightTable(), latencyMs });
  await world.setUp(links);
  await world.pollAndWork();
  const compares = await repeat(async () => {
    const { id } = await world.compare();
    const found = await seen(world, () => world.work());
    await world.expectCounted(id, { lookedAt: links, changed: 0 });
    return found;
  }, 1);
  return [
    ...figuresOf(`compare-${latencyMs}ms`, links, compares),
    ...figuresOf(`first-sync-${latencyMs}ms`, links, firstSyncs),
  ];
}

export async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [latencyMs, links] of linksAt) figures.push(...(await at(latencyMs, links)));
  return figures;
}
