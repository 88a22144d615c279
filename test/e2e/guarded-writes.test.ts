import { beforeAll, expect, test } from 'vitest';
import { linkedCompany } from './linked-records.ts';
import { changesOf, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

test('an address edited in the CRM between our read and our write is not overwritten', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'CRM between');
  await world.crm.editBeforeNextWrite('company', companyId, { postal: { line1: 'Theirs 1' } });
  await world.erp.edit(partyId, { street: 'Ours 1' });
  await sync(world);
  expect(await world.crm.read('company', companyId)).toMatchObject({ postal: { line1: 'Theirs 1' } });
  expect(await world.erp.party(partyId)).toMatchObject({ street: 'Theirs 1' });
  const changes = await changesOf(world, { linkId, field: 'POSTALAD1' });
  expect(changes[0]?.conflict).toMatchObject({
    ...{ winner: 'crm', crm: 'Theirs 1', erp: 'Ours 1', base: { crm: 'Kade 1', erp: 'Kade 1' } },
  });
});

test('an address whose other line is edited in the CRM between our read and our write is one of the two, never a mixture', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'CRM line between');
  await world.crm.editBeforeNextWrite('company', companyId, { postal: { city: 'Theirs' } });
  await world.erp.edit(partyId, { street: 'Ours 2' });
  await sync(world);
  const both = { line1: 'Kade 1', zip: '1012 LG', city: 'Theirs' };
  expect(await world.crm.read('company', companyId)).toMatchObject({ postal: both });
  expect(await world.erp.party(partyId)).toMatchObject({ street: 'Kade 1', city: 'Theirs' });
  const [change] = await changesOf(world, { linkId, field: 'POSTALAD1' });
  expect(change?.conflict).toMatchObject({ winner: 'crm', erp: 'Ours 2', base: { crm: 'Kade 1', erp: 'Kade 1' } });
});

test('an address edited in Tryton between our read and our write is in the log where the policy replaces it', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'ERP between');
  world.proxy.beforeNextWrite(() => world.erp.edit(partyId, { street: 'Theirs 3' }));
  await world.crm.edit('company', companyId, { postal: { city: 'Ours' }, street: { city: 'Ours' } });
  await sync(world);
  expect(await world.erp.party(partyId)).toMatchObject({ street: 'Kade 1', city: 'Ours' });
  const both = { line1: 'Kade 1', zip: '1012 LG', city: 'Ours' };
  expect(await world.crm.read('company', companyId)).toMatchObject({ postal: both, street: both });
  const [change] = await changesOf(world, { linkId, field: 'POSTALAD1' });
  expect(change?.conflict).toMatchObject({ winner: 'crm', erp: 'Theirs 3', base: { crm: 'Kade 1', erp: 'Kade 1' } });
});

test('a value edited in Tryton between our read and our write is in the log where the policy replaces it', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'ERP value between');
  world.proxy.beforeNextWrite(() => world.erp.edit(partyId, { phone: '+31 20 700 0102' }));
  await world.crm.edit('company', companyId, { phone: '+31 20 700 0101' });
  await sync(world);
  expect(await world.erp.party(partyId)).toMatchObject({ phone: '+31 20 700 0101' });
  const [change] = await changesOf(world, { linkId, field: 'PHONE' });
  expect(change?.conflict).toMatchObject({
    ...{ winner: 'crm', policy: 'crm-wins', crm: '+31 20 700 0101', erp: '+31 20 700 0102' },
    base: { crm: '+31 20 123 4567', erp: '+31 20 123 4567' },
  });
});
