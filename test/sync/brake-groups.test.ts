/** Blanks in values that are made of several fields: what is withheld or dropped of one keeps all of it from being written. */
import { expect, test } from 'vitest';
import { answerBrake } from '../../functions/features/runs/answer-brake.ts';
import { allAllowed } from '../../functions/ports/record-system.ts';
import { connectionId, tenantId, type World, type WorldOptions } from '../property/world.ts';
import { atRest, dueOf, failuresOf } from './at-rest.ts';

const fields = [
  { name: 'street', direction: 'both', group: 'address', start: 'Damrak 7' },
  { name: 'city', direction: 'both', group: 'address', start: 'Ede' },
  { name: 'phone', direction: 'both' },
] as const;

/** One link that may lose no value, whose street was blanked and whose other fields were edited in the ERP. */
async function withheld(more: Partial<WorldOptions> = {}): Promise<World> {
  const world = await atRest({ fields, links: 1, ...more });
  const connection = await world.quiet.connections.get(tenantId, connectionId);
  if (!connection) throw new Error('there is a connection');
  await world.quiet.connections.replace({ ...connection, allowances: { blanks: { links: 0, share: 0 } } });
  world.erp.edit('party', 'e0', { STREET: null, CITY: 'Epe', PHONE: 'new' });
  await compare(world);
  return world;
}

async function compare(world: World): Promise<void> {
  await world.compare();
  await world.drain();
}

async function answer(world: World, kind: 'continue' | 'drop'): Promise<void> {
  const [brake] = (await world.quiet.connections.getSetup(tenantId, connectionId))?.brakes ?? [];
  await answerBrake(world.quiet, { tenantId, caller: 'key1', runId: brake?.runId ?? '', answer: kind });
  await world.drain();
}

const asBefore = { street: 'Damrak 7', city: 'Ede', phone: 'new' };
const asInErp = { street: null, city: 'Epe', phone: 'new' };

test('a blank that is withheld keeps its group from being written in part, and continue writes it whole', async () => {
  const world = await withheld();
  expect(world.crm.valuesOf('contact', 'c0')).toEqual(asBefore);
  expect(await dueOf(world)).toHaveLength(1);
  await answer(world, 'continue');
  expect(world.crm.valuesOf('contact', 'c0')).toEqual(asInErp);
  expect(world.crm.written.filter(({ values }) => 'city' in values)).toMatchObject([
    { values: { street: null, city: 'Epe' } },
  ]);
  expect(await failuresOf(world)).toEqual([]);
});

test('a blank that was dropped keeps its group from being written until its own value changes', async () => {
  const world = await withheld();
  await answer(world, 'drop');
  const [failure, ...others] = await failuresOf(world);
  expect(others).toEqual([]);
  expect(failure?.fields).toMatchObject([
    { field: 'STREET~street', reason: 'dropped', forms: { crm: 'Damrak 7', erp: null } },
  ]);
  world.erp.edit('party', 'e0', { CITY: 'Elst' });
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c0')).toEqual(asBefore);
  world.erp.edit('party', 'e0', { STREET: 'Spui 1' });
  await world.minutes(2);
  expect(world.crm.valuesOf('contact', 'c0')).toEqual({ street: 'Spui 1', city: 'Elst', phone: 'new' });
  expect(await failuresOf(world)).toEqual([]);
});

test('a part that our user may not read keeps its group from being written, and no other field', async () => {
  let hidden: readonly string[] = [];
  const world = await atRest({
    fields,
    links: 1,
    erpHides: () => hidden,
    erpAccess: () => ({ ...allAllowed, unreadable: hidden }),
  });
  hidden = ['STREET'];
  world.erp.edit('party', 'e0', { CITY: 'Epe', PHONE: 'new' });
  await compare(world);
  expect(world.crm.valuesOf('contact', 'c0')).toEqual(asBefore);
  hidden = [];
  await world.quiesce();
  expect(world.crm.valuesOf('contact', 'c0')).toEqual({ street: 'Damrak 7', city: 'Epe', phone: 'new' });
});
