import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair } from '../set-up-steps.ts';

const links = 3;

/** A run that was stopped: two of three links would have lost their phone in the CRM. */
async function braked(): Promise<{ world: ApiWorld; connectionId: string; runId: string }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, links);
  await connect(world, connectionId, ...Array.from({ length: links }, (_, at) => pair(at + 1)));
  await world.work();
  const path = `/v1/connections/${connectionId}`;
  const changed = await world.change('PATCH', path, { allowances: { blanks: { links: 1, share: 0 } } });
  expect(changed.json).toMatchObject({ allowances: { blanks: { links: 1, share: 0 } } });
  for (let at = 1; at <= links; at += 1) world.erp.edit('party', `p${at}`, { PHONE: null });
  const { json } = await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  await world.work();
  return { world, connectionId, runId: json.id };
}

function phones(world: ApiWorld): number {
  return [1, 2, 3].filter((at) => world.crm.valuesOf('contact', `c${at}`).phone !== null).length;
}

test('a braked run says so, and so do its connection, the summary and the failures', async () => {
  const { world, connectionId, runId } = await braked();
  expect(phones(world)).toBe(2);
  const run = await world.send('GET', `/v1/sync-runs/${runId}`);
  expect(run.json).toMatchObject({ state: 'stopped-by-brake', reason: 'blanks', counters: { withheld: 2 } });
  const named = { crmKey: expect.stringMatching(/^c\d/), crmName: expect.stringMatching(/^Firm /) };
  const brake = { kind: 'blanks', runId, withheld: 2, examples: [{ fields: ['PHONE~phone'], ...named }, named] };
  expect((await world.send('GET', `/v1/connections/${connectionId}`)).json.brakes).toMatchObject([brake]);
  expect(world.storageCalls).toBeLessThanOrEqual(3);
  const summary = await world.send('GET', `/v1/connections/${connectionId}/summary`);
  expect(summary.json).toMatchObject({ brakes: [brake] });
  expect(summary.json.actorTypes[0]).toMatchObject({ withheld: { blanks: 2, breaks: 0 } });
  expect((await world.send('GET', '/v1/failures')).json.items).toMatchObject([
    { reason: 'braked-blanks', explanation: expect.stringContaining('2 links') },
  ]);
});

test('a braked run is continued, or dropped, and answers with the run that does it', async () => {
  for (const [answer, left] of [
    ['continue', 0],
    ['drop', 2],
  ] as const) {
    const { world, connectionId, runId } = await braked();
    const { status, json, headers } = await world.send('POST', `/v1/sync-runs/${runId}/${answer}`, { role: 'service' });
    expect(status).toBe(202);
    expect(json).toMatchObject({ connectionId, kind: 'sync', trigger: { by: 'brake', caller: 'key-of-service' } });
    expect(headers.location).toBe(`/v1/sync-runs/${json.id}`);
    expect((await world.send('POST', `/v1/sync-runs/${runId}/continue`)).status).toBe(409);
    await world.work();
    expect(phones(world)).toBe(left);
    expect((await world.send('GET', `/v1/connections/${connectionId}`)).json.brakes).toEqual([]);
    expect((await world.send('POST', `/v1/sync-runs/${runId}/continue`)).status).toBe(409);
  }
});

test('what was dropped is a conflict that a person can resolve, even with the blank', async () => {
  const { world, runId } = await braked();
  await world.send('POST', `/v1/sync-runs/${runId}/drop`);
  await world.work();
  const { json } = await world.send('GET', '/v1/conflicts');
  expect(json.items).toHaveLength(2);
  expect(json.items[0]).toMatchObject({ reason: 'dropped', erp: null, base: { crm: json.items[0].crm } });
  await world.send('POST', `/v1/conflicts/${json.items[0].id}/resolve`, { body: { keep: 'erp' } });
  await world.send('POST', `/v1/conflicts/${json.items[1].id}/resolve`, { body: { keep: 'crm' } });
  await world.work();
  expect(phones(world)).toBe(1);
  expect((await world.send('GET', '/v1/conflicts')).json.items).toEqual([]);
});

