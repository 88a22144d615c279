/** Fields that are enforced, or keep no blanks, from the edit to what later polls and comparisons make of it. */
import { expect, test } from 'vitest';
import { tenantId, type World } from '../property/world.ts';
import { atRest, dueOf } from './at-rest.ts';

const fields = [
  { name: 'name', direction: 'both', noBlanks: true },
  { name: 'terms', direction: 'toCrm', enforce: true },
] as const;

function written({ crm, erp }: World): number {
  return crm.written.length + erp.written.length;
}

/** Nothing is written any more, whatever polls and comparisons come. */
async function expectRest(world: World): Promise<void> {
  const before = written(world);
  await world.minutes(3);
  await world.compare();
  await world.drain();
  await world.quiesce();
  expect(written(world)).toBe(before);
  expect(await dueOf(world)).toEqual([]);
}

test('an edit on the target side of an enforced field is put back by the next poll, logged once, and never again', async () => {
  const world = await atRest({ fields, links: 2 });
  world.crm.edit('contact', 'c0', { terms: 'mine' });
  await world.minutes(1);
  expect(world.crm.valuesOf('contact', 'c0').terms).toBe('start0');
  await expectRest(world);
  const lost = (await world.log()).flatMap(({ rule, conflict }) => (rule === 'restored' ? [conflict] : []));
  expect(lost).toEqual([
    { winner: 'erp', policy: 'enforce', base: { crm: 'start0', erp: 'start0' }, crm: 'mine', erp: 'start0' },
  ]);
});

test('a blank that may not replace a value is listed as differing, and a later edit of either side travels', async () => {
  const world = await atRest({ fields, links: 2 });
  world.crm.edit('contact', 'c0', { name: null });
  world.erp.edit('party', 'e1', { NAME: null });
  await world.minutes(1);
  expect(world.erp.valuesOf('party', 'e0').NAME).toBe('start0');
  expect(world.crm.valuesOf('contact', 'c1').name).toBe('start1');
  const links = await world.links();
  expect(links.map((link) => world.fieldState(link, 'name')?.differs)).toEqual([true, true]);
  const { items } = await world.quiet.links.list(tenantId, { connectionId: 'conn1', differing: true }, { limit: 9 });
  expect(items).toHaveLength(2);
  await expectRest(world);
  world.erp.edit('party', 'e0', { NAME: 'new' });
  world.erp.edit('party', 'e1', { NAME: 'new too' });
  await world.minutes(1);
  expect(world.crm.valuesOf('contact', 'c0').name).toBe('new');
  expect(world.crm.valuesOf('contact', 'c1').name).toBe('new too');
  await expectRest(world);
});
