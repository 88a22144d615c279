import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { createTenant } from '../../functions/features/tenants/create-tenant.ts';
import { ApiWorld } from '../features/api-world.ts';
import {
  activeConnection,
  addConnection,
  addRecords,
  connect,
  customerMapping,
  pair,
  withCrm,
} from '../features/set-up-steps.ts';

test('times that no sort key can hold are refused, and a range that ends before it begins is empty', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, connectionId, pair(1));
  await world.work();
  const changes = (query: string) => world.send('GET', `/v1/changes?${query}`);
  expect((await changes('limit=5')).json.items.length).toBeGreaterThan(0);
  const far = [
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00%2B01:00',
    '-000001-01-01T00:00:00Z',
    '%2B012026-01-01T00:00:00Z',
  ];
  for (const time of [...far, 'yesterday', '2026-02-30T00:00:00Z', '']) {
    for (const name of ['from', 'to']) {
      const { status, json } = await changes(`${name}=${time}`);
      expect([time, status, json.errors?.[0]?.path]).toEqual([time, 400, `query.${name}`]);
      expect(json.errors[0].message).toContain('2026-11-23T08:00:00Z');
    }
  }
  for (const filter of ['', `&connectionId=${connectionId}`, '&crmType=company&crmKey=c1']) {
    const reversed = await changes(`from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z${filter}`);
    expect(reversed).toMatchObject({ status: 200, json: { items: [] } });
    expect((await changes(`from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z${filter}`)).status).toBe(200);
  }
  const expiresAt = '9999-12-31T23:59:59-01:00';
  const key = await world.send('POST', '/v1/api-keys', { body: { name: 'x', role: 'admin', expiresAt } });
  expect(key).toMatchObject({ status: 400, json: { errors: [{ path: 'expiresAt' }] } });
});

test('some hundred connections are put in order at once', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const [connection] = await world.app.connections.inOrder(world.tenantId);
  if (!connection) throw new Error('no connection');
  const others = Array.from({ length: 250 }, (_, at) => `more-${at}`);
  for (const [at, other] of others.entries()) {
    await world.app.connections.create({ ...connection, id: other, name: other, place: at + 1 }, []);
  }
  const connectionIds = [...others.toReversed(), id];
  const path = '/v1/connections/order';
  expect((await world.send('PUT', path, { body: { connectionIds } })).json).toEqual({ connectionIds });
  const order = await world.app.connections.inOrder(world.tenantId);
  expect(order.map((one) => one.id)).toEqual(connectionIds);
  expect((await world.send('GET', `/v1/connections/${id}`)).json.place).toBe(250);
  const tested = await world.send('POST', `/v1/connections/${id}/test`);
  expect(tested.json.place).toBe(250);
  expect((await world.change('PATCH', `/v1/connections/${id}`, { name: 'x' })).json.place).toBe(250);
});

test('what is not there says what there is', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const detail = async (path: string) => {
    const { status, json } = await world.send('GET', path);
    expect([path, status]).toEqual([path, 404]);
    return json.detail;
  };
  expect(await detail(`/v1/connections/${id}/actor-types/partner/mapping`)).toMatch(/There are .*customer/);
  expect(await detail(`/v1/connections/${id}/actors/nothing`)).toContain('Must be one of customer, supplier, partner');
  expect(await detail(`/v1/connections/${id}/actors/partner`)).toMatch(/There are .*customer/);
  expect(await detail('/v1/crm/nothing/fields')).toContain('Must be one of company, person, project');
  expect(await detail('/v1/crm/lists/colours')).toBe('There is no list colours. There are category, country.');
  expect(await detail(`/v1/connections/${id}/lists/colours`)).toBe(
    'There is no list colours. There are category, country.',
  );
});

test('nobody is asked to read again what reading would not mend', async () => {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  const stale = { headers: { 'if-match': '"77"' } };
  const mapping = await world.send('PUT', `/v1/connections/${id}/actor-types/customer/mapping`, {
    ...stale,
    body: { ...customerMapping, fields: customerMapping.fields.slice(1) },
  });
  expect(mapping.status).toBe(409);
  const path = `/v1/connections/${id}`;
  expect((await world.send('DELETE', path, stale)).status).toBe(412);
  expect((await world.change('DELETE', path)).status).toBe(204);
  expect((await world.send('DELETE', path, stale)).status).toBe(204);
});

test('failures are retried by kinds that they can have', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const retry = (kind: string) => world.send('POST', '/v1/failures/retry', { body: { kind } });
  expect((await retry('rejected')).status).toBe(202);
  const { status, json } = await retry('forbidden');
  expect([status, json.errors[0].path]).toEqual([400, 'kind']);
  expect(json.errors[0].message).not.toContain('forbidden');
});

test('a preview that is too large says how many of its pairs would fit', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const count = 60;
  for (let at = 1; at <= count; at += 1) {
    world.erp.edit('party', `p${at}`, { NAME: 'x'.repeat(100_000) });
    world.crm.edit('contact', `c${at}`, { name: 'y' });
  }
  const pairs = Array.from({ length: count }, (_, at) => pair(at + 1));
  const { status, json } = await world.send('POST', '/v1/links/preview', { body: { connectionId, pairs } });
  expect({ status, type: json.type }).toEqual({ status: 413, type: 'too-large' });
  const [, fitting] = /Of its 60 items the first (\d+) would fit/.exec(json.detail) ?? [];
  const fewer = await world.send('POST', '/v1/links/preview', {
    body: { connectionId, pairs: pairs.slice(0, Number(fitting)) },
  });
  expect(fewer.status).toBe(200);
});

test('one CRM context is claimed by one tenant, however it is spelt', async () => {
  const world = new ApiWorld();
  await world.tenants();

  await expect(createTenant(world.app, { crmContext: 'CUST11111' })).rejects.toBeInstanceOf(SyncError);
});