test('of several brakes each can have an answer of its own, and the others wait for theirs', async () => {
  const { world, connectionId, runId: first } = await braked();
  const allowances = { breaks: { links: 0, share: 0 } };
  await world.change('PATCH', `/v1/connections/${connectionId}`, { allowances });
  const withheld = [1, 2, 3].find((at) => world.crm.valuesOf('contact', `c${at}`).phone === null);
  world.erp.removeRecord('party', `p${withheld}`);
  const compared = await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  await world.work();
  const brakes = async () => (await world.send('GET', `/v1/connections/${connectionId}`)).json.brakes;
  const kinds = async () => (await brakes()).map(({ kind }: { kind: string }) => kind).toSorted();
  expect(await kinds()).toEqual(['blanks', 'breaks']);
  const path = `/v1/sync-runs/${compared.json.id}/continue`;
  expect((await world.send('POST', path, { body: { kinds: ['swaps'] } })).status).toBe(409);
  expect((await world.send('POST', path, { body: { kinds: [] } })).status).toBe(400);
  expect((await world.send('POST', path, { body: { kinds: ['breaks'] } })).status).toBe(202);
  await world.work();
  expect(await kinds()).toEqual(['blanks']);
  expect(phones(world)).toBe(2);
  const states = (await world.send('GET', `/v1/links?connectionId=${connectionId}&state=broken`)).json.items;
  expect(states).toHaveLength(1);
  await world.send('POST', `/v1/sync-runs/${first}/drop`, { body: { kinds: ['blanks'] } });
  await world.work();
  expect(await kinds()).toEqual([]);
  expect(phones(world)).toBe(2);
});

test('no retry of failures releases what a person dropped, alone, by filter or with all', async () => {
  const { world, connectionId, runId } = await braked();
  await world.send('POST', `/v1/sync-runs/${runId}/drop`);
  await world.work();
  await world.change('PATCH', `/v1/connections/${connectionId}`, { allowances: { blanks: { links: 10, share: 0 } } });
  const [failure] = (await world.send('GET', '/v1/failures')).json.items;
  await world.send('POST', `/v1/failures/${failure.id}/retry`);
  for (const body of [{ kind: 'conflict' }, { reason: 'dropped' }, {}])
    await world.send('POST', '/v1/failures/retry', { body });
  await world.work();
  expect(phones(world)).toBe(2);
  expect((await world.send('GET', '/v1/conflicts')).json.items).toHaveLength(2);
});

test('only a run that a brake has stopped can be answered, and only of an active connection', async () => {
  const { world, connectionId, runId } = await braked();
  const { json } = await world.send('POST', '/v1/sync-runs', { body: { kind: 'compare', connectionId } });
  expect((await world.send('POST', `/v1/sync-runs/${json.id}/drop`)).status).toBe(409);
  expect((await world.send('POST', '/v1/sync-runs/none/drop')).status).toBe(404);
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await world.send('POST', `/v1/sync-runs/${runId}/drop`)).status).toBe(409);
});

test('an allowance of a kind is changed and taken back by itself', async () => {
  const { world, connectionId } = await braked();
  const path = `/v1/connections/${connectionId}`;
  const allowances = { blanks: null, breaks: { links: 5, share: 0.01 } };
  const changed = await world.change('PATCH', path, { allowances });
  expect(changed.json.allowances).toEqual({ breaks: { links: 5, share: 0.01 } });
  expect((await world.change('PATCH', path, { allowances: null })).json.allowances).toBeUndefined();
  expect((await world.change('PATCH', path, { allowances: { blanks: { links: -1, share: 2 } } })).status).toBe(400);
});

test('each kind of act has an allowance of its own; what is wrong with one is named by its place', async () => {
  const { world, connectionId } = await braked();
  const path = `/v1/connections/${connectionId}`;
  const one = { links: 7, share: 0.02 };
  const allowances = { blanks: one, breaks: one, uniform: one, swaps: one, refusals: one };
  expect((await world.change('PATCH', path, { allowances })).json.allowances).toEqual(allowances);
  expect((await world.send('GET', path)).json.allowances).toEqual(allowances);
  const all = { blanks: { links: 7, share: 0.02, aDay: 7 }, refusals: { links: 7, share: 0.02, aDay: 7 } };
  expect((await world.send('GET', `${path}/summary`)).json.allowances).toMatchObject(all);
  const wrong = { uniform: { links: 1.5, share: 0 }, swaps: { links: 1 }, creates: one };
  const refused = await world.change('PATCH', path, { allowances: wrong });
  expect(refused.status).toBe(400);
  const places = refused.json.errors.map(({ path: place }: { path: string }) => place);
  expect(places.toSorted()).toEqual(['allowances.creates', 'allowances.swaps.share', 'allowances.uniform.links']);
});
