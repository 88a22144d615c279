import { expect, test } from 'vitest';
import * as z from 'zod';
import { allRoutes } from '../../functions/http/all-routes.ts';
import { faultsOf, inOurWords, placeOf } from '../../functions/http/input-faults.ts';
import { ApiWorld } from '../features/api-world.ts';
import {
  activeConnection,
  addConnection,
  customerMapping,
  goodConfig,
  pair,
  tenantSettings,
} from '../features/set-up-steps.ts';

const faultsIn = (schema: z.ZodType, input: unknown) =>
  (schema.safeParse(input, inOurWords).error?.issues ?? []).flatMap(faultsOf);

test('a place is written as callers write it, the first of a list too', () => {
  expect(placeOf(['pairs', 0, 'actorType'])).toBe('pairs[0].actorType');
  expect(placeOf([0, 1])).toBe('[0][1]');
  expect(placeOf(['config', 'a.b', ''])).toBe('config["a.b"][""]');
  expect(placeOf(['x'.repeat(5_000)]).length).toBeLessThan(200);
});

test('every word on a fault is ours and says what would be right', () => {
  const schema = z.strictObject({
    name: z.string().min(2).max(3),
    few: z.array(z.int()).max(2),
    many: z.array(z.int().min(1).max(9)),
    colour: z.enum(['red', 'blue']),
    is: z.literal(true),
    one: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
    free: z.record(z.string().max(3), z.boolean()),
    either: z.union([z.string(), z.number()]),
    form: z.string().regex(/^x$/),
  });
  const input = {
    name: 'x',
    few: [1, 2, 3],
    many: ['1', 10, 0.5],
    colour: 'green',
    one: { kind: 'c' },
    free: { long: true, on: 'yes' },
    either: null,
    form: 'y',
    more: 1,
  };
  expect(faultsIn(schema, input).toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
    { path: 'colour', message: 'Must be one of red, blue' },
    { path: 'either', message: 'Has none of the forms that are possible here' },
    { path: 'few', message: 'Must have at most 2 items' },
    { path: 'form', message: 'Has not the form that is needed here' },
    { path: 'free.long', message: 'The name of a property may have at most 100 characters' },
    { path: 'free.on', message: 'Must be true or false' },
    { path: 'is', message: 'Is missing: must be true' },

    { path: 'many[0]', message: 'Must be a number' },
    { path: 'many[1]', message: 'Must be at most 9' },
    { path: 'many[2]', message: 'Must be a whole number' },
    {
      path: 'more',
      message: 'There is no such property; there are name, few, many, colour, is, one, free, either, form',
    },
    { path: 'name', message: 'Must have at least 2 characters' },
    { path: 'one.kind', message: 'Must be one of a, b' },
  ]);
});

const hostile = ['__proto__', 'constructor', 'prototype', 'toString'] as const;

/** The good body of an operation with a property more, at every object in it. */
function* spoiled(body: unknown, name: string, place = ''): Generator<[unknown, string]> {
  if (Array.isArray(body)) {
    for (const [at, item] of body.entries()) {
      for (const [inner, path] of spoiled(item, name, `${place}[${at}]`)) yield [body.with(at, inner), path];
    }
  } else if (typeof body === 'object' && body !== null) {
    const path = (key: string) => (place === '' ? key : `${place}.${key}`);
    yield [Object.fromEntries([...Object.entries(body), [name, { x: 1 }]]), path(name)];
    for (const [key, part] of Object.entries(body)) {
      for (const [inner, at] of spoiled(part, name, path(key))) {
        yield [Object.fromEntries([...Object.entries(body), [key, inner]]), at];
      }
    }
  }
}

async function bodies(world: ApiWorld): Promise<readonly [string, string, unknown][]> {
  const connectionId = await activeConnection(world);
  const inactive = await addConnection(world, 'Other');
  const connectors = await world.send('GET', '/v1/connectors');
  const connectorId = connectors.json.items[0].id;
  const connector = { kind: 'tryton', name: 'x', url: 'https://erp.example.com' };
  const choices = [{ erpField: 'NAME', crmField: 'name', keep: 'crm', fingerprint: 'x' }];
  return [
    ['POST', '/v1/api-keys', { name: 'x', role: 'admin' }],
    ['PUT', '/v1/tenant', tenantSettings],
    ['POST', '/v1/tenant/test', { crm: tenantSettings.crm }],
    ['POST', '/v1/connectors', connector],
    ['PUT', `/v1/connectors/${connectorId}`, connector],
    ['POST', '/v1/connections', { connectorId, name: 'x', config: goodConfig, conflictPolicy: { kind: 'crm-wins' } }],
    ['POST', '/v1/connections/test', { connectorId, config: goodConfig }],
    ['PUT', '/v1/connections/order', { connectionIds: [connectionId, inactive] }],
    ['PATCH', `/v1/connections/${inactive}`, { name: 'y', config: goodConfig }],
    ['POST', `/v1/connections/${inactive}/test`, {}],
    ['PUT', `/v1/connections/${inactive}/actor-types/customer/mapping`, customerMapping],
    ['POST', '/v1/links/preview', { connectionId, pairs: [pair(1)] }],
    ['POST', '/v1/links', { connectionId, pairs: [{ ...pair(1), choices }] }],
    ['POST', '/v1/sync-runs', { kind: 'sync', connectionId, scope: { kind: 'connection' } }],
    ['POST', '/v1/failures/retry', { connectionId }],
  ];
}

