/** CPU of the engine in process, on doubles that do next to nothing; the floor is measured between its runs. */
import { cpuSeconds, repeat } from '../cpu.ts';
import { type Figure, ofRuns } from '../figure.ts';
import { floorPass } from '../floor.ts';
import { lightTable } from '../light-table.ts';
import { peakMemory } from '../worker-memory.ts';
import { BenchWorld } from '../world.ts';

const links = 5_000;
const firstLinks = 2_000;
const changes = 1_000;
const floorPasses = 10;

interface Rate {
  /** Links a second of CPU. */
  readonly engine: number;
  readonly floor: number;
}

/** The floor over the records of a world, in links a second of CPU. */
function floorOf(world: BenchWorld): () => Promise<number> {
  const pages = world.pageTexts();
  const known = new Map<string, string>();
  const work = () => {
    for (let at = 0; at < floorPasses; at += 1) floorPass(pages, known);
  };
  return async () => (links * floorPasses) / (await cpuSeconds(work));
}

/** Work over so many links, prepared each time, and the floor right after it: both meet the same machine. */
function rates(
  { count, floor }: { readonly count: number; readonly floor: () => Promise<number> },
  prepare: () => unknown,
  work: () => Promise<unknown>,
): Promise<Rate[]> {
  return repeat(async () => {
    await prepare();
    globalThis.gc?.();
    const engine = count / (await cpuSeconds(work));
    globalThis.gc?.();
    return { engine, floor: await floor() };
  });
}

async function firstSync(floor: () => Promise<number>): Promise<Rate[]> {
  let world = new BenchWorld({ table: lightTable() });
  const prepare = async () => {
    world = new BenchWorld({ table: lightTable() });
    await world.setUp(firstLinks);
  };
  const found = await rates({ count: firstLinks, floor }, prepare, () => world.pollAndWork());
  world.expectAgreed(firstLinks);
  return found;
}

async function detected(world: BenchWorld, floor: () => Promise<number>): Promise<Rate[]> {
  const listed = () => world.listAgain();
  return rates({ count: links, floor }, listed, () => world.pollAndWork());
}

async function compared(world: BenchWorld, floor: () => Promise<number>): Promise<Rate[]> {
  let runId = '';
  const prepare = async () => {
    runId = (await world.compare()).id;
  };
  const found = await rates({ count: links, floor }, prepare, () => world.work());
  await world.expectCounted(runId, { lookedAt: links, changed: 0 });
  return found;
}

async function changed(world: BenchWorld, floor: () => Promise<number>): Promise<Rate[]> {
  let round = 0;
  const prepare = async () => {
    // Lists our own writes of the round before.
    await world.pollAndWork();
    round += 1;
    world.editInCrm(changes, `round ${round}`);
  };
  const found = await rates({ count: changes, floor }, prepare, () => world.pollAndWork());
  world.expectAgreed(changes);
  return found;
}

export async function measure(): Promise<Figure[]> {
  const world = new BenchWorld({ table: lightTable() });
  await world.setUp(links);
  await world.pollAndWork();
  await world.pollAndWork();
  const floor = floorOf(world);
  const found = {
    'detect-unchanged': await detected(world, floor),
    'compare-unchanged': await compared(world, floor),
    'first-sync': await firstSync(floor),
    changes: await changed(world, floor),
  };
  const unit = 'links/s of CPU';
  const figures = Object.entries(found).flatMap(([name, runs]): Figure[] => {
    const engine = runs.map((run) => run.engine);
    const byFloor = runs.map((run) => run.floor / run.engine);
    return [
      ofRuns(`engine.${name}`, engine, unit),
      { ...ofRuns(`engine.${name}.by-floor`, byFloor, '× floor'), worse: 'higher' },
    ];
  });
  const floors = Object.values(found).flatMap((runs) => runs.map((run) => run.floor));
  return [ofRuns('engine.floor', floors, unit), ...figures, ...(await peakMemory())];
}
