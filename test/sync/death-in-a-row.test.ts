/** A worker that dies over a later page of those that it reads in a row. */
import { expect, test } from 'vitest';
import { hasEnded } from '../../functions/core/model/run.ts';
import { World } from '../property/world.ts';

test('a death before the chunks of a later page in a row are sent is made good by the message that comes back', async () => {
  const fields = [{ name: 'name', direction: 'both' }] as const;
  let sends = 0;
  let dies = false;
  const world: World = new World({
    fields,
    links: 12,
    pageSize: 2,
    gate: async (what) => {
      if (!dies || what !== 'queue.send') return;
      sends += 1;
      // Pages 1 and 2 are out; the chunk of page 3 is stored, its message is not sent.
      if (sends === 3) throw new Error('dead');
    },
  });
  await world.setUp();
  await world.minutes(2);
  for (let at = 0; at < 12; at += 1) world.crm.edit('contact', `c${at}`, { name: `changed${at}` });
  world.nowMs += 61_000;
  await world.poll();
  const sync = world.ready().find(({ message }) => message.kind === 'detect' && message.chain === 'crm:contact');
  if (!sync) throw new Error('the poll lists');
  world.acknowledge(sync);
  await world.handle(sync);
  const row = world
    .ready()
    .find(({ message }) => message.kind === 'detect' && message.chain === 'crm:contact' && message.page === 1);
  if (!row) throw new Error('page 1 has a message');
  dies = true;
  await expect(world.handle(row)).rejects.toThrow('dead');
  dies = false;
  // The queue delivers it again; nobody polls.
  await world.drain();
  const runs = await world.runs();
  expect(runs.filter(({ state }) => !hasEnded(state)).map(({ open, chains }) => ({ open, chains }))).toEqual([]);
  for (let at = 0; at < 12; at += 1) expect(world.erp.valuesOf('party', `e${at}`).NAME).toBe(`changed${at}`);
});
