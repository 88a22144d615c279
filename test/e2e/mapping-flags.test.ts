import { beforeAll, expect, test } from 'vitest';
import type { Run } from '../../functions/core/model/run.ts';
import { type LinkedCompany, linkedCompany } from './linked-records.ts';
import { changesOf, ended, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let company: LinkedCompany;

beforeAll(async () => {
  world = await openWorld({
    fieldRows: { PHONE: { direction: 'toErp', enforce: true }, URL: { noBlanks: true } },
  });
  company = await linkedCompany(world, 'Flagged');
});

test('what is edited in the ERP of an enforced field is put back, and a blank in the CRM leaves the value in the ERP', async () => {
  const { erp, crm } = world;
  const { partyId, companyId, linkId } = company;
  const before = await erp.party(partyId);
  await erp.edit(partyId, { phone: '+31 20 700 0040' });
  await crm.edit('company', companyId, { url: '' });
  const run = await sync(world);
  expect(run).toMatchObject({ state: 'done', counters: { writtenToErp: 1, writtenToCrm: 0, conflicts: 1 } });
  expect(await erp.party(partyId)).toMatchObject({ phone: before.phone, website: before.website });
  const [change] = await changesOf(world, { linkId, runId: run.id });
  expect(change).toMatchObject({ rule: 'restored', oldValue: '+31 20 700 0040', conflict: { policy: 'enforce' } });

  const { fields } = await world.api.get<{ fields: { erpField: string }[] }>(`/v1/links/${linkId}/fields`);
  const field = (name: string) => fields.find(({ erpField }) => erpField === name);
  expect(field('URL')).toMatchObject({
    state: 'agreed-to-differ',
    crm: { value: null },
    erp: { value: before.website },
  });
  expect(field('PHONE')).toMatchObject({ state: 'agreed', why: { change: { rule: 'restored', source: 'crm' } } });

  expect(await sync(world, { kind: 'compare' })).toMatchObject({ counters: { changed: 0 } });
  await crm.edit('company', companyId, { url: 'https://after.example' });
  expect(await sync(world)).toMatchObject({ counters: { writtenToErp: 1, conflicts: 0 } });
  expect((await erp.party(partyId)).website).toBe('https://after.example');
});

test('a mapping is tried on the running system, with a custom field of the CRM, and nothing is written', async () => {
  const { api, crm, erp, connectionId } = world;
  const { companyId, partyId } = company;
  const path = `/v1/connections/${connectionId}/actor-types/customer/mapping`;
  const { fields } = await api.get<{ fields: object[] }>(path);
  const example = await api.get<{ crm: { fields: { key: string; value: unknown }[] } }>(`${path}/example`, {
    erpKey: String(partyId),
  });
  expect(example.crm.fields.find(({ key }) => key === 'udef:SuperOffice:1')).toMatchObject({ value: null });
  const constant = { crmField: 'udef:SuperOffice:1', direction: 'toCrm', constant: 'from the ERP' };
  const before = [await crm.read('company', companyId), await erp.party(partyId)];
  const { id } = await api.post<Run>(`${path}/dry-run`, { active: true, fields: [...fields, constant] });
  const run = await ended(world, id);
  expect(run).toMatchObject({ state: 'done', dryRun: true, counters: { writtenToErp: 0, failed: 0 } });
  expect(run).toMatchObject({ planned: { fields: [{ crmField: 'udef:SuperOffice:1', side: 'crm' }] } });
  expect([await crm.read('company', companyId), await erp.party(partyId)]).toEqual(before);
});
