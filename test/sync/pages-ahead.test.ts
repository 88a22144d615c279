import { expect, test } from 'vitest';
import type { ListChangesRequest, RecordSystem } from '../../functions/ports/record-system.ts';
import { dispatchPoll } from '../../functions/sync/runs/dispatch-poll.ts';
import { connectionId, tenantId, World } from '../property/world.ts';

/** A list of so many pages, each read by one call; what happens in which order. */
async function manyPages(links: number) {
  const events: string[] = [];
  const note = async (operation: string, moment: string) => {
    if (operation === 'listChanges' && moment === 'sent') events.push('list');
  };
  const world = new World({
    links,
    fields: [{ name: 'name', direction: 'both' }],
    pageSize: 2,
    crm: { onCall: note },
    gate: async (what) => {
      if (what === 'table.putMany') events.push('due');
    },
  });
  await world.setUp();
  await poll(world);
  return { world, events };
}

async function poll(world: World): Promise<number> {
  world.nowMs += 61_000;
  await dispatchPoll(world.engine, { tenantId, connectionId });
  let listMessages = 0;
  for (let [next] = world.ready(); next; [next] = world.ready()) {
    world.acknowledge(next);
    if (next.message.kind === 'detect' && next.message.chain === 'crm:contact') listMessages += 1;
    await world.handle(next);
  }
  return listMessages;
}

test('one message reads up to ten pages of a list, and lists each while the one before is made due', async () => {
  const { world, events } = await manyPages(30);
  events.length = 0;
  for (let at = 0; at < 30; at += 1) world.crm.edit('contact', `c${at}`, { name: `changed${at}` });
  const messages = await poll(world);
  for (let at = 0; at < 30; at += 1) expect(world.erp.valuesOf('party', `e${at}`)).toEqual({ NAME: `changed${at}` });
  // Fifteen pages: the first alone in its run's lane, ten more in a row, and the last four. Three were read before them by
  // the dispatcher, who learned that there is work for a run.
  expect(messages).toBe(3);
  expect(events.filter((event) => event === 'list')).toHaveLength(3 + 15);
  const inARow = events.slice(events.indexOf('due') + 1);
  expect(inARow.join(' ')).toContain('list list due');
});

test('a page listed ahead is not used where somebody else has moved the cursor', async () => {
  const { world } = await manyPages(12);
  for (let at = 0; at < 12; at += 1) world.crm.edit('contact', `c${at}`, { name: `changed${at}` });
  const of = { tenantId, connectionId, side: 'crm', table: 'contact' } as const;
  const before = await world.quiet.cursors.get(of);
  const listed: string[] = [];
  const crm: RecordSystem = Object.assign(Object.create(world.crm), {
    listChanges: async (request: ListChangesRequest) => {
      listed.push(request.cursor);
      return world.crm.listChanges(request);
    },
  });
  const { cursors } = world.engine;
  let moved = false;
  const meddling = {
    ...world.engine,
    systems: { ...world.engine.systems, crm: async () => crm },
    cursors: {
      ...cursors,
      store: async (...given: Parameters<typeof cursors.store>) => {
        const stored = await world.quiet.cursors.get(of);
        const isSecond = stored && stored.revision === (before?.revision ?? 0) + 1;
        // Another worker begins the list anew: nothing that it listed may be skipped.
        if (isSecond && !moved && given[0].side === 'crm')
          moved = await world.quiet.cursors.store(of, before?.cursor ?? '', stored.revision);
        return cursors.store(...given);
      },
    },
  };
  world.nowMs += 61_000;
  await dispatchPoll(meddling, { tenantId, connectionId });
  for (let [next] = world.ready(); next; [next] = world.ready()) {
    world.acknowledge(next);
    await world.handle(next, meddling);
  }
  expect(moved).toBe(true);
  // By the dispatcher, by the run's first page, and once more after it was moved back.
  expect(listed.filter((cursor) => cursor === before?.cursor)).toHaveLength(3);
  for (let at = 0; at < 12; at += 1) expect(world.erp.valuesOf('party', `e${at}`)).toEqual({ NAME: `changed${at}` });
});