test('a name that every object has is refused in a body at any depth, and its place named', async () => {
  const world = new ApiWorld();
  for (const [method, path, body] of await bodies(world)) {
    for (const name of hostile) {
      for (const [spoilt, place] of spoiled(body, name)) {
        const sent = { rawBody: JSON.stringify(spoilt), headers: { 'if-match': '*' } };
        const { status, json } = await world.send(method, path, sent);
        expect([method, path, place, status]).toEqual([method, path, place, 400]);
        expect(json.errors.map((fault: { path: string }) => fault.path)).toContain(place);
      }
    }
  }
});

const neededInQuery: Readonly<Record<string, string>> = {
  '/v1/session/start': `tenant=Cust11111&challenge=${'a'.repeat(43)}&`,
};

/** A provider may send more than is read of its answer. */
const takesMore = '/v1/session/callback';

test('a name that every object has is refused in a query, and its place named', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  for (const { path, method } of allRoutes.filter((route) => route.method === 'GET')) {
    if (path === takesMore || (path.includes('{') && !path.startsWith('/v1/connections/{id}'))) continue;
    const there = path
      .replace('{id}', connectionId)
      .replace('{type}', 'customer')
      .replace('{number}', '1')
      .replace(/\{\w+\+?\}/, 'country');
    const needed = neededInQuery[path] ?? '';
    for (const name of hostile) {
      const { status, json } = await world.send(method, `${there}?${needed}${name}=1`);
      expect([there, status, json.errors?.[0]?.path]).toEqual([there, 400, `query.${name}`]);
    }
  }
});

test('a text that no system can hold is refused wherever it stands, and its place named', async () => {
  const world = new ApiWorld();
  const connectionId = await activeConnection(world);
  const { items } = (await world.send('GET', '/v1/connectors')).json;
  for (const text of ['a\u0000b', 'a\ud800', '\udc00']) {
    const config = { database: text, user: 'sync', password: 'x' };
    const test = await world.send('POST', '/v1/connections/test', { body: { connectorId: items[0].id, config } });
    expect(test).toMatchObject({ status: 400, json: { errors: [{ path: 'config.database' }] } });
    const pairs = [{ actorType: 'customer', erpKey: 'p1', crmKey: text }];
    const links = await world.send('POST', '/v1/links', { body: { connectionId, pairs } });
    expect(links).toMatchObject({ status: 400, json: { errors: [{ path: 'pairs[0].crmKey' }] } });
  }
  const search = await world.send('GET', `/v1/connections/${connectionId}/actors/customer?q=a%00b`);
  expect(search).toMatchObject({ status: 400, json: { errors: [{ path: 'query.q' }] } });
  const actor = await world.send('GET', `/v1/connections/${connectionId}/actors/customer/a\u0000b`);
  expect(actor).toMatchObject({ status: 404, json: { type: 'not-found' } });
  expect(actor.json.detail).toContain('erpKey');
  const name = await world.send('POST', '/v1/api-keys', { body: { name: 'Zoë 😀', role: 'service' } });
  expect(name.status).toBe(201);
});

test('of many faults the first hundred are listed and the rest counted, in a few kilobytes', async () => {
  const world = new ApiWorld();
  await world.tenants();
  const names = Array.from({ length: 5_000 }, (_, at) => `n${at}${'n'.repeat(150)}`);
  const body = { name: 'x', role: 'admin', ...Object.fromEntries(names.map((name) => [name, 1])) };
  const { status, json } = await world.send('POST', '/v1/api-keys', { body });
  expect(status).toBe(400);
  expect(json.errors).toHaveLength(100);
  expect(json.detail).toContain('the first 100 are listed');
  expect(JSON.stringify(json).length).toBeLessThan(50_000);
  const long = await world.send('GET', `/v1/links?${'q'.repeat(9_000)}=1`);
  expect(JSON.stringify(long.json).length).toBeLessThan(2_000);
});
