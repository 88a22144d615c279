/** A worker that dies anywhere while brakes are taken, set and lifted: harm stays bounded, and all heals. */
import { expect, test } from 'vitest';
import { bookFaults } from '../property/books.ts';
import type { FieldSpec } from '../property/world.ts';
import { dueOf } from '../sync/at-rest.ts';
import { brakesOf, setAllowances } from '../sync/brakes-of.ts';
import { Attack } from './deaths.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
];
const links = 16;
const allowance = 2;
const ofAMessage = 4;
/** Every call would take minutes; which ones differs with what was changed last. */
const stride = 11;

async function play(dieAt: number): Promise<{ calls: number; where: string }> {
  let refuses = false;
  const refused = new Set<unknown>();
  const erpRefuses = (field: string, value: unknown) => {
    if (!refuses || field !== 'NAME') return undefined;
    refused.add(value);
    return 'Something else is missing.';
  };
  const attack = new Attack({ fields, links, pageSize: ofAMessage, erpRefuses }, dieAt, 300_000);
  const { world } = attack;
  const editErp = (phone: (at: number) => string) => {
    for (let at = 0; at < links; at += 1) world.erp.edit('party', `e${at}`, { PHONE: phone(at) });
  };
  await world.setUp();
  editErp((at) => `own number ${at}`);
  await world.minutes(3);
  await setAllowances(world, allowance);
  refuses = true;
  editErp(() => 'one for all');
  for (let at = 0; at < links; at += 1) world.crm.edit('contact', `c${at}`, { name: `New ${at}` });
  world.nowMs += 60_000;
  await attack.step(() => world.poll(world.engine));
  await attack.drain();
  await world.minutes(10);
  const replaced = world.crm.written.filter(({ values }) => values.phone === 'one for all').map(({ key }) => key);
  // Two links that are read apart from the rest; what a dead and a living message had in hand, and the one that tries for all.
  expect(new Set(replaced).size).toBeLessThanOrEqual(allowance + 2);
  expect(refused.size).toBeLessThanOrEqual(allowance + 2 * ofAMessage + 1);
  expect(await bookFaults(world)).toEqual([]);
  refuses = false;
  editErp((at) => `own number ${at}`);
  for (let at = 0; at < links; at += 1) world.crm.edit('contact', `c${at}`, { name: `Newer ${at}` });
  await world.minutes(1);
  await world.quiesce();
  expect([await brakesOf(world), await dueOf(world), await bookFaults(world)]).toEqual([[], [], []]);
  for (let at = 0; at < links; at += 1) {
    expect(world.crm.valuesOf('contact', `c${at}`).phone).toBe(`own number ${at}`);
    expect(world.erp.valuesOf('party', `e${at}`).NAME).toBe(`Newer ${at}`);
  }
  return { calls: attack.calls, where: attack.where };
}

test('a death at any port call leaves no brake that stands for nothing, and no more harm than there may be', async () => {
  const { calls } = await play(0);
  expect(calls).toBeGreaterThan(50);
  for (let dieAt = 1; dieAt <= calls; dieAt += stride) await play(dieAt);
});
