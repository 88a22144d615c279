import { beforeAll, expect, test } from 'vitest';
import { companyValues, connect, customerPair, freshName, linkedCompany, twoCompanies } from './linked-records.ts';
import { changesOf, ended, linkOf, sync } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({
    ownTenant: true,
    conflictPolicy: { kind: 'crm-wins' },
    fieldPolicies: { EMAIL: { kind: 'erp-wins' }, URL: { kind: 'latest-wins', fallback: 'crm' } },
  });
});

test('the preview shows field by field what connecting then writes, and a chosen side is kept', async () => {
  const { api, connectionId, crm, erp } = world;
  const differs = { phone: '+31 20 999 8877', email: 'info@theirs.example', url: '', code: '' };
  const company = await twoCompanies(world, 'Preview', differs);
  const pair = customerPair(company);
  const preview = await api.post<{ items: { fields: PreviewedField[] }[] }>('/v1/links/preview', {
    connectionId,
    pairs: [pair],
  });
  const fields = preview.items[0]?.fields ?? [];
  const field = (erpField: string) => fields.find((one) => one.erpField === erpField);
  expect(field('PHONE')).toMatchObject({ differs: true, writes: 'erp', decidedBy: 'crm-wins' });
  expect(field('EMAIL')).toMatchObject({ differs: true, writes: 'crm', decidedBy: 'erp-wins' });
  expect(field('URL')).toMatchObject({ writes: 'crm', rule: 'first-sync-fills-blank' });
  expect(field('NAME')).toMatchObject({ differs: false });

  const { fingerprint = '' } = field('EMAIL') ?? {};
  const choices = [{ erpField: 'EMAIL', crmField: 'email', keep: 'crm' as const, fingerprint }];
  const { runId, items } = await connect(world, [{ ...pair, choices }]);
  expect(await ended(world, runId)).toMatchObject({ state: 'done', trigger: { by: 'connect' } });
  expect(await linkOf(world, items[0]?.linkId ?? '')).toMatchObject({ state: 'active' });
  const before = companyValues('any');
  expect(await erp.party(company.partyId)).toMatchObject({ phone: differs.phone, email: differs.email });
  expect(await crm.read('company', company.companyId)).toMatchObject({
    ...{ phone: differs.phone, email: differs.email, url: before.website },
    code: (await erp.party(company.partyId)).code,
  });
});

interface PreviewedField {
  erpField: string;
  differs: boolean;
  writes?: string;
  rule: string;
  decidedBy?: string;
  fingerprint: string;
}

test('a change in the ERP arrives in the CRM and in the change log', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'From the ERP');
  await world.erp.edit(partyId, { phone: '+31 20 700 0001' });
  const run = await sync(world);
  expect(run).toMatchObject({ state: 'done', counters: { writtenToCrm: 1, writtenToErp: 0, conflicts: 0 } });
  expect(await world.crm.read('company', companyId)).toMatchObject({ phone: '+31 20 700 0001' });
  const [change] = await changesOf(world, { linkId, runId: run.id });
  expect(change).toMatchObject({
    ...{ side: 'crm', crmField: 'phone', rule: 'changed-in-erp', outcome: 'written' },
    ...{ oldValue: '+31 20 123 4567', newValue: '+31 20 700 0001' },
  });
  const { fields } = await world.api.get<{ fields: { erpField: string }[] }>(`/v1/links/${linkId}/fields`);
  const value = '+31 20 700 0001';
  expect(fields.find(({ erpField }) => erpField === 'PHONE')).toMatchObject({
    ...{ state: 'agreed', crm: { value }, erp: { value }, lastAgreed: { crm: { value }, erp: { value } } },
    why: { change: { rule: 'changed-in-erp', source: 'erp', runId: run.id, run: { trigger: { by: 'user' } } } },
  });
});

test('a change in the CRM arrives in the ERP', async () => {
  const { partyId, companyId } = await linkedCompany(world, 'From the CRM');
  const name = freshName('Renamed');
  await world.crm.edit('company', companyId, { name, email: 'info@after.example' });
  expect(await sync(world)).toMatchObject({ state: 'done', counters: { writtenToCrm: 0, writtenToErp: 2 } });
  expect(await world.erp.party(partyId)).toMatchObject({ name, email: 'info@after.example' });
});

test('edits of different fields on both sides both survive', async () => {
  const { partyId, companyId } = await linkedCompany(world, 'Both sides');
  await world.erp.edit(partyId, { phone: '+31 20 700 0002' });
  await world.crm.edit('company', companyId, { email: 'info@after.example' });
  expect(await sync(world)).toMatchObject({
    counters: { changed: 1, writtenToCrm: 1, writtenToErp: 1, conflicts: 0 },
  });
  const both = { phone: '+31 20 700 0002', email: 'info@after.example' };
  expect(await world.erp.party(partyId)).toMatchObject(both);
  expect(await world.crm.read('company', companyId)).toMatchObject(both);
});

