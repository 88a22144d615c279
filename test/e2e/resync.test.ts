import { beforeAll, expect, test } from 'vitest';
import { type LinkedCompany, linkedCompany } from './linked-records.ts';
import { changesOf, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let company: LinkedCompany;

beforeAll(async () => {
  world = await openWorld();
  company = await linkedCompany(world, 'Resynced');
  const { erp, crm } = world;
  await erp.edit(company.partyId, { phone: '+31 20 700 0030', website: 'https://kept.example' });
  await sync(world);
  // Of both sides at once: what the resyncs find.
  await erp.edit(company.partyId, { phone: '+31 20 700 0031' });
  await crm.edit('company', company.companyId, { phone: '+31 20 700 0032', url: '' });
});

test('a resync without blanks replaces values and no value by a blank, one with blanks that too, and all is logged', async () => {
  const scope = { kind: 'links', linkIds: [company.linkId] };
  const asked = { kind: 'resync-from-crm', scope } as const;
  const dry = await sync(world, { ...asked, noBlanks: true, dryRun: true });
  const first = await sync(world, { ...asked, noBlanks: true });
  expect(dry).toMatchObject({ state: 'done', counters: { writtenToErp: 1 } });
  expect(first).toMatchObject({ state: 'done', counters: { writtenToErp: 1, writtenToCrm: 0 } });
  expect(await world.erp.party(company.partyId)).toMatchObject({
    phone: '+31 20 700 0032',
    website: 'https://kept.example',
  });
  const [lost] = await changesOf(world, { runId: first.id });
  expect(lost?.conflict).toMatchObject({ winner: 'crm', policy: 'resync', erp: '+31 20 700 0031' });

  expect(await sync(world, asked)).toMatchObject({ state: 'done', counters: { writtenToErp: 1 } });
  expect((await world.erp.party(company.partyId)).website ?? '').toBe('');
  expect(await sync(world, { kind: 'compare' })).toMatchObject({ counters: { changed: 0 } });
});
