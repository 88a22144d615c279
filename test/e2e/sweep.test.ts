import { beforeAll, expect, test } from 'vitest';
import { linkedCompanies, linkedCompany } from './linked-records.ts';
import { oneDayTimeoutMs, untilADayIsLong } from './one-day.ts';
import { linkOf, sync } from './runs.ts';
import { withoutWrites } from './untouched.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await untilADayIsLong();
}, oneDayTimeoutMs);

test('a sweep finds the party and the company that were deleted without any edit, and looks at no other link', async () => {
  const { api, erp, crm, connectionId } = world;
  const inErp = await linkedCompany(world, 'Deleted in the ERP');
  const inCrm = await linkedCompany(world, 'Deleted in the CRM');
  const archived = await linkedCompany(world, 'Archived in the ERP');
  await erp.rpc.call('party.party', 'write', [[archived.partyId], { active: false }]);
  await sync(world);
  await erp.remove(inErp.partyId);
  await crm.remove('company', inCrm.companyId);
  const run = await withoutWrites(world, [archived], () => sync(world, { kind: 'sweep' }));
  expect(run.counters).toMatchObject({ lookedAt: 2, writtenToCrm: 0, writtenToErp: 0 });
  expect(await linkOf(world, inErp.linkId)).toMatchObject({ state: 'broken', stateReason: 'erp-actor-gone' });
  expect(await linkOf(world, inCrm.linkId)).toMatchObject({ state: 'broken', stateReason: 'crm-record-gone' });
  expect(await linkOf(world, archived.linkId)).toMatchObject({ state: 'paused' });
  const { sweep } = await api.get<{ sweep: object }>(`/v1/connections/${connectionId}/summary`);
  expect(sweep).toMatchObject({ complete: true, asked: 3, notFound: 2, unanswered: 0 });
});

test('what a sweep would break beyond the allowance of the day waits for a person', async () => {
  const companies = await linkedCompanies(world, 'Deleted at once', 3);
  for (const { partyId } of companies) await world.erp.remove(partyId);
  const run = await sync(world, { kind: 'sweep' });
  expect(run).toMatchObject({ state: 'stopped-by-brake', reason: 'breaks', counters: { withheld: 2 } });
  const links = await Promise.all(companies.map(({ linkId }) => linkOf(world, linkId)));
  expect(links.map(({ state }) => state).sort()).toEqual(['active', 'active', 'broken']);
});