test('where both sides edited one field its policy decides, and the log shows the base and both values', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Conflict');
  await world.erp.edit(partyId, { phone: '+31 20 700 0101', email: 'erp@after.example' });
  await world.crm.edit('company', companyId, { phone: '+31 20 700 0102', email: 'crm@after.example' });
  const run = await sync(world);
  expect(run.counters).toMatchObject({ conflicts: 2, writtenToCrm: 1, writtenToErp: 1 });
  const decided = { phone: '+31 20 700 0102', email: 'erp@after.example' };
  expect(await world.erp.party(partyId)).toMatchObject(decided);
  expect(await world.crm.read('company', companyId)).toMatchObject(decided);
  const changes = await changesOf(world, { linkId, runId: run.id });
  const changeOf = (crmField: string) => changes.find((change) => change.crmField === crmField);
  expect(changeOf('phone')).toMatchObject({
    ...{ side: 'erp', rule: 'changed-on-both', newValue: '+31 20 700 0102' },
    conflict: {
      ...{ winner: 'crm', policy: 'crm-wins', crm: '+31 20 700 0102', erp: '+31 20 700 0101' },
      base: { crm: '+31 20 123 4567', erp: '+31 20 123 4567' },
    },
  });
  expect(changeOf('email')).toMatchObject({
    ...{ side: 'crm', rule: 'changed-on-both', newValue: 'erp@after.example' },
    conflict: {
      ...{ winner: 'erp', policy: 'erp-wins', crm: 'crm@after.example', erp: 'erp@after.example' },
      base: { crm: 'info@before.example', erp: 'info@before.example' },
    },
  });
});

test('the later of two edits of one field wins where the policy says so', async () => {
  const { partyId, companyId, linkId } = await linkedCompany(world, 'Latest');
  // Two server clocks are told apart only beyond the coarser resolution and two seconds.
  await world.crm.edit('company', companyId, { url: 'https://earlier.example' });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await world.erp.edit(partyId, { website: 'https://later.example' });
  const run = await sync(world);
  expect(await world.crm.read('company', companyId)).toMatchObject({ url: 'https://later.example' });
  expect(await world.erp.party(partyId)).toMatchObject({ website: 'https://later.example' });
  const [change] = await changesOf(world, { linkId, runId: run.id });
  expect(change?.conflict).toMatchObject({ winner: 'erp', policy: 'latest-wins', crm: 'https://earlier.example' });
});

test('an address that only Tryton edited arrives in the CRM', async () => {
  const { partyId, companyId } = await linkedCompany(world, 'Address');
  await world.erp.edit(partyId, { street: 'Nieuwe Kade 22', city: 'Breda' });
  expect(await sync(world)).toMatchObject({ state: 'done', counters: { changed: 1, writtenToErp: 0 } });
  const address = { line1: 'Nieuwe Kade 22', zip: '1012 LG', city: 'Breda' };
  expect(await world.crm.read('company', companyId)).toMatchObject({ postal: address, street: address });
});

test('contact persons and projects travel as companies do', async () => {
  const { erp, crm } = world;
  const name = freshName('Anna Visser');
  const [firstName = '', lastName = ''] = [name.slice(0, name.lastIndexOf(' ')), name.split(' ').at(-1)];
  const personId = await erp.createParty('Person', { name, email: 'anna@before.example', mobile: '+31 6 12345671' });
  const person = await crm.create('person', {
    ...{ firstName, lastName, email: 'anna@before.example', phoneMobile: '+31 6 12345671' },
  });
  const projectName = freshName('Project');
  const projectId = await erp.createProject(projectName, 'Phase 1');
  const project = await crm.create('project', { name: projectName, description: 'Phase 1' });
  const { runId } = await connect(world, [
    { actorType: 'person', erpKey: String(personId), crmKey: String(person.id) },
    { actorType: 'project', erpKey: String(projectId), crmKey: String(project.id) },
  ]);
  expect(await ended(world, runId)).toMatchObject({ state: 'done', counters: { lookedAt: 2 } });
  await erp.edit(personId, { mobile: '+31 6 12345672' });
  await crm.edit('person', person.id, { email: 'anna@after.example' });
  await erp.rpc.call('project.work', 'write', [[projectId], { comment: 'Phase 2' }]);
  await sync(world);
  expect(await crm.read('person', person.id)).toMatchObject({ phoneMobile: '+31 6 12345672' });
  expect(await erp.party(personId)).toMatchObject({ email: 'anna@after.example' });
  expect(await crm.read('project', project.id)).toMatchObject({ description: 'Phase 2' });
});
