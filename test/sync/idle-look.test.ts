import { expect, test } from 'vitest';
import { type CountingTable, countingTable } from '../../bench/counting-table.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import type { Engine } from '../../functions/sync/engine.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { endsIdle } from '../../functions/sync/runs/idle-look.ts';
import { connectionId, tenantId, World } from '../property/world.ts';

const message = { kind: 'poll', tenantId, connectionId, connectorId: 'connector1' } as const;
const of = (side: 'crm' | 'erp') => ({ tenantId, connectionId, side, table: side === 'crm' ? 'contact' : 'party' });

async function resting(links = 3, fields = 2, over: Partial<World['options']> = {}) {
  let table: CountingTable = countingTable(memoryTable());
  const world = new World({
    links,
    fields: Array.from({ length: fields }, (_, n) => ({ name: `field${n}`, direction: 'both' as const })),
    pageSize: 200,
    joins: true,
    around: (inner) => {
      table = countingTable(inner);
      return table;
    },
    ...over,
  });
  await world.setUp();
  for (let polls = 0; polls < 3; polls += 1) await pollAndDrain(world);
  return { world, table };
}

async function pollAndDrain(world: World, engine: Engine = world.quiet): Promise<void> {
  world.nowMs += 61_000;
  await dispatchPoll(engine, message);
  for (let [next] = world.ready(); next; [next] = world.ready()) {
    world.acknowledge(next);
    await world.handle(next, engine);
  }
}

/** Whether the next call of the schedule ends in the dispatcher. */
async function idle(world: World, engine: Engine = world.quiet): Promise<boolean> {
  world.nowMs += 61_000;
  return endsIdle(engine, message);
}

const cursorOf = async (world: World, side: 'crm' | 'erp') => (await world.quiet.cursors.get(of(side)))?.cursor;

test('an idle poll takes eight storage calls in two rounds, one write, one list call a table and no message', async () => {
  for (const [links, fields] of [
    [3, 2],
    [200, 20],
  ] as const) {
    const { world, table } = await resting(links, fields);
    const before = [world.crm.callCount(), world.erp.callCount()];
    world.nowMs += 61_000;
    table.startAnew();
    await dispatchPoll(world.quiet, message);
    const { calls, rounds, writeUnits } = table.counts();
    expect(calls).toBeLessThanOrEqual(8);
    expect(rounds).toBeLessThanOrEqual(2);
    expect(writeUnits).toBe(1);
    expect(world.messages).toEqual([]);
    expect([world.crm.callCount(), world.erp.callCount()]).toEqual(before.map((calls) => calls + 1));
  }
});

test('a call between polls reads what is stored, and asks nobody', async () => {
  const { world, table } = await resting();
  const before = [world.crm.callCount(), world.erp.callCount()];
  world.nowMs += 10_000;
  table.startAnew();
  await dispatchPoll(world.quiet, message);
  expect(table.counts()).toMatchObject({ rounds: 1, writeUnits: 0 });
  expect([world.crm.callCount(), world.erp.callCount()]).toEqual(before);
});

test('a schedule that does not name the connector is served as well', async () => {
  const { world } = await resting();
  world.nowMs += 61_000;
  expect(await endsIdle(world.quiet, { kind: 'poll', tenantId, connectionId })).toBe(true);
});

test('records that are not linked, or linked and seen as they are, move the cursors; quiet lists do so every ten minutes', async () => {
  const { world, table } = await resting();
  const quiet = await cursorOf(world, 'erp');
  world.crm.edit('contact', 'unlinked', { field0: 'x' });
  const before = await cursorOf(world, 'crm');
  expect(await idle(world)).toBe(true);
  expect(await cursorOf(world, 'crm')).not.toBe(before);
  expect(await cursorOf(world, 'erp')).toBe(quiet);
  world.nowMs += 10 * 60_000;
  table.startAnew();
  expect(await idle(world)).toBe(true);
  expect(await cursorOf(world, 'erp')).not.toBe(quiet);
  // One more for the claims of the record, which the list shows once more.
  expect(table.counts().calls).toBeLessThanOrEqual(9);
});

test.each<[string, (world: World) => Promise<unknown> | unknown]>([
  ['an edit', (world) => world.crm.edit('contact', 'c0', { field0: 'new' })],
  ['an archived record', (world) => world.erp.setStanding('party', 'e0', { kind: 'archived' })],
  ['a due item', (world) => world.quiet.dueItems.putMany([{ tenantId, connectionId, linkId: 'link0', sequence: 's' }])],
  [
    'a due item whose wait is over',
    (world) =>
      world.quiet.dueItems.putMany([
        { tenantId, connectionId, linkId: 'link0', sequence: 's', notBefore: '2026-11-23T08:00:00.000Z' },
      ]),
  ],
  [
    'a chain that waits',
    (world) => world.quiet.connections.noteChainWait(tenantId, connectionId, 'crm:contact', '2027'),
  ],
  [
    'a connector elsewhere',
    async (world) => {
      const connector = await world.quiet.connectors.get(tenantId, 'connector1');
      if (connector) await world.quiet.connectors.replace({ ...connector, url: 'http://other.example' });
    },
  ],
  [
    'a type set aside',
    async (world) => {
      const setup = await world.quiet.connections.getSetup(tenantId, connectionId);
      const [type] = setup?.actorTypes ?? [];
      const suspended = { reason: 'misconfigured', at: '2026-11-23T08:00:00.000Z', metBy: 'list' } as const;
      if (type) await world.quiet.connections.noteActorType(type, { suspended });
    },
  ],
])('%s is left to a run, and no cursor moves', async (_what, happens) => {
  const { world } = await resting();
  const before = [await cursorOf(world, 'crm'), await cursorOf(world, 'erp')];
  await happens(world);
  expect(await idle(world)).toBe(false);
  expect([await cursorOf(world, 'crm'), await cursorOf(world, 'erp')]).toEqual(before);
});

