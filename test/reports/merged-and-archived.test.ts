/** Public reports of records that were merged or archived behind the back of a sync. */
import { expect, test } from 'vitest';
import { failuresOf } from '../sync/at-rest.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest } from './met-at-rest.ts';

test('a record merged into another gets no more updates: its link is broken, listed, and says where the record went', async () => {
  const { world } = await metAtRest();
  world.erp.edit('party', 'e9', { NAME: 'survivor' });
  world.erp.setStanding('party', 'e0', { kind: 'merged', into: 'e9' });
  editCrm(world, { name: 'edited' });
  await world.minutes(3);
  expect((await world.links())[0]).toMatchObject({
    state: 'broken',
    stateReason: 'erp-actor-merged',
    mergedInto: 'e9',
  });
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0' }]);
  expect(inErp(world).NAME).toBe('start0');
  expect(world.erp.written).toEqual([]);
});

test('of two records merged in one system, both partners stay as they are, and the link of the merged one says so', async () => {
  const { world } = await metAtRest();
  editCrm(world, { name: null, phone: null }, 0);
  editCrm(world, { name: 'the survivor' }, 1);
  world.crm.setStanding('contact', 'c0', { kind: 'merged', into: 'c1' });
  await world.minutes(3);
  expect(await world.links()).toMatchObject([
    { state: 'broken', stateReason: 'crm-record-merged', mergedInto: 'c1' },
    { state: 'active' },
  ]);
  expect(inErp(world, 0)).toEqual({ NAME: 'start0', PHONE: 'start0' });
  expect(inErp(world, 1).NAME).toBe('the survivor');
});

test('an archived record is published no more, and its blanks never travel', async () => {
  for (const side of ['crm', 'erp'] as const) {
    const { world } = await metAtRest();
    const [table, key] = side === 'crm' ? ['contact', 'c0'] : ['party', 'e0'];
    world[side].setStanding(table, key, { kind: 'archived' });
    if (side === 'crm') editCrm(world, { name: 'edited', phone: null });
    else editErp(world, { NAME: 'edited', PHONE: null });
    await world.minutes(3);
    const stateReason = side === 'crm' ? 'crm-record-archived' : 'erp-actor-archived';
    expect((await world.links())[0]).toMatchObject({ state: 'paused', stateReason });
    expect([world.crm.written, world.erp.written]).toEqual([[], []]);
  }
});

test('a record archived by accident and taken back keeps its link, and what was edited meanwhile arrives', async () => {
  const { world } = await metAtRest();
  world.crm.setStanding('contact', 'c0', { kind: 'archived' });
  await world.minutes(2);
  expect((await world.links())[0]).toMatchObject({ state: 'paused', ends: { crm: { key: 'c0' }, erp: { key: 'e0' } } });
  editCrm(world, { name: 'in crm' });
  editErp(world, { PHONE: '030' });
  await world.minutes(2);
  expect([world.crm.written, world.erp.written]).toEqual([[], []]);
  world.crm.setStanding('contact', 'c0', undefined);
  await world.minutes(3);
  expect((await world.links())[0]).toMatchObject({ state: 'active' });
  expect(inErp(world)).toEqual({ NAME: 'in crm', PHONE: '030' });
  expect(inCrm(world)).toEqual({ name: 'in crm', phone: '030' });
});

test('a record deleted on one side is an open failure, and its link is whole again once it is restored', async () => {
  const { world } = await metAtRest();
  const before = inErp(world);
  world.erp.removeRecord('party', 'e0');
  editCrm(world, { name: 'edited' });
  await world.minutes(2);
  expect(await failuresOf(world)).toMatchObject([{ linkId: 'link0' }]);
  world.erp.edit('party', 'e0', before);
  await world.minutes(3);
  expect((await world.links())[0]).toMatchObject({ state: 'active' });
  expect(inErp(world).NAME).toBe('edited');
  expect(await failuresOf(world)).toEqual([]);
});
