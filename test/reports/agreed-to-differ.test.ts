/** Public reports of systems that store something else than they were sent: what people are shown of it. */
import { expect, test } from 'vitest';
import { editCrm, editErp, inCrm, inErp, metAtRest, ofText, stored } from './met-at-rest.ts';

test.each([
  ['cut', 'x'.repeat(50), 'x'.repeat(45), ofText((text) => text.slice(0, 45))],
  ['one line', 'Part1\nPart2', 'Part1Part2', ofText((text) => text.replaceAll('\n', ''))],
  ['a placeholder', null, 'Unknown', (_field: string, value: unknown) => (value === null ? 'Unknown' : String(value))],
] as const)('what the target stored otherwise is agreed to differ: %s', async (_what, sent, kept, reformat) => {
  const { world } = await metAtRest({ erp: { reformat } });
  editCrm(world, { name: sent });
  await world.minutes(3);
  const [link] = await world.links();
  expect(link && world.fieldState(link, 'name')).toEqual({ agreed: { crm: sent, erp: kept }, differs: true });
  expect([inCrm(world).name, inErp(world).NAME]).toEqual([sent, kept]);
  expect(stored(world, 'erp', 'NAME')).toEqual([kept]);
});

test('a name cut by a target whose answer proves nothing is in the log as losing before its short form replaces it', async () => {
  const { world } = await metAtRest({ erp: { answersStored: false, reformat: ofText((text) => text.slice(0, 45)) } });
  editCrm(world, { name: 'x'.repeat(50) });
  await world.minutes(3);
  editErp(world, { PHONE: '030' });
  await world.minutes(3);
  const whole = 'x'.repeat(50);
  const losing = (await world.log()).filter(({ conflict }) => conflict?.crm === whole);
  expect(inCrm(world).name === whole || losing.length > 0).toBe(true);
  expect(stored(world, 'erp', 'NAME').length + stored(world, 'crm', 'name').length).toBeLessThanOrEqual(3);
});
