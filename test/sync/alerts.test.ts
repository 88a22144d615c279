/** What operators are told: once an event, ids and words only, and never at the cost of work. */
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { connectionId, type FieldSpec, tenantId, type World } from '../property/world.ts';
import { atRest } from './at-rest.ts';
import { brakesOf, setAllowances } from './brakes-of.ts';

const fields: readonly FieldSpec[] = [
  { name: 'name', direction: 'both' },
  { name: 'phone', direction: 'both' },
];
const of = { tenantId, connectionId };

/** A world whose ERP cannot list its changes. */
async function troubled(error: SyncError): Promise<World> {
  const world = await atRest({
    fields,
    links: 1,
    gate: async (what) => {
      if (what === 'erp.listChanges.sent') throw error;
    },
  });
  await world.minutes(3);
  return world;
}

test('a connection that is suspended is told once, with the kind of its trouble and no words of a system', async () => {
  const explanation = 'Field PHONE of Jansen BV is gone';
  const world = await troubled(new SyncError('misconfigured', 'Made to fail.', { explanation }));
  expect(world.quiet.alerts.told).toEqual([{ ...of, event: 'connection-suspended', reason: 'misconfigured' }]);
});

test('a tenant that its CRM has deleted is told as that', async () => {
  const world = await troubled(new SyncError('misconfigured', 'Made to fail.', { isTenantDeleted: true }));
  expect(world.quiet.alerts.told).toEqual([{ ...of, event: 'crm-tenant-deleted', reason: 'misconfigured' }]);
});

test('an actor type that is set aside is told once', async () => {
  const world = await troubled(new SyncError('misconfigured', 'Made to fail.', { recordType: 'customer' }));
  await world.minutes(3);
  expect(world.quiet.alerts.told).toEqual([
    { ...of, event: 'actor-type-suspended', reason: 'misconfigured', actorType: 'customer' },
  ]);
});

test('a brake is told when it is set, and not again while it stands', async () => {
  let hidden: readonly string[] = [];
  const world = await atRest({ fields, links: 14, pageSize: 20, erpHides: () => hidden });
  await setAllowances(world, 3);
  hidden = ['PHONE'];
  for (let runs = 0; runs < 2; runs += 1) {
    await world.compare();
    await world.drain();
  }
  expect(await brakesOf(world)).toHaveLength(1);
  expect(world.quiet.alerts.told).toEqual([{ ...of, event: 'brake-set', reason: 'blanks' }]);
});

test('a brake on refusals is told once, whatever else is refused', async () => {
  let refused = false;
  const erpRefuses = () => (refused ? 'A country is needed.' : undefined);
  const world = await atRest({ fields, links: 40, pageSize: 20, erpRefuses, erpNamesRefused: true });
  await setAllowances(world, 5);
  refused = true;
  for (const field of ['phone', 'name']) {
    for (let at = 0; at < 40; at += 1) world.crm.edit('contact', `c${at}`, { [field]: `New ${at}` });
    world.nowMs += 60_000;
    await world.poll();
    await world.drain();
  }
  const [brake] = await brakesOf(world);
  expect(brake?.refused).toHaveLength(2);
  const told = world.quiet.alerts.told.filter(({ reason }) => reason === 'refusals');
  expect(told).toEqual([{ ...of, event: 'brake-set', reason: 'refusals' }]);
});
