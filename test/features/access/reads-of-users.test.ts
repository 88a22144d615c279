/** What a read of one thing costs a user, as deployed, where reads of one moment are one call; and what it tells of others. */
import { expect, test } from 'vitest';
import { mostLinksOfCrmRecord } from '../../../functions/core/model/crm-record.ts';
import { ApiWorld } from '../api-world.ts';
import { signIn } from '../sessions/sign-in-steps.ts';
import { activeConnection, addActive, addRecords, connect, pair, withCrm } from '../set-up-steps.ts';

test('a user reads one thing with at most two calls to the table more than others', async () => {
  const world = new ApiWorld(undefined, true);
  const connection = await activeConnection(world);
  addRecords(world, 1);
  world.crm.edit('contact', 'c1', { vatNo: 'much too long' });
  const bearer = await signIn(world, '5');
  const linked = await world.send('POST', '/v1/links', {
    bearer,
    body: { connectionId: connection, pairs: [pair(1)] },
  });
  await world.work();
  const link = linked.json.items[0].linkId;
  const record = 'crmType=company&crmKey=c1';
  // In which table of the CRM companies are, and texts of list items, are kept.
  for (const what of ['links', 'changes', 'failures', 'conflicts']) await world.send('GET', `/v1/${what}?${record}`);
  const calls: Record<string, number> = {};
  const more = new Set<number>();
  for (const path of [
    `/v1/connections/${connection}`,
    `/v1/connections/${connection}/actor-types`,
    `/v1/connections/${connection}/lists/country`,
    `/v1/connections/${connection}/actors/customer/p1`,
    `/v1/links/${link}`,
    `/v1/failures/${link}`,
    `/v1/sync-runs/${linked.json.runId}`,
    `/v1/links/${link}/fields`,
    `/v1/links?${record}`,
    `/v1/changes?${record}`,
    `/v1/failures?${record}`,
    `/v1/conflicts?${record}`,
    `/v1/failures?linkId=${link}`,
  ]) {
    expect([path, (await world.send('GET', path, { bearer })).status]).toEqual([path, 200]);
    const name = path.replace(connection, 'c').replace(link, 'l').replace(linked.json.runId, 'r');
    calls[name] = world.storageCalls;
    expect((await world.send('GET', path, { role: 'service' })).status).toBe(200);
    more.add((calls[name] ?? 0) - world.storageCalls);
  }
  expect(more).toEqual(new Set([0, 1, 2]));
  expect(calls).toEqual({
    '/v1/connections/c': 2,
    // Set-up and what the ERP says of its fields, which are two calls to everybody.
    '/v1/connections/c/actor-types': 3,
    '/v1/connections/c/lists/country': 2,
    '/v1/connections/c/actors/customer/p1': 3,
    '/v1/links/l': 3,
    '/v1/failures/l': 3,
    '/v1/sync-runs/r': 2,
    '/v1/links/l/fields': 3,
    // Which links the record has; these, their connections, and what is asked of them.
    '/v1/links?crmType=company&crmKey=c1': 2,
    '/v1/changes?crmType=company&crmKey=c1': 3,
    '/v1/failures?crmType=company&crmKey=c1': 2,
    '/v1/conflicts?crmType=company&crmKey=c1': 2,
    '/v1/failures?linkId=l': 2,
  });
});

/** The company c1 is linked through two connections, of which Tom is in the scope of the second alone. */
async function linkedTwice() {
  const world = new ApiWorld();
  const first = await activeConnection(world);
  const second = await addActive(world, 'Second ERP');
  addRecords(world, 2);
  await connect(world, first, pair(1));
  await world.work();
  const other = await connect(world, second, pair(2, 1));
  await world.work();
  world.erp.edit('party', 'p1', { PHONE: '+31 99' });
  const bearer = await signIn(world, '5');
  const run = await world.send('POST', '/v1/sync-runs', {
    bearer,
    body: { kind: 'sync', scope: { kind: 'crm-record', crmType: 'company', crmKey: 'c1' } },
  });
  await world.work();
  return { world, first, second, bearer, linkId: other.json.items[0].linkId, runId: run.json.id };
}

test('whose value stands in the CRM is told to a user only where its connection is in reach, and so is a run over both', async () => {
  const { world, first, bearer, linkId, runId } = await linkedTwice();
  const writers = async () => {
    const { fields } = (await world.send('GET', `/v1/links/${linkId}/fields`, { bearer })).json;
    return fields.flatMap(({ crmValueOf }: { crmValueOf?: string }) => crmValueOf ?? []);
  };
  expect(await writers()).toContain(first);
  expect((await world.send('GET', `/v1/sync-runs/${runId}`, { bearer })).json.children).toHaveLength(2);
  await world.change('PATCH', `/v1/connections/${first}`, { scope: { users: ['10'], groups: [] } });
  expect(await writers()).toEqual([]);
  expect((await world.send('GET', `/v1/sync-runs/${runId}`, { bearer })).status).toBe(404);
});

test('a record that can have no more links names none of them to a user, for they may be out of reach', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  addRecords(world, mostLinksOfCrmRecord + 1);
  const ids: string[] = [];
  for (let at = 1; at <= mostLinksOfCrmRecord + 1; at += 1) {
    const id = await addActive(world, `ERP ${at}`);
    if (at <= mostLinksOfCrmRecord) expect((await connect(world, id, pair(at, 1))).status).toBe(202);
    ids.push(id);
  }
  const body = { connectionId: ids.at(-1), pairs: [pair(mostLinksOfCrmRecord + 1, 1)] };
  const bearer = await signIn(world, '5');
  const previewed = async (as: object) =>
    (await world.send('POST', '/v1/links/preview', { ...as, body })).json.items[0].refusal;
  const reason = 'crm-record-linked-too-often';
  const message = `The CRM record has links of ${mostLinksOfCrmRecord} connections, the most there can be`;
  const remedy = 'Disconnect its link of another connection (`DELETE /v1/links/{id}`) first.';
  const told = await previewed({});
  expect(told).toEqual({
    ...{ reason, remedy, holder: expect.any(String) },
    message: `${message}, one of them is link ${told.holder}.`,
  });
  expect(await previewed({ bearer })).toEqual({ reason, remedy, message: `${message}.` });
  const { status, json } = await world.send('POST', '/v1/links', { bearer, body });
  expect({ status, detail: json.detail }).toEqual({
    status: 409,
    detail: `${message}. ${remedy}`,
  });
});

test('of links whose connection their name does not tell, as those of an earlier version, a user sees those in reach', async () => {
  const { world, first, second, bearer } = await linkedTwice();
  const { links } = world.app;
  const refsOfCrmRecord: typeof links.refsOfCrmRecord = async (...record) =>
    (await links.refsOfCrmRecord(...record)).map(({ linkId }) => ({ linkId }));
  Object.assign(world.app, { links: { ...links, refsOfCrmRecord } });
  const seen = async (as: object) => {
    const { items } = (await world.send('GET', '/v1/links?crmType=company&crmKey=c1', as)).json;
    return items.map(({ connectionId }: { connectionId: string }) => connectionId).toSorted();
  };
  expect(await seen({ bearer })).toEqual([first, second].toSorted());
  await world.change('PATCH', `/v1/connections/${first}`, { scope: { users: ['10'], groups: [] } });
  expect(await seen({ bearer })).toEqual([second]);
  expect(await seen({})).toEqual([first, second].toSorted());
});
