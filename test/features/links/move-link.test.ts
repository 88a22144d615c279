/** Links of records that were merged or archived, as people see and mend them. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

async function linked(count = 3) {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, count + 1);
  const pairs = Array.from({ length: count }, (_, at) => pair(at + 1));
  const { json } = await connect(world, connectionId, ...pairs);
  await world.work();
  const linkIds: string[] = json.items.map((item: { linkId: string }) => item.linkId);
  const sync = async (linkId = linkIds[0]) => {
    await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', scope: { kind: 'links', linkIds: [linkId] } } });
    await world.work();
  };
  return { world, connectionId, linkIds, sync, path: `/v1/links/${linkIds[0]}` };
}

/** The first link's party was merged into the one that nothing is linked to. */
async function merged() {
  const made = await linked();
  made.world.erp.edit('party', 'p1', { NAME: null, PHONE: null });
  made.world.erp.setStanding('party', 'p1', { kind: 'merged', into: 'p4' });
  await made.sync();
  return made;
}

test('a link broken by a merge says where its record went, and is in the list of failures', async () => {
  const { world, linkIds, path } = await merged();
  const broken = { state: 'broken', stateReason: 'erp-actor-merged', mergedInto: 'p4' };
  expect((await world.send('GET', path)).json).toMatchObject(broken);
  expect((await world.send('GET', '/v1/links?state=broken')).json.items).toMatchObject([broken]);
  const { json } = await world.send('GET', '/v1/failures');
  expect(json.items).toMatchObject([{ linkId: linkIds[0], kind: 'missing', reason: 'erp-actor-merged' }]);
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ name: 'Firm 1', phone: '+31 30 1' });
});

test('a merged link is previewed with the record that it would move to, and moved there with the choices made', async () => {
  const { world, connectionId, linkIds, path } = await merged();
  const body = { connectionId, pairs: [{ ...pair(4, 1), linkId: linkIds[0] }] };
  const preview = await world.send('POST', '/v1/links/preview', { body });
  expect(preview.json.items[0].refusal).toBeUndefined();
  const phone = preview.json.items[0].fields.find((field: { erpField: string }) => field.erpField === 'PHONE');
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: phone.fingerprint }];
  const moved = await world.send('POST', `${path}/move`, { body: { choices }, role: 'service' });
  expect(moved).toMatchObject({ status: 202, json: { id: linkIds[0], state: 'pending', erpKey: 'p4', crmKey: 'c1' } });
  expect(moved.headers.location).toBe(`/v1/sync-runs/${moved.json.runId}`);
  await world.work();
  const link = (await world.send('GET', path)).json;
  expect(link).toMatchObject({ state: 'active', erpKey: 'p4', openFailures: [] });
  expect(link.stateReason ?? link.mergedInto).toBeUndefined();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ phone: '+31 20 4' });
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ NAME: null, PHONE: null });
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
  world.erp.edit('party', 'p4', { PHONE: '+31 44' });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId } });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ phone: '+31 44' });
});

test('a merged link that a person kept from breaking moves too, and one that is only gone does not', async () => {
  const { world, connectionId, linkIds, path } = await linked();
  const allowances = { breaks: { links: 0, share: 0 } };
  await world.change('PATCH', `/v1/connections/${connectionId}`, { allowances });
  world.erp.setStanding('party', 'p1', { kind: 'merged', into: 'p4' });
  world.erp.removeRecord('party', 'p2');
  const { json: run } = await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  await world.work();
  await world.send('POST', `/v1/sync-runs/${run.id}/drop`);
  await world.work();
  for (const id of linkIds.slice(0, 2)) {
    expect((await world.send('GET', `/v1/links/${id}`)).json).toMatchObject({
      state: 'paused',
      stateReason: 'dropped',
    });
  }
  expect((await world.send('POST', `/v1/links/${linkIds[1]}/move`, { body: { erpKey: 'p4' } })).status).toBe(409);
  const moved = await world.send('POST', `${path}/move`, { body: {} });
  expect(moved).toMatchObject({ status: 202, json: { state: 'pending', erpKey: 'p4' } });
  await world.work();
  expect((await world.send('GET', path)).json).toMatchObject({ state: 'active', erpKey: 'p4' });
});

test('a record that is linked already is not moved to: 409 names the link that has it', async () => {
  const { world, linkIds, path } = await merged();
  const answer = await world.send('POST', `${path}/move`, { body: { erpKey: 'p2' } });
  expect(answer.status).toBe(409);
  expect(answer.json.detail).toContain(linkIds[1]);
  expect((await world.send('GET', path)).json).toMatchObject({ state: 'broken', erpKey: 'p1' });
});

