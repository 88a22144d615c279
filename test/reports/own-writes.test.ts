/** Public reports of a sync that trips over its own writes: taken for somebody's edit, made twice, or over an edit. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { bookFaults } from '../property/books.ts';
import { editCrm, editErp, inCrm, inErp, metAtRest, pollMet, stored } from './met-at-rest.ts';

test('a row that a trigger stamps once more after our write is no edit: the next change meets no conflict', async () => {
  const { world, meet } = await metAtRest();
  editCrm(world, { name: 'one' });
  meet.set('erp.update.answered', () => {
    world.nowMs += 1_000;
    editErp(world, {});
  });
  await pollMet(world);
  editCrm(world, { name: 'two' });
  await world.minutes(2);
  expect(inErp(world).NAME).toBe('two');
  expect((await world.log()).filter(({ conflict }) => conflict)).toEqual([]);
  expect(world.crm.written).toEqual([]);
});

test('an edit made after a write whose worker died arrives, and the write counts once', async () => {
  const { world, meet } = await metAtRest();
  editCrm(world, { phone: '1' });
  meet.set('erp.update.answered', () => Promise.reject(new SyncError('unknown-outcome', 'The worker is gone.')));
  await pollMet(world);
  editCrm(world, { phone: '2' });
  await world.minutes(4);
  expect([inCrm(world).phone, inErp(world).PHONE]).toEqual(['2', '2']);
  expect(stored(world, 'erp', 'PHONE')).toEqual(['1', '2']);
  expect(await world.log()).toMatchObject([
    { newValue: '2', outcome: 'written' },
    { newValue: '1', outcome: 'settled' },
  ]);
  expect((await world.log()).filter(({ conflict }) => conflict)).toEqual([]);
  expect(await bookFaults(world)).toEqual([]);
});

test('an edit made while a conflict is settled reaches the other side, and the conflict is logged with base and both values', async () => {
  const { world, meet } = await metAtRest({ policy: { kind: 'erp-wins' } });
  editCrm(world, { name: 'in crm' });
  editErp(world, { NAME: 'in erp' });
  meet.set('crm.update.answered', () => editCrm(world, { name: 'meanwhile' }));
  await pollMet(world);
  await world.minutes(3);
  expect([inCrm(world).name, inErp(world).NAME]).toEqual(['meanwhile', 'meanwhile']);
  const conflicts = (await world.log()).flatMap(({ conflict }) => (conflict ? [conflict] : []));
  expect(conflicts).toEqual([
    { winner: 'erp', policy: 'erp-wins', base: { crm: 'start0', erp: 'start0' }, crm: 'in crm', erp: 'in erp' },
  ]);
});

test('two different fields edited on the two sides both travel, without a conflict', async () => {
  const { world } = await metAtRest();
  editCrm(world, { name: 'from crm' });
  editErp(world, { PHONE: '030' });
  await world.minutes(2);
  expect(inCrm(world)).toEqual({ name: 'from crm', phone: '030' });
  expect(inErp(world)).toEqual({ NAME: 'from crm', PHONE: '030' });
  expect((await world.log()).filter(({ conflict }) => conflict)).toEqual([]);
});

test('an edit of a record whose partner was deleted is kept, and the link says that the partner is gone', async () => {
  const { world } = await metAtRest();
  world.erp.removeRecord('party', 'e0');
  editCrm(world, { name: 'edited' });
  await world.minutes(2);
  expect(inCrm(world).name).toBe('edited');
  expect((await world.links())[0]).toMatchObject({ state: 'broken', stateReason: 'erp-actor-gone' });
});

test('an edit of a field that is not mapped causes no write', async () => {
  const { world } = await metAtRest();
  editCrm(world, { unmapped: 'x' });
  editErp(world, { UNMAPPED: 'y' });
  await world.minutes(3);
  expect([world.crm.written, world.erp.written]).toEqual([[], []]);
});
