/** Public reports of values that a system hides from our user, without an error. */
import { expect, test } from 'vitest';
import { allAllowed } from '../../functions/ports/record-system.ts';
import { editCrm, inErp, metAtRest } from './met-at-rest.ts';

test('a field that our user may no longer read comes as a blank, and that blank is written nowhere', async () => {
  let hidden: readonly string[] = [];
  const { world } = await metAtRest({ crm: { access: () => ({ ...allAllowed, unreadable: hidden }) } });
  hidden = ['phone'];
  editCrm(world, { name: 'edited', phone: null });
  await world.minutes(3);
  expect(inErp(world)).toEqual({ NAME: 'edited', PHONE: 'start0' });
  hidden = [];
  editCrm(world, { phone: 'changed while it was hidden' });
  await world.minutes(3);
  expect(inErp(world).PHONE).toBe('changed while it was hidden');
});

test('where a system does not say that it hides a field, no more than the allowance of a day is blanked', async () => {
  const { world } = await metAtRest({ links: 30 });
  for (let at = 0; at < 30; at += 1) editCrm(world, { phone: null }, at);
  await world.minutes(5);
  const blanked = Array.from({ length: 30 }, (_, at) => inErp(world, at).PHONE).filter((phone) => phone === null);
  expect(blanked).toHaveLength(10);
  expect((await world.runs()).map(({ state }) => state)).toContain('stopped-by-brake');
});
