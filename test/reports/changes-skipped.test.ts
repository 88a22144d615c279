/** Public reports of changes that a list of changes skipped. */
import { expect, test } from 'vitest';
import { editCrm, inErp, metAtRest, pollMet, stored } from './met-at-rest.ts';

test('a record of the same second that becomes visible after the poll arrives, and its neighbour is not written again', async () => {
  const { world } = await metAtRest();
  editCrm(world, { name: 'first' }, 0);
  const secondMs = world.nowMs;
  await pollMet(world);
  world.nowMs += 3_000;
  world.crm.edit('contact', 'c1', { name: 'second' }, { lateMs: world.nowMs - secondMs });
  await world.minutes(2);
  expect([inErp(world, 0).NAME, inErp(world, 1).NAME]).toEqual(['first', 'second']);
  expect(stored(world, 'erp', 'NAME')).toEqual(['first', 'second']);
});

test('a record that becomes visible long after its stamp arrives with the daily compare', async () => {
  const { world } = await metAtRest({ listMayMissEdits: true });
  world.crm.edit('contact', 'c1', { name: 'late' }, { lateMs: 3_600_000 });
  await world.minutes(3);
  expect(inErp(world, 1).NAME).toBe('start1');
  world.nowMs += 86_400_000;
  await world.minutes(3);
  expect(inErp(world, 1).NAME).toBe('late');
});

test('a record edited between two pages of a list hides no other, on either side', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const { world, meet } = await metAtRest({ links: 3, pageSize: 1 });
    const [table, key, field] = side === 'crm' ? ['contact', 'c', 'name'] : ['party', 'e', 'NAME'];
    for (const at of [0, 1, 2]) world[side].edit(table, `${key}${at}`, { [field]: `new${at}` });
    meet.set(`${side}.listChanges.answered`, () => world[side].edit(table, `${key}0`, { [field]: 'newer0' }));
    await pollMet(world);
    await world.minutes(2);
    const [otherTable, otherKey, otherField] = side === 'crm' ? ['party', 'e', 'NAME'] : ['contact', 'c', 'name'];
    const other = world[side === 'crm' ? 'erp' : 'crm'];
    expect([0, 1, 2].map((at) => other.valuesOf(otherTable, `${otherKey}${at}`)[otherField])).toEqual([
      'newer0',
      'new1',
      'new2',
    ]);
  }
});

test('more records of one stamp than a page holds are all read, each written once', async () => {
  const { world } = await metAtRest({ links: 5, pageSize: 2 });
  for (let at = 0; at < 5; at += 1) editCrm(world, { name: `bulk${at}` }, at);
  await pollMet(world);
  await world.minutes(2);
  expect(stored(world, 'erp', 'NAME').toSorted()).toEqual(['bulk0', 'bulk1', 'bulk2', 'bulk3', 'bulk4']);
});
