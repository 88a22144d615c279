import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import type { NameChange } from '../../../functions/ports/record-system.ts';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addActive,
  addRecords,
  connect,
  customerMapping,
  pair,
  saveMapping,
} from '../set-up-steps.ts';

async function newWorld(records = 3): Promise<{ world: ApiWorld; connectionId: string }> {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, records);
  return { world, connectionId };
}

test('a search finds actors page by page, and says which are linked', async () => {
  const { world, connectionId } = await newWorld();
  const { json } = await connect(world, connectionId, pair(2));
  const path = `/v1/connections/${connectionId}/actors/Customer`;
  const first = await world.send('GET', `${path}?q=firm&limit=2`, { role: 'service' });
  expect(world.storageCalls).toBeLessThanOrEqual(2);
  expect(first.json.items).toEqual([
    { actorType: 'customer', erpKey: 'p1', values: { NAME: 'Firm 1' }, linked: false },
    { actorType: 'customer', erpKey: 'p2', values: { NAME: 'Firm 2' }, linked: true, linkId: json.items[0].linkId },
  ]);
  const second = await world.send('GET', `${path}?q=firm&limit=2&cursor=${first.json.nextCursor}`);
  expect(second.json.items).toMatchObject([{ erpKey: 'p3' }]);
  expect((await world.send('GET', path)).json.items).toHaveLength(3);
});

test('one actor is shown with all its fields, list items by their text, also with a slash in its key', async () => {
  const { world, connectionId } = await newWorld();
  world.erp.edit('party', 'a/b %', { NAME: 'Slash', COUNTRY: '2' });
  // An HTTP API decodes all of the path but the percent sign itself.
  const { json } = await world.send('GET', `/v1/connections/${connectionId}/actors/customer/a/b %25`);
  expect(json).toMatchObject({ erpKey: 'a/b %', linked: false });
  expect(json.fields).toContainEqual({ key: 'COUNTRY', label: 'COUNTRY', value: '2', text: 'Belgium' });
  expect((await world.send('GET', `/v1/connections/${connectionId}/actors/customer/none`)).status).toBe(404);
});

test('a preview shows both values, what would happen and why, and changes nothing', async () => {
  const { world, connectionId } = await newWorld();
  const body = { connectionId, pairs: [pair(1), pair(9)] };
  const { status, json } = await world.send('POST', '/v1/links/preview', { body, role: 'service' });
  expect(status).toBe(200);
  const field = (name: string) => json.items[0].fields.find((one: { erpField: string }) => one.erpField === name);
  expect(field('NAME')).toMatchObject({ differs: false, rule: 'agrees' });
  expect(field('PHONE')).toMatchObject({
    erp: { value: '+31 20 1' },
    crm: { value: '+31 30 1' },
    differs: true,
    writes: 'erp',
    result: { value: '+31 30 1' },
    rule: 'first-sync',
    decidedBy: 'crm-wins',
  });
  expect(field('COUNTRY')).toMatchObject({
    erp: { value: '1', text: 'Netherlands' },
    crm: { value: '528', text: 'Nederland' },
  });
  expect(field('VATNO')).toMatchObject({ writes: 'erp', rule: 'first-sync-fills-blank' });
  expect(json.items[1]).toMatchObject({ refusal: { reason: 'erp-actor-missing' }, fields: [] });
  expect(world.erp.written).toEqual([]);
  expect((await world.send('GET', '/v1/links')).json.items).toEqual([]);
});

test('a preview shows the whole name of each side, as it is and as it would be', async () => {
  const { world, connectionId } = await newWorld();
  const whole = async (_type: string, changes: readonly NameChange[]) =>
    new Map(changes.map(({ key, values }) => [key, { now: `${key} now`, after: `${key} ${Object.keys(values)}` }]));
  world.crm.wholeNames = whole;
  world.erp.wholeNames = whole;
  const { json } = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [pair(1), pair(9)] } });
  const { crmKey, erpKey } = pair(1);
  expect(json.items[0].names.crm).toMatchObject({ now: `${crmKey} now` });
  expect(json.items[0].names.erp).toEqual({ now: `${erpKey} now`, after: expect.stringContaining('PHONE') });
  expect(json.items[1].names).toBeUndefined();
});

