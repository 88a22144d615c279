/** Public reports of values that changed on their way: blanks, dates by zone, decimals by locale. */
import { afterEach, expect, test } from 'vitest';
import { dayOf } from '../../functions/adapters/crm/superoffice/fields/instants.ts';
import { parseWire } from '../../functions/adapters/erp/tryton/wire/wire-values.ts';
import type { Value } from '../../functions/core/values/value.ts';
import type { FieldSpec } from '../property/world.ts';
import { failuresOf } from '../sync/at-rest.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest, stored } from './met-at-rest.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const of = (type: 'date' | 'decimal' | 'checkbox' | 'integer', start: Value): readonly FieldSpec[] => [
  { name: 'value', direction: 'both', start, metadata: { type } },
  { name: 'name', direction: 'both' },
];

test('a cleared field is cleared on the other side, from either side', async () => {
  const { world } = await metAtRest();
  editCrm(world, { phone: null });
  await world.minutes(2);
  expect(inErp(world).PHONE).toBeNull();
  editErp(world, { PHONE: '030' });
  await world.minutes(2);
  editErp(world, { PHONE: null });
  await world.minutes(2);
  expect(inCrm(world).phone).toBeNull();
  expect(stored(world, 'crm', 'phone')).toEqual(['030', null]);
});

test('a cleared date is blank on the other side, and two blank dates cause no write', async () => {
  const { world } = await metAtRest({ fields: of('date', '2026-05-31') });
  editCrm(world, { value: null });
  await world.minutes(3);
  expect(inErp(world).VALUE).toBeNull();
  const blank = await metAtRest({ fields: of('date', null) });
  await blank.world.minutes(3);
  expect([...blank.world.crm.written, ...blank.world.erp.written]).toEqual([]);
  expect([dayOf('0001-01-01T00:00:00Z'), dayOf(''), dayOf(null)]).toEqual([null, null, null]);
});

test.each(['Europe/Berlin', 'Pacific/Auckland', 'UTC'])('a day is the day that was written, read in %s', (timeZone) => {
  process.env.TZ = timeZone;
  expect(new Date(2026, 5, 2).getTimezoneOffset()).toBe(
    { 'Europe/Berlin': -120, 'Pacific/Auckland': -720 }[timeZone] ?? 0,
  );
  const written = ['1980-06-02T00:00:00+0200', '1980-06-02T00:00:00Z', '1980-06-02T00:00:00', '1980-06-02'];
  expect(written.map(dayOf)).toEqual(written.map(() => '1980-06-02'));
  expect(parseWire('{"__class__": "date", "year": 1980, "month": 6, "day": 2}')).toBe('1980-06-02');
});

test('a day is not written when another field of its record is edited', async () => {
  const { world } = await metAtRest({ fields: of('date', '1980-06-02') });
  editCrm(world, { name: 'edited' });
  await world.minutes(3);
  expect(inErp(world)).toMatchObject({ NAME: 'edited', VALUE: '1980-06-02' });
  expect(stored(world, 'erp', 'VALUE')).toEqual([]);
});

test('a decimal written with a comma is refused with the reason, never read as a hundred times as much', async () => {
  for (const text of ['1,12', '1.495,18']) {
    const { world } = await metAtRest({ fields: of('decimal', '1.00') });
    editCrm(world, { value: text, name: 'edited' });
    await world.minutes(2);
    expect(inErp(world)).toMatchObject({ VALUE: '1.00', NAME: 'edited' });
    expect(await failuresOf(world)).toMatchObject([{ reason: 'not-convertible' }]);
  }
});

test('a decimal that is only spelled with more zeros is not written', async () => {
  const { world } = await metAtRest({ fields: of('decimal', '1.12') });
  editCrm(world, { value: '1.120' });
  await world.minutes(2);
  expect(stored(world, 'erp', 'VALUE')).toEqual([]);
});

test('false and zero are values: they travel like any other', async () => {
  const boxes = await metAtRest({ fields: of('checkbox', true) });
  editCrm(boxes.world, { value: false });
  await boxes.world.minutes(2);
  expect(inErp(boxes.world).VALUE).toBe(false);
  const numbers = await metAtRest({ fields: of('integer', 7) });
  editErp(numbers.world, { VALUE: 0 });
  await numbers.world.minutes(2);
  expect(inCrm(numbers.world).value).toBe(0);
});

test('a changed mail address is written on the linked record, which stays the same one', async () => {
  const mail = { name: 'mail', direction: 'both', start: 'old@example.com', metadata: { format: 'email' } } as const;
  const { world } = await metAtRest({ fields: [mail], links: 1 });
  editCrm(world, { mail: 'new@example.com' });
  await world.minutes(2);
  expect(inErp(world).MAIL).toBe('new@example.com');
  expect(await world.links()).toMatchObject([{ id: 'link0', state: 'active', ends: { erp: { key: 'e0' } } }]);
});
