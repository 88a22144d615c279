/** A list of changes that comes back empty although there were changes. */
import { expect, test } from 'vitest';
import { bookFaults } from '../property/books.ts';
import { atRest, dueOf } from './at-rest.ts';
import { brakesOf } from './brakes-of.ts';

test('lists of changes that come without a record cost nothing but time: a comparison finds what they left out', async () => {
  const links = 20;
  const world = await atRest({ fields: [{ name: 'name', direction: 'both' }], links, pageSize: 100 });
  const before = [world.crm.written.length, world.erp.written.length];
  const { crm, erp } = world;
  const lists = { crm: crm.listChanges, erp: erp.listChanges };
  const empty = async ({ cursor }: { cursor: string }) => ({ records: [], cursor, complete: true });
  crm.listChanges = empty;
  erp.listChanges = empty;
  for (let at = 0; at < links; at += 1) erp.edit('party', `e${at}`, { NAME: `New ${at}` });
  await world.minutes(5);
  expect([crm.written.length, erp.written.length]).toEqual(before);
  expect((await world.links()).map(({ state }) => state)).toEqual(Array(links).fill('active'));
  crm.listChanges = lists.crm;
  erp.listChanges = lists.erp;
  await world.compare();
  await world.drain();
  expect(crm.valuesOf('contact', 'c19').name).toBe('New 19');
  expect([await brakesOf(world), await dueOf(world), await bookFaults(world)]).toEqual([[], [], []]);
});