test('a preview names links that have taken a side already', async () => {
  const { world, connectionId } = await newWorld();
  const { json } = await connect(world, connectionId, pair(1));
  const body = { connectionId, pairs: [pair(1, 2), pair(2, 1)] };
  const preview = await world.send('POST', '/v1/links/preview', { body });
  const takenBy = json.items[0].linkId;
  const remedy = 'Use that link as it is, or disconnect it (`DELETE /v1/links/{id}`) before another one is made.';
  expect(preview.json.items.map((item: { refusal: unknown }) => item.refusal)).toEqual([
    {
      reason: 'erp-actor-linked',
      message: `The ERP actor is linked already, by link ${takenBy}.`,
      remedy,
      holder: takenBy,
    },
    {
      reason: 'crm-record-linked',
      message: `The CRM record is linked already, by link ${takenBy}.`,
      remedy,
      holder: takenBy,
    },
  ]);
});

test('connecting makes pending links and one run on the high queue, which brings both sides into agreement', async () => {
  const { world, connectionId } = await newWorld();
  const { status, json, headers } = await connect(world, connectionId, pair(1), pair(2));
  expect(status).toBe(202);
  expect(json.items).toMatchObject([
    { erpKey: 'p1', crmKey: 'c1', crmType: 'company', result: 'connected', state: 'pending' },
    { erpKey: 'p2', crmKey: 'c2', result: 'connected', state: 'pending' },
  ]);
  expect(headers.location).toBe(`/v1/sync-runs/${json.runId}`);
  expect(world.messages).toMatchObject([{ kind: 'look', lane: 'high', interactive: true }]);
  await world.work();
  expect(world.erp.valuesOf('party', 'p1')).toMatchObject({ PHONE: '+31 30 1', VATNO: 'NL1' });
  const link = await world.send('GET', `/v1/links/${json.items[0].linkId}`);
  expect(link.json).toMatchObject({ state: 'active', createdBy: 'key-of-admin' });
  expect(link.json.fields['PHONE~phone']).toEqual({ agreed: { crm: '+31 30 1', erp: '+31 30 1' } });
});

test('a chosen side is kept', async () => {
  const { world, connectionId } = await newWorld();
  const preview = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [pair(1)] } });
  const phone = preview.json.items[0].fields.find((field: { erpField: string }) => field.erpField === 'PHONE');
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: phone.fingerprint }];
  await connect(world, connectionId, { ...pair(1), choices });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ phone: '+31 20 1' });
});

test('a choice made on values that moved since is void, and listed', async () => {
  const { world, connectionId } = await newWorld();
  const preview = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [pair(1)] } });
  const phone = preview.json.items[0].fields.find((field: { erpField: string }) => field.erpField === 'PHONE');
  world.crm.edit('contact', 'c1', { phone: '+31 99' });
  const choices = [{ erpField: 'PHONE', crmField: 'phone', keep: 'erp', fingerprint: phone.fingerprint }];
  await connect(world, connectionId, { ...pair(1), choices });
  await world.work();
  expect(world.crm.valuesOf('contact', 'c1')).toMatchObject({ phone: '+31 99' });
  const { json } = await world.send('GET', '/v1/failures');
  expect(json.items).toMatchObject([{ fields: [{ field: 'PHONE~phone', reason: 'choice-void' }] }]);
});

test('pairs that cannot be connected are named beside those that can', async () => {
  const { world, connectionId } = await newWorld();
  const first = await connect(world, connectionId, pair(1));
  const { status, json } = await connect(world, connectionId, pair(1, 3), pair(2), pair(8, 9), pair(3, 8));
  expect(status).toBe(202);
  expect(json.items).toMatchObject([
    { result: 'refused', reason: 'erp-actor-linked', holder: first.json.items[0].linkId },
    { result: 'connected' },
    { result: 'refused', reason: 'erp-actor-missing' },
    { result: 'refused', reason: 'crm-record-missing' },
  ]);
});

test('an actor that cannot be read is refused in the words of its system, which no message quotes', async () => {
  const { world, connectionId } = await newWorld();
  const [{ erpKey }] = [pair(1)];
  const closed = new SyncError('forbidden', 'Closed.', { explanation: 'for bookkeepers only' });
  const unreadable = (key: string) => (key === erpKey ? closed : undefined);
  Object.assign(world.erp.options, { unreadable });
  const refusal = { reason: 'erp-actor-not-readable', explanation: 'for bookkeepers only' };
  const preview = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs: [pair(1)] } });
  expect(preview.json.items).toMatchObject([{ refusal }]);
  expect((await connect(world, connectionId, pair(1), pair(2))).json.items).toMatchObject([
    { result: 'refused', ...refusal },
    { result: 'connected' },
  ]);
  expect(JSON.stringify(world.logged)).not.toContain('bookkeepers');
});

