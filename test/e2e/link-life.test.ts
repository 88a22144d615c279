import { beforeAll, expect, test } from 'vitest';
import type { Link } from '../../functions/core/model/link.ts';
import { ApiFailure } from '../../local/api-client.ts';
import { type Connected, connect, customerPair, linkedCompany, type Pair, twoCompanies } from './linked-records.ts';
import { ended, linkOf, sync } from './runs.ts';
import { withoutWrites } from './untouched.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

const atOnce = 10;

/** Ten requests at the same time, of which only one can be right. */
async function oneOf(pairs: readonly Pair[]): Promise<{ linkId: string; refused: ApiFailure[] }> {
  const answers = await Promise.all(
    pairs.map((pair) => connect(world, [pair]).catch((failure: unknown) => failure as ApiFailure)),
  );
  const connected = answers.filter((answer): answer is Connected => !(answer instanceof Error));
  expect(connected).toHaveLength(1);
  const [{ runId = '', items = [] } = {}] = connected;
  await ended(world, runId);
  return { linkId: items[0]?.linkId ?? '', refused: answers.filter((answer) => answer instanceof ApiFailure) };
}

test('of ten requests at once that link one CRM company with different parties one is done and the others are told its link', async () => {
  const { companyId, partyId } = await twoCompanies(world, 'One company');
  const others = await Promise.all(
    Array.from({ length: atOnce - 1 }, () => world.erp.createParty('Customer', { name: 'Rival' })),
  );
  const pairs = [partyId, ...others].map((party) => customerPair({ partyId: party, companyId }));
  const { linkId, refused } = await oneOf(pairs);
  expect(refused.map(({ status }) => status)).toEqual(Array(atOnce - 1).fill(409));
  for (const { problem } of refused) expect(problem.detail).toContain(linkId);
  const links = await world.api.all<Link>('/v1/links', { crmType: 'company', crmKey: String(companyId) });
  expect(links.map(({ id }) => id)).toEqual([linkId]);
});

test('of ten requests at once that link one party with different companies one is done', async () => {
  const { connectionId, api, crm } = world;
  const { companyId, partyId } = await twoCompanies(world, 'One party');
  const others = await Promise.all(
    Array.from({ length: atOnce - 1 }, async () => (await crm.create('company', { name: 'Rival' })).id),
  );
  const pairs = [companyId, ...others].map((company) => customerPair({ partyId, companyId: company }));
  const { linkId, refused } = await oneOf(pairs);
  expect(refused.map(({ status }) => status)).toEqual(Array(atOnce - 1).fill(409));
  const query = { connectionId, actorType: 'customer', erpKey: String(partyId) };
  expect((await api.all<Link>('/v1/links', query)).map(({ id }) => id)).toEqual([linkId]);
});

test('after disconnecting nothing travels any more, and both records keep what they hold', async () => {
  const { api, erp, crm } = world;
  const company = await linkedCompany(world, 'Disconnected');
  await api.request('DELETE', `/v1/links/${company.linkId}`);
  expect(await linkOf(world, company.linkId)).toMatchObject({ state: 'disconnected' });
  await erp.edit(company.partyId, { phone: '+31 20 700 0006' });
  await crm.edit('company', company.companyId, { email: 'info@after.example' });
  await withoutWrites(world, [company], async () => {
    await sync(world);
    await sync(world, { kind: 'compare' });
  });
  expect(await crm.read('company', company.companyId)).toMatchObject({ phone: '+31 20 123 4567' });
  expect(await erp.party(company.partyId)).toMatchObject({ email: 'info@before.example' });
});

test('a restored link goes on from what was last agreed', async () => {
  const { api, erp, crm } = world;
  const company = await linkedCompany(world, 'Restored');
  await api.request('DELETE', `/v1/links/${company.linkId}`);
  await erp.edit(company.partyId, { phone: '+31 20 700 0007' });
  await crm.edit('company', company.companyId, { email: 'info@after.example' });
  const restored = await api.post<Link & { runId: string }>(`/v1/links/${company.linkId}/restore`);
  expect(restored).toMatchObject({ id: company.linkId, state: 'pending' });
  // A first sync would know no base and call both edits conflicts.
  expect(await ended(world, restored.runId)).toMatchObject({
    state: 'done',
    counters: { conflicts: 0, writtenToCrm: 1, writtenToErp: 1 },
  });
  expect(await linkOf(world, company.linkId)).toMatchObject({ state: 'active' });
  expect(await crm.read('company', company.companyId)).toMatchObject({ phone: '+31 20 700 0007' });
  expect(await erp.party(company.partyId)).toMatchObject({ email: 'info@after.example' });
});

test('a disconnected pair whose company was linked anew is not restored, and the link in the way is named', async () => {
  const { api } = world;
  const { linkId, partyId, companyId } = await linkedCompany(world, 'Claimed');
  await api.request('DELETE', `/v1/links/${linkId}`);
  const { runId, items } = await connect(world, [customerPair({ partyId, companyId })]);
  await ended(world, runId);
  const refused = await api.post(`/v1/links/${linkId}/restore`).catch((failure: unknown) => failure);
  expect(refused).toMatchObject({ status: 409 });
  expect(String(refused)).toContain(items[0]?.linkId);
});

test('a company gone from the CRM breaks its link with the reason, and the party stays as it was', async () => {
  const { erp, crm } = world;
  const company = await linkedCompany(world, 'Gone in the CRM');
  await crm.remove('company', company.companyId);
  await withoutWrites(world, [company], () => sync(world, { kind: 'compare' }));
  expect(await linkOf(world, company.linkId)).toMatchObject({ state: 'broken', stateReason: 'crm-record-gone' });
  expect(await erp.exists(company.partyId)).toBe(true);
});

test('a party gone from Tryton breaks its link with the reason, and the company stays as it was', async () => {
  const { api, erp, crm } = world;
  const company = await linkedCompany(world, 'Gone in the ERP');
  const before = await crm.read('company', company.companyId);
  await erp.remove(company.partyId);
  await withoutWrites(world, [], () => sync(world, { scope: { kind: 'links', linkIds: [company.linkId] } }));
  expect(await linkOf(world, company.linkId)).toMatchObject({ state: 'broken', stateReason: 'erp-actor-gone' });
  expect(await crm.read('company', company.companyId)).toEqual(before);
  const { actorTypes } = await api.get<{ actorTypes: { actorType: string; links: Record<string, number> }[] }>(
    `/v1/connections/${world.connectionId}/summary`,
  );
  expect(actorTypes.find(({ actorType }) => actorType === 'customer')?.links).toMatchObject({ broken: 2 });
});
