/** Public reports of systems that store something else than they were sent. */
import { expect, test } from 'vitest';
import type { FieldSpec } from '../property/world.ts';
import { failuresOf } from '../sync/at-rest.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest, ofText, stored, twoTexts } from './met-at-rest.ts';

const street: readonly FieldSpec[] = [
  { name: 'street', direction: 'both' },
  { name: 'name', direction: 'both' },
];
const shortName: readonly FieldSpec[] = twoTexts.map((field) =>
  field.name === 'name' ? { ...field, metadata: { maxLength: 45 } } : field,
);

test('the lines of an address stay in the system that can hold them, whatever is edited in the one that cannot', async () => {
  const { world } = await metAtRest({ fields: street, crm: { reformat: ofText((text) => text.replaceAll('\n', '')) } });
  editErp(world, { STREET: 'Part1\nPart2' });
  await world.minutes(2);
  expect(inCrm(world).street).toBe('Part1Part2');
  editCrm(world, { name: 'edited' });
  await world.minutes(4);
  expect(inErp(world)).toEqual({ STREET: 'Part1\nPart2', NAME: 'edited' });
  expect(stored(world, 'crm', 'street')).toEqual(['Part1Part2']);
});

test('a name too long for the target is refused whole, and the rest of the edit travels', async () => {
  const { world } = await metAtRest({ fields: shortName });
  editCrm(world, { name: 'x'.repeat(50), phone: '030' });
  await world.minutes(3);
  expect(inErp(world)).toEqual({ NAME: 'start0', PHONE: '030' });
  expect(inCrm(world).name).toBe('x'.repeat(50));
  expect(await failuresOf(world)).toMatchObject([{ reason: 'too-long', field: 'NAME~name' }]);
});

test('a name that the target cuts by itself, and shows so in its answer, never comes back short', async () => {
  const { world } = await metAtRest({ erp: { reformat: ofText((text) => text.slice(0, 45)) } });
  editCrm(world, { name: 'x'.repeat(50) });
  await world.minutes(3);
  editErp(world, { PHONE: '030' });
  await world.minutes(3);
  expect(inCrm(world)).toEqual({ name: 'x'.repeat(50), phone: '030' });
  expect(stored(world, 'erp', 'NAME')).toHaveLength(1);
});

test('a placeholder that the target stores for a blank does not come back as a value', async () => {
  const { world } = await metAtRest({ erp: { reformat: (_field, value) => value ?? 'Unknown' } });
  editCrm(world, { name: null });
  await world.minutes(4);
  expect([inCrm(world).name, inErp(world).NAME]).toEqual([null, 'Unknown']);
  expect(stored(world, 'erp', 'NAME')).toEqual(['Unknown']);
  expect(world.crm.written).toEqual([]);
});

test('letters that the target drops are not dropped at the source', async () => {
  const { world } = await metAtRest({ erp: { reformat: ofText((text) => text.replaceAll('ü', '')) } });
  editCrm(world, { name: 'Jürgen' });
  await world.minutes(4);
  expect([inCrm(world).name, inErp(world).NAME]).toEqual(['Jürgen', 'Jrgen']);
  expect(world.crm.written).toEqual([]);
});
