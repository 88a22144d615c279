/** Public reports of the parts of one value (a name, an address) that were mixed up on their way. */
import { expect, test } from 'vitest';
import type { FieldSpec } from '../property/world.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest } from './met-at-rest.ts';

const partsOf = (group: string, names: readonly string[]): readonly FieldSpec[] =>
  names.map((name) => ({ name, direction: 'both', start: null, metadata: { group } }));

test('a particle that one side keeps in the middle name and the other in the last name is not doubled', async () => {
  const fields = partsOf('name', ['first', 'middle', 'last']);
  const { world } = await metAtRest({ fields, links: 1, policy: { kind: 'erp-wins' } });
  editCrm(world, { first: 'Joe', middle: 'van', last: 'Vliet' });
  editErp(world, { FIRST: 'Joe', LAST: 'van Vliet' });
  await world.minutes(3);
  expect(inCrm(world)).toEqual({ first: 'Joe', middle: null, last: 'van Vliet' });
  expect(inErp(world)).toEqual({ FIRST: 'Joe', MIDDLE: null, LAST: 'van Vliet' });
  const losing = (await world.log()).flatMap(({ conflict }) => (conflict ? [conflict.crm] : []));
  expect(losing.toSorted()).toEqual(['Vliet', 'van']);
});

test('an address that both sides moved is one of the two addresses, never a mixture', async () => {
  const { world } = await metAtRest({ fields: partsOf('postal-address', ['street', 'city']), links: 1 });
  editCrm(world, { street: 'Damrak 1', city: 'Amsterdam' });
  await world.minutes(2);
  editCrm(world, { street: 'Kade 7' });
  editErp(world, { CITY: 'Utrecht' });
  await world.minutes(3);
  expect(inCrm(world)).toEqual({ street: 'Kade 7', city: 'Amsterdam' });
  expect(inErp(world)).toEqual({ STREET: 'Kade 7', CITY: 'Amsterdam' });
});