test('what our own write has left is passed over, but not where the link has an intent', async () => {
  for (const hasIntent of [false, true]) {
    const { world } = await resting();
    world.crm.edit('contact', 'c0', { field0: 'new' });
    await pollAndDrain(world);
    const link = await world.quiet.links.get(tenantId, 'link0');
    if (link && hasIntent) {
      const times = { expiresAtMs: world.nowMs, readAtMs: { crm: 1, erp: 2 } };
      const intent = { token: 't', runId: 'r', chunkId: 'k', ...times, versions: { crm: '1', erp: '2' }, writes: [] };
      await world.quiet.links.takeIntent(link, intent);
    }
    expect(await idle(world)).toBe(!hasIntent);
  }
});

test('a due item that waits is left alone', async () => {
  const { world } = await resting();
  const due = { tenantId, connectionId, linkId: 'link0', sequence: 's', notBefore: '2027-01-01T00:00:00.000Z' };
  await world.quiet.dueItems.putMany([due]);
  expect(await idle(world)).toBe(true);
});

test('hundreds that wait end idle in as many calls as none; one that is ripe among thousands is not passed over', async () => {
  const { world, table } = await resting();
  const due = (linkId: string) => ({
    tenantId,
    connectionId,
    linkId,
    sequence: 's',
    notBefore: '2027-01-01T00:00:00.000Z',
  });
  const waiting = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => due(`waiting${from + n}`));
  await world.quiet.dueItems.putMany(waiting(0, 1_600));
  world.nowMs += 61_000;
  table.startAnew();
  await dispatchPoll(world.quiet, message);
  expect(world.messages).toEqual([]);
  const { calls, rounds } = table.counts();
  expect([calls <= 8, rounds <= 2]).toEqual([true, true]);
  const ripe = { ...due('z-ripe'), notBefore: world.quiet.runtime.now() };
  await world.quiet.dueItems.putMany([ripe]);
  expect(await idle(world)).toBe(false);
  await world.quiet.dueItems.putMany(waiting(1_600, 2_600));
  expect(await idle(world)).toBe(false);
});

test('a list of over three pages, one that fails and one that takes over ten seconds are left to a run', async () => {
  const { world } = await resting(3, 2, { pageSize: 1 });
  const before = await cursorOf(world, 'crm');
  for (let at = 0; at < 5; at += 1) world.crm.edit('contact', `unlinked${at}`, { field0: 'x' });
  expect(await idle(world)).toBe(false);
  expect(await cursorOf(world, 'crm')).toBe(before);
  const listing = async (listChanges: RecordSystem['listChanges']) => {
    const erp: RecordSystem = Object.assign(Object.create(world.erp), { listChanges });
    return { ...world.quiet, systems: { ...world.quiet.systems, erp: async () => erp } };
  };
  await pollAndDrain(world);
  await pollAndDrain(world);
  expect(await idle(world)).toBe(true);
  expect(await idle(world, await listing(() => Promise.reject(new Error('no answer'))))).toBe(false);
  const slow = await listing(async (request) => {
    world.nowMs += 11_000;
    return world.erp.listChanges(request);
  });
  expect(await idle(world, slow)).toBe(false);
});

test('an edit listed while its link is made is not passed over: the new link is due', async () => {
  const { world } = await resting();
  world.crm.edit('contact', 'c9', { field0: 'new', field1: 'new' });
  let connected = false;
  const engine: Engine = {
    ...world.quiet,
    links: {
      ...world.quiet.links,
      ofRecords: async (...given) => {
        const links = await world.quiet.links.ofRecords(...given);
        if (!connected) await world.link(9);
        connected = true;
        return links;
      },
    },
  };
  expect(await idle(world, engine)).toBe(true);
  world.crm.edit('contact', 'c9', { field0: 'edited', field1: 'new' });
  await pollAndDrain(world);
  expect(world.erp.valuesOf('party', 'e9').FIELD0).toBe('edited');
});

test('of two dispatchers at once each stores the cursors or leaves them, and an edit between them arrives', async () => {
  const { world } = await resting();
  world.crm.edit('contact', 'unlinked', { field0: 'x' });
  world.nowMs += 61_000;
  const both = Promise.all([endsIdle(world.quiet, message), endsIdle(world.quiet, message)]);
  world.erp.edit('party', 'e1', { FIELD0: 'between' });
  await both;
  await pollAndDrain(world);
  await pollAndDrain(world);
  expect(world.crm.valuesOf('contact', 'c1').field0).toBe('between');
});
