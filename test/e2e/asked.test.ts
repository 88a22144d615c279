import { beforeAll, expect, test } from 'vitest';
import { type LinkedCompany, linkedCompany } from './linked-records.ts';
import { ended, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let company: LinkedCompany;

beforeAll(async () => {
  world = await openWorld({ conflictPolicy: { kind: 'ask' } });
  company = await linkedCompany(world, 'Asked');
  await world.erp.edit(company.partyId, { phone: '+31 20 700 0040' });
  await sync(world);
});

interface Conflict {
  id: string;
  linkId: string;
}

const conflicts = async () =>
  (await world.api.all<Conflict>('/v1/conflicts')).filter(({ linkId }) => linkId === company.linkId);

test('a conflict is asked, listed with what was agreed, resolved by a person, and written', async () => {
  const { api, erp, crm } = world;
  await erp.edit(company.partyId, { phone: '+31 20 700 0041', website: 'https://asked.example' });
  await crm.edit('company', company.companyId, { phone: '+31 20 700 0042' });
  await sync(world);
  expect(await crm.read('company', company.companyId)).toMatchObject({
    phone: '+31 20 700 0042',
    url: 'https://asked.example',
  });
  const open = await conflicts();
  expect(open).toMatchObject([
    { reason: 'asked', base: { crm: '+31 20 700 0040' }, crm: '+31 20 700 0042', erp: '+31 20 700 0041' },
  ]);
  const run = await api.post<{ id: string }>(`/v1/conflicts/${open[0]?.id}/resolve`, { keep: 'crm' });
  expect(await ended(world, run.id)).toMatchObject({ state: 'done', counters: { writtenToErp: 1 } });
  expect((await erp.party(company.partyId)).phone).toBe('+31 20 700 0042');
  expect(await conflicts()).toEqual([]);
});
