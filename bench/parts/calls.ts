/** What each piece of work asks of storage, queue, functions and both systems; counted, so it is the same on every machine. */
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { QueueMessage } from '../../functions/ports/work-queue.ts';
import { handleWork } from '../../functions/sync/handle-work.ts';
import { type CountingTable, countingTable } from '../counting-table.ts';
import { count, type Figure } from '../figure.ts';
import { countRounds, type Rounds } from '../rounds.ts';
import { BenchWorld, type BenchWorldOptions } from '../world.ts';

interface Scene {
  readonly world: BenchWorld;
  readonly table: CountingTable;
  /** Of calls to the two systems. */
  readonly systemRounds: Rounds;
  readonly linkIds: readonly string[];
}

type SceneOptions = Pick<BenchWorldOptions, 'fields' | 'tables'>;

async function scene(links: number, options: SceneOptions = {}): Promise<Scene> {
  const table = countingTable(memoryTable());
  const systemRounds = countRounds();
  const world = new BenchWorld({ table, answered: systemRounds.answered, ...options });
  return { world, table, systemRounds, linkIds: await world.setUp(links) };
}

/** Links that were looked at, and both sides' lists read past what that wrote. */
async function linkedScene(links: number, options: SceneOptions = {}) {
  const found = await scene(links, options);
  for (let at = 0; at < 3; at += 1) await found.world.pollAndWork();
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** All that was counted while the work was done, divided by `per`. */
async function counted(
  name: string,
  { world, table, systemRounds }: Scene,
  work: () => Promise<unknown>,
  { per = 1, unit = '' } = {},
): Promise<Figure[]> {
  table.startAnew();
  world.startAnew();
  const roundsBefore = systemRounds.count();
  await work();
  const stored = table.counts();
  const came = world.counted();
  const { crm, erp } = world.systems;
  const of = (what: string, value: number, unitOf: string) =>
    count(`calls.${name}.${what}`, value / per, unitOf + unit);
  return [
    of('storage-calls', stored.calls, 'calls'),
    of('storage-rounds', stored.rounds, 'rounds'),
    of('read-units', stored.readUnits, 'read units'),
    of('write-units', stored.writeUnits, 'write units'),
    of('index-write-units', stored.indexWriteUnits, 'write units'),
    of('write-units-but-once', stored.writeUnits - stored.secondWriteUnits, 'write units, transactions once'),
    of('transactions', stored.transactions, 'transactions'),
    of('refused', stored.refused, 'writes refused'),
    of('messages', came.messages, 'messages'),
    of('invocations', came.invocations, 'invocations'),
    of('crm-calls', crm.counted().calls, 'calls'),
    of('erp-calls', erp.counted().calls, 'calls'),
    of('system-rounds', systemRounds.count() - roundsBefore, 'rounds of calls'),
  ];
}

const perLink = (links: number) => ({ per: links, unit: ' a link' });

async function idlePolls(tables: 1 | 2): Promise<Figure[]> {
  const found = await linkedScene(20, { tables });
  const { world, table, systemRounds } = found;
  const polls = 10;
  let dispatched = 0;
  let asked = 0;
  const work = async () => {
    for (let at = 0; at < polls; at += 1) {
      const [stored, called] = [table.counts().rounds, systemRounds.count()];
      await world.poll();
      dispatched += table.counts().rounds - stored;
      asked += systemRounds.count() - called;
      await world.work();
    }
  };
  const name = `idle-poll-${tables}-table${tables > 1 ? 's' : ''}`;
  const figures = await counted(name, found, work, { per: polls, unit: ' a poll' });
  return [
    ...figures,
    count(`calls.${name}.dispatcher-storage-rounds`, dispatched / polls, 'rounds a poll'),
    count(`calls.${name}.dispatcher-system-rounds`, asked / polls, 'rounds of calls a poll'),
  ];
}

/** Somebody asks for one link: the storage rounds of the request and of each message after it, as they are waited for. */
async function syncNow(edited: boolean): Promise<Figure[]> {
  const name = edited ? 'sync-now-changed' : 'sync-now-unchanged';
  const found = await linkedScene(20);
  const { world, table, linkIds } = found;
  if (edited) world.editInCrm(1, 'sync now');
  const rounds: number[] = [];
  let before = 0;
  const note = () => {
    rounds.push(table.counts().rounds - before);
    before = table.counts().rounds;
  };
  const figures = await counted(name, found, async () => {
    await world.syncNow(linkIds.slice(0, 1));
    note();
    await world.work(async (message: QueueMessage) => {
      await handleWork(world.app, message, 1);
      note();
    });
  });
  const [request = 0, ...messages] = rounds;
  return [
    ...figures,
    count(`calls.${name}.request-rounds`, request, 'rounds'),
    count(`calls.${name}.message-rounds`, sum(messages), 'rounds'),
  ];
}

/** A poll that finds changes, and the next one, which finds what the first has written. */
async function changes(links: number, fields: number): Promise<Figure[]> {
  const name = `changes-${links}-of-${fields}-fields`;
  const found = await linkedScene(links, { fields });
  const { world } = found;
  world.editInCrm(links, 'edited');
  const written = await counted(name, found, () => world.pollAndWork(), perLink(links));
  world.expectAgreed(links);
  return [...written, ...(await counted(`${name}-echo`, found, () => world.pollAndWork(), perLink(links)))];
}

async function connects(links: number): Promise<Figure[]> {
  const found = await scene(0);
  const { world } = found;
  const records = world.addRecords(links);
  const work = async () => {
    await world.connect(records);
    await world.work();
  };
  return counted(`connect-${links}`, found, work, perLink(links));
}

async function firstSync(links: number): Promise<Figure[]> {
  const found = await scene(links);
  return counted(`first-sync-${links}`, found, () => found.world.pollAndWork(), perLink(links));
}

async function compared(links: number, dryRun: boolean): Promise<Figure[]> {
  const found = await linkedScene(links);
  const { world } = found;
  let runId = '';
  const work = async () => {
    runId = (await world.compare(dryRun)).id;
    await world.work();
  };
  const figures = await counted(`compare-${links}${dryRun ? '-dry' : ''}`, found, work, perLink(links));
  await world.expectCounted(runId, { lookedAt: links, changed: 0 });
  return figures;
}

export async function measure(): Promise<Figure[]> {
  return [
    ...(await idlePolls(1)),
    ...(await idlePolls(2)),
    ...(await syncNow(false)),
    ...(await syncNow(true)),
    ...(await changes(1, 8)),
    ...(await changes(100, 8)),
    ...(await changes(1_000, 8)),
    ...(await changes(1_000, 20)),
    ...(await connects(100)),
    ...(await firstSync(1_000)),
    ...(await compared(100, false)),
    ...(await compared(400, false)),
    ...(await compared(5_000, false)),
    ...(await compared(1_000, true)),
  ];
}
