/** Two Tryton databases on one company of the CRM: what one changes reaches the other, and the higher one wins. */
import { beforeAll, expect, test } from 'vitest';
import type { FieldMapping } from '../../functions/core/mapping/mapping.ts';
import type { Run } from '../../functions/core/model/run.ts';
import { BRANCH_DATABASE, trytonAccounts } from '../../local/tryton-accounts.ts';
import { companyValues, connect, customerPair, type LinkedCompany, linkedCompany } from './linked-records.ts';
import { changesOf, ended, sync, until } from './runs.ts';
import { type TrytonPerson, trytonPerson } from './tryton-person.ts';
import { openWorld, type World } from './world.ts';

let world: World;
/** The same tenant, by its second connection. */
let branch: World;
let company: LinkedCompany;
let ofBranch: LinkedCompany;

/** A second connection, to another database; its customers are mapped as those of the first. */
async function openBranch({ api, system, connectorId, connectionId }: World): Promise<string> {
  const { id } = await api.post<{ id: string }>('/v1/connections', {
    ...{ connectorId, name: 'Branch', intervalMinutes: 525_600, conflictPolicy: { kind: 'erp-wins' } },
    config: { database: BRANCH_DATABASE, ...trytonAccounts.connection, dedicatedUser: true },
  });
  const path = (of: string) => `/v1/connections/${of}/actor-types/customer/mapping`;
  const { fields } = await api.get<{ fields: FieldMapping[] }>(path(connectionId));
  await api.replace(path(id), () => ({ active: true, fields }));
  await api.post(`/v1/connections/${id}/activate`);
  expect(system.erp.database).not.toBe(BRANCH_DATABASE);
  return id;
}

beforeAll(async () => {
  world = await openWorld();
  company = await linkedCompany(world, 'Shared');
  const erp: TrytonPerson = await trytonPerson({ url: world.system.erp.url, database: BRANCH_DATABASE });
  branch = { ...world, erp, connectionId: await openBranch(world) };
  const { name } = await world.erp.party(company.partyId);
  const partyId = await erp.createParty('Customer', companyValues(name));
  const { runId, items } = await connect(branch, [customerPair({ ...company, partyId })]);
  expect(await ended(branch, runId)).toMatchObject({ state: 'done' });
  ofBranch = { ...company, partyId, linkId: items[0]?.linkId ?? '' };
});

const phones = async () => ({
  crm: (await world.crm.read('company', company.companyId)).phone,
  erp: (await world.erp.party(company.partyId)).phone,
  branch: (await branch.erp.party(ofBranch.partyId)).phone,
});

/** Sync now of the company, with all its ERPs. */
async function syncCompany(asked: object = {}): Promise<Run> {
  const scope = { kind: 'crm-record', crmType: 'company', crmKey: String(company.companyId) };
  const { id } = await world.api.post<Run>('/v1/sync-runs', { kind: 'sync', scope, ...asked });
  return ended(world, id);
}

/** At once where the run was one that a person waits for, of which there are ten a minute; else with the next poll. */
async function everywhere(phone: string) {
  for (const one of [world, branch, world]) await sync(one);
  return until(`${phone} in all three systems`, async () => {
    const now = await phones();
    return Object.values(now).every((one) => one === phone) ? now : undefined;
  });
}

test('the link of each connection is listed with the company', async () => {
  const links = await world.api.all<{ id: string }>('/v1/links', {
    crmType: 'company',
    crmKey: String(company.companyId),
  });
  expect(links.map(({ id }) => id).sort()).toEqual([company.linkId, ofBranch.linkId].sort());
});

test('what is changed in one ERP reaches the CRM and the other ERP, and then nothing is written', async () => {
  await branch.erp.edit(ofBranch.partyId, { phone: '+31 20 800 0001' });
  expect(await syncCompany()).toMatchObject({ connectionId: 'all', state: 'done' });
  await everywhere('+31 20 800 0001');
  expect(await syncCompany({ kind: 'compare' })).toMatchObject({ counters: { lookedAt: 2, changed: 0 } });
});

test('of edits in both ERPs that of the connection higher in the order wins everywhere, and the other is in the log', async () => {
  await world.erp.edit(company.partyId, { phone: '+31 20 800 0002' });
  await branch.erp.edit(ofBranch.partyId, { phone: '+31 20 800 0003' });
  // The lower one first: its value is in the CRM when the higher one is looked at.
  for (const connectionId of [branch.connectionId, world.connectionId]) await syncCompany({ connectionId });
  await everywhere('+31 20 800 0002');
  const log = await changesOf(world, { linkId: company.linkId });
  expect(log.find(({ conflict }) => conflict)?.conflict).toMatchObject({
    winner: 'erp',
    policy: 'sync-priority',
    crm: '+31 20 800 0003',
  });
  expect(await syncCompany({ kind: 'compare' })).toMatchObject({ counters: { changed: 0 } });
});

test('a resync from one ERP goes to the CRM and on to the other, over an edit there', async () => {
  await world.erp.edit(company.partyId, { phone: '+31 20 800 0004' });
  const { connectionId } = branch;
  await syncCompany({ kind: 'resync-from-erp', connectionId, toOthers: true });
  await everywhere('+31 20 800 0002');
  const log = await changesOf(world, { linkId: company.linkId });
  expect(log.find(({ conflict }) => conflict?.policy === 'resync')?.conflict).toMatchObject({
    winner: 'crm',
    erp: '+31 20 800 0004',
  });
});