test('only a merged link moves, on its merged side, to another record that is there and in use', async () => {
  const { world, linkIds, path } = await merged();
  expect((await world.send('POST', `/v1/links/${linkIds[1]}/move`, { body: {} })).status).toBe(409);
  expect((await world.send('POST', '/v1/links/none/move', { body: {} })).status).toBe(404);
  expect((await world.send('POST', `${path}/move`, { body: { crmKey: 'c4' } })).json.errors).toMatchObject([
    { path: 'crmKey' },
  ]);
  expect((await world.send('POST', `${path}/move`, { body: { erpKey: 'p1' } })).json.errors).toMatchObject([
    { path: 'erpKey' },
  ]);
  const choices = [{ erpField: 'BLOCKED', crmField: 'note', keep: 'erp', fingerprint: 'x' }];
  expect((await world.send('POST', `${path}/move`, { body: { choices } })).json.errors).toMatchObject([
    { path: 'choices[0]' },
  ]);
  expect((await world.send('POST', `${path}/move`, { body: { erpKey: 'p9' } })).status).toBe(409);
  world.erp.setStanding('party', 'p4', { kind: 'archived' });
  expect((await world.send('POST', `${path}/move`, { body: {} })).json.detail).toContain('archived');
});

test('where the system does not say which record took the place, the caller has to', async () => {
  const { world, sync, path } = await linked();
  world.crm.setStanding('contact', 'c1', { kind: 'merged' });
  await sync();
  expect((await world.send('POST', `${path}/move`, { body: {} })).json.errors).toMatchObject([{ path: 'crmKey' }]);
  expect((await world.send('POST', `${path}/move`, { body: { crmKey: 'c4' } })).status).toBe(202);
});

test('an archived or merged record is neither previewed as a match nor connected, and the answer says why', async () => {
  const { world, connectionId } = await linked();
  world.erp.edit('party', 'p5', { NAME: 'Firm 5' });
  world.erp.setStanding('party', 'p5', { kind: 'merged', into: 'p4' });
  world.crm.setStanding('contact', 'c4', { kind: 'archived' });
  const pairs = [pair(5, 4), pair(4, 4)];
  const reasons = [{ reason: 'erp-actor-merged', mergedInto: 'p4' }, { reason: 'crm-record-archived' }];
  const preview = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: pairs.slice(0, 1) } });
  expect(preview.json.items).toMatchObject([{ refusal: reasons[0], fields: [] }]);
  for (const [at, one] of pairs.entries()) {
    const { status, json } = await connect(world, connectionId, one);
    expect(status).toBe(409);
    expect(json.detail).toContain(at === 0 ? 'merged into another one: p4' : 'archived');
  }
});

test('paused links are listed with the reason and counted', async () => {
  const { world, connectionId, linkIds, sync } = await linked();
  world.crm.setStanding('contact', 'c1', { kind: 'archived' });
  await sync();
  const { json } = await world.send('GET', '/v1/links?state=paused');
  expect(json.items).toMatchObject([{ id: linkIds[0], stateReason: 'crm-record-archived' }]);
  const summary = await world.send('GET', `/v1/connections/${connectionId}/summary`);
  expect(summary.json.actorTypes).toContainEqual(
    expect.objectContaining({ actorType: 'customer', links: expect.objectContaining({ paused: 1, active: 2 }) }),
  );
});

test('links with a field that is agreed to differ are listed', async () => {
  const { world, connectionId, linkIds } = await linked();
  const link = await world.app.links.get(world.tenantId, linkIds[1] ?? '');
  if (!link) throw new Error('there is a link');
  const fieldStates = { ...link.fieldStates, 'NAME~name': { ...link.fieldStates['NAME~name'], differs: true } };
  await world.app.links.record({ before: link, after: { ...link, fieldStates } });
  for (const query of [`connectionId=${connectionId}&`, '', 'crmType=company&crmKey=c2&']) {
    const { json } = await world.send('GET', `/v1/links?${query}differing=true`);
    expect(json.items.map(({ id }: { id: string }) => id)).toEqual([linkIds[1]]);
  }
});

test('a broken link can be asked to be looked at again, and stays so while its record is gone', async () => {
  const { world, linkIds } = await linked();
  world.erp.removeRecord('party', 'p1');
  await world.send('POST', '/v1/sync-runs', {
    body: { kind: 'sync', scope: { kind: 'links', linkIds: [linkIds[0]] } },
  });
  await world.work();
  const [failure] = (await world.send('GET', '/v1/failures')).json.items;
  expect(failure).toMatchObject({ reason: 'erp-actor-gone' });
  expect((await world.send('POST', `/v1/failures/${failure.id}/retry`)).status).toBe(202);
  await world.work();
  expect((await world.send('GET', '/v1/failures')).json.items).toMatchObject([{ reason: 'erp-actor-gone' }]);
  world.erp.edit('party', 'p1', { NAME: 'Firm 1', PHONE: '+31 30 1' });
  await world.send('POST', `/v1/failures/${failure.id}/retry`);
  await world.work();
  expect((await world.send('GET', '/v1/failures')).json.items).toEqual([]);
});
