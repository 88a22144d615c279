import { expect, test } from 'vitest';
import { World } from '../property/world.ts';

test('the calls of pages that are listed ahead are counted for their run', async () => {
  const world = new World({ links: 20, fields: [{ name: 'name', direction: 'both' }], pageSize: 2 });
  await world.setUp();
  await world.minutes(2);
  for (let at = 0; at < 20; at += 1) world.crm.edit('contact', `c${at}`, { name: `changed${at}` });
  world.nowMs += 61_000;
  await world.poll();
  const before = world.crm.callCount();
  await world.drain();
  const [run] = await world.runs();
  expect(run?.counters.callsToCrm).toBe(world.crm.callCount() - before);
});
