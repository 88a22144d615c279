import { expect, test } from 'vitest';
import { type CountingTable, countingTable } from '../../bench/counting-table.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { startRun } from '../../functions/sync/runs/start-run.ts';
import { connectionId, tenantId, World } from '../property/world.ts';

/** What storage is asked for, as the service is deployed; bounds of the design, per link. */

const fieldsOf = (many: number) =>
  Array.from({ length: many }, (_, n) => ({ name: `field${n}`, direction: 'both' as const }));

async function countedWorld(links: number, fields = 8) {
  let table: CountingTable = countingTable(memoryTable());
  const world = new World({
    links,
    fields: fieldsOf(fields),
    pageSize: 200,
    joins: true,
    around: (inner) => {
      table = countingTable(inner);
      return table;
    },
  });
  await world.setUp();
  return { world, table };
}

async function workOff(world: World): Promise<number> {
  let messages = 0;
  for (let [next] = world.ready(); next; [next] = world.ready()) {
    world.acknowledge(next);
    await world.handle(next, world.quiet);
    messages += 1;
  }
  return messages;
}

async function poll(world: World): Promise<void> {
  world.nowMs += 61_000;
  await dispatchPoll(world.quiet, { tenantId, connectionId });
  await workOff(world);
}

async function counted(table: CountingTable, work: () => Promise<unknown>) {
  table.startAnew();
  await work();
  return table.counts();
}

test('comparing unchanged links takes 0.12 calls and 0.2 write units a link, and makes none of them due', async () => {
  const { world, table } = await countedWorld(1960, 2);
  await poll(world);
  const compare = async () => {
    const scope = { kind: 'connection' } as const;
    await startRun(world.quiet, { tenantId, connectionId, kind: 'compare', scope, trigger: { by: 'user' } });
    await workOff(world);
  };
  const all = await counted(table, compare);
  expect(all.calls / 1960).toBeLessThanOrEqual(0.12);
  expect(all.writeUnits / 1960).toBeLessThanOrEqual(0.2);
});

/** Transactions counted once; DynamoDB bills their writes twice. */
test.each([
  { fields: 8, changed: 1, units: 14 },
  { fields: 8, changed: 8, units: 14 },
  { fields: 20, changed: 1, units: 16 },
  { fields: 20, changed: 20, units: 16 },
])('a change of $changed of $fields fields takes $units write units, index writes included', async (given) => {
  const { fields, changed, units } = given;
  const { world, table } = await countedWorld(200, fields);
  await poll(world);
  await poll(world);
  for (let at = 0; at < 200; at += 1) {
    const names = Array.from({ length: changed }, (_, name) => `field${name}`);
    world.crm.edit('contact', `c${at}`, Object.fromEntries(names.map((name) => [name, `${name} of ${at} changed`])));
  }
  const all = await counted(table, () => poll(world));
  expect((all.writeUnits - all.secondWriteUnits) / 200).toBeLessThanOrEqual(units);
});

test('a further changed field takes no unit more', async () => {
  const { world, table } = await countedWorld(100);
  await poll(world);
  await poll(world);
  const units = async (value: string, names: readonly string[]) => {
    for (let at = 0; at < 100; at += 1) {
      world.crm.edit('contact', `c${at}`, Object.fromEntries(names.map((name) => [name, `${value} of ${at}`])));
    }
    return (await counted(table, () => poll(world))).writeUnits;
  };
  const one = await units('a', ['field0']);
  expect(await units('b', ['field0', 'field1', 'field2'])).toBe(one);
});

test('the look of a sync now waits for storage nine times, the last time when its run is done', async () => {
  const { world, table } = await countedWorld(3);
  await poll(world);
  world.crm.edit('contact', 'c0', { field0: 'changed' });
  await startRun(world.quiet, {
    tenantId,
    connectionId,
    kind: 'sync',
    scope: { kind: 'links', linkIds: ['link0'] },
    linkIds: ['link0'],
    trigger: { by: 'user' },
  });
  const all = await counted(table, () => workOff(world));
  expect(all.rounds).toBeLessThanOrEqual(9);
});