test('if none can be connected the answer is 409 and names the links in the way', async () => {
  const { world, connectionId } = await newWorld();
  const first = await connect(world, connectionId, pair(1));
  const takenBy = first.json.items[0].linkId;
  const { status, json } = await connect(world, connectionId, pair(1, 2), pair(2, 1));
  expect(status).toBe(409);
  const remedy = 'Use that link as it is, or disconnect it (`DELETE /v1/links/{id}`) before another one is made.';
  expect(json.errors).toEqual([
    { path: 'pairs[0]', message: `The ERP actor is linked already, by link ${takenBy}. ${remedy}` },
    { path: 'pairs[1]', message: `The CRM record is linked already, by link ${takenBy}. ${remedy}` },
  ]);
});

test('a party in two roles is linked once', async () => {
  const { world, connectionId } = await newWorld();
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  await saveMapping(world, connectionId, customerMapping, 'supplier');
  await world.send('POST', `/v1/connections/${connectionId}/activate`);
  await connect(world, connectionId, pair(1));
  const { status, json } = await connect(world, connectionId, { ...pair(1, 2), actorType: 'supplier' });
  expect(status).toBe(409);
  expect(json.detail).toContain('The ERP actor is linked already');
});

test('a second connection links the same CRM record, and the record has both', async () => {
  const { world, connectionId } = await newWorld();
  const first = await connect(world, connectionId, pair(1));
  const second = await addActive(world, 'Second');
  const { status, json } = await connect(world, second, pair(2, 1));
  expect(status).toBe(202);
  const listed = await world.send('GET', '/v1/links?crmType=company&crmKey=c1');
  expect(listed.json.items.map(({ id }: { id: string }) => id).sort()).toEqual(
    [first.json.items[0].linkId, json.items[0].linkId].sort(),
  );
});

test('faults of the pairs are all named', async () => {
  const { world, connectionId } = await newWorld();
  const choices = [{ erpField: 'BLOCKED', crmField: 'note', keep: 'erp', fingerprint: 'x' }];
  const { status, json } = await connect(
    world,
    connectionId,
    pair(1),
    { ...pair(1, 2), choices },
    { ...pair(3, 1), crmType: 'person' },
    { ...pair(3, 3), actorType: 'supplier' },
    { ...pair(3, 3), actorType: 'person' },
  );
  expect(status).toBe(400);
  expect(json.errors.map((fault: { path: string }) => fault.path)).toEqual([
    'pairs[1].erpKey',
    'pairs[1].choices[0]',
    'pairs[2].crmType',
    'pairs[2].crmKey',
    'pairs[3].actorType',
    'pairs[3].erpKey',
    'pairs[4].actorType',
  ]);
  expect((await connect(world, connectionId)).status).toBe(400);
});

test('an inactive connection neither previews nor connects', async () => {
  const { world, connectionId } = await newWorld();
  await world.send('POST', `/v1/connections/${connectionId}/deactivate`);
  expect((await connect(world, connectionId, pair(1))).status).toBe(409);
  const body = { connectionId, pairs: [pair(1)] };
  expect((await world.send('POST', '/v1/links/preview', { body })).status).toBe(409);
  expect((await connect(world, 'none', pair(1))).status).toBe(404);
});

test('the same request sent twice connects once', async () => {
  const { world, connectionId } = await newWorld();
  const sent = { body: { connectionId, pairs: [pair(1)] }, headers: { 'idempotency-key': 'k' } };
  const first = await world.send('POST', '/v1/links', sent);
  const second = await world.send('POST', '/v1/links', sent);
  expect(second.json).toEqual(first.json);
  expect((await world.send('GET', '/v1/links')).json.items).toHaveLength(1);
});

test('of many requests at once for one actor or one record exactly one connects', async () => {
  const { world, connectionId } = await newWorld(6);
  const wanted = [pair(1), pair(1, 2), pair(1, 3), pair(2, 1), pair(3, 1), pair(1)];
  const answers = await Promise.all(wanted.map((one) => connect(world, connectionId, one)));
  const links = (await world.send('GET', '/v1/links')).json.items as { erpKey: string; crmKey: string }[];
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(links.length);
  expect(new Set(links.map(({ erpKey }) => erpKey)).size).toBe(links.length);
  expect(new Set(links.map(({ crmKey }) => crmKey)).size).toBe(links.length);
  expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
});
