import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { allRoutes, routesOf } from '../../functions/http/all-routes.ts';
import { httpChain } from '../../functions/http/chain/http-chain.ts';
import type { HttpEvent } from '../../functions/http/chain/http-request.ts';
import { apiFunctions, type Operation, registry } from '../../functions/http/registry.ts';
import { ApiWorld } from '../features/api-world.ts';

const rows = apiFunctions.flatMap((name) =>
  Object.entries<Operation>(registry[name]).map(([id, operation]) => ({ id, name, operation })),
);
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** What the schema of a request takes in its parts. */
const RequestForm = z.object({
  properties: z.object({
    params: z.object({ properties: z.record(z.string(), z.unknown()) }),
    query: z.object({
      properties: z.record(z.string(), z.unknown()),
      additionalProperties: z.literal(false).optional(),
    }),
  }),
});
const formOf = (request: z.ZodType) =>
  RequestForm.parse(z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' })).properties;

/** An example of a path, with `x` for every name in it. */
const exampleOf = ({ path }: Operation) => path.replaceAll(/\{\w+\+?\}/g, 'x');

function fits(example: string, { path }: Operation): boolean {
  const pattern = path.replaceAll(/\{\w+\+\}/g, '.+').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(example);
}

test('the registry pulls in no runtime code', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../functions/http/registry.ts'), 'utf8');
  expect(text.match(/^import (?!type )|\bimport\(|^export .* from /gm)).toBeNull();
});

test('every operation has exactly one route, and every route an operation', () => {
  expect(allRoutes.map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  for (const { id, operation } of rows) expect(allRoutes.find((route) => route.id === id)).toMatchObject(operation);
});

test.each(apiFunctions)('the function %s has the routes of its operations', (name) => {
  expect(routesOf[name].map(({ id }) => id).toSorted()).toEqual(Object.keys(registry[name]).toSorted());
});

test('no two operations share method and path, and no two functions a path', () => {
  const keys = rows.map(({ operation }) => `${operation.method} ${operation.path}`);
  expect(new Set(keys).size).toBe(keys.length);
  const owners = Map.groupBy(rows, ({ operation }) => operation.path);
  const shared = [...owners].filter(([, group]) => new Set(group.map(({ name }) => name)).size > 1);
  expect(shared).toEqual([]);
});

test.each(allRoutes.map((route) => [route.id, route] as const))('%s takes the names of its path', (_, route) => {
  const names = [...route.path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
  expect(Object.keys(formOf(route.request).params.properties)).toEqual(names);
});

test('a query takes no name that it does not know, but for the way back of a sign-in, which a provider writes', () => {
  const loose = allRoutes.filter(({ request }) => formOf(request).query.additionalProperties !== false);
  expect(loose.map(({ id }) => id)).toEqual(['finishSignIn']);
});

test('what the registry calls a list takes limit and cursor, and nothing else does', () => {
  for (const route of allRoutes) {
    const taken = Object.keys(formOf(route.request).query.properties);
    const paging = taken.filter((name) => name === 'limit' || name === 'cursor');
    expect([route.id, paging]).toEqual([route.id, route.list ? ['limit', 'cursor'] : []]);
  }
});

test('an answer without a body is 204, or 302 to another place, and no other', () => {
  for (const { id, status, answer } of allRoutes) {
    expect([id, status === 204 || status === 302]).toEqual([id, answer === undefined]);
  }
});

test('only POSTs are replayed, and only changes of what was read want If-Match', () => {
  for (const { id, operation } of rows) {
    if (operation.replay) expect([id, operation.method]).toEqual([id, 'POST']);
    if (operation.ifMatch) expect(['PUT', 'PATCH', 'DELETE'], id).toContain(operation.method);
  }
});

test('a path that no operation has is 404, with and without a key', async () => {
  const world = new ApiWorld();
  await world.tenants();
  for (const unknown of [
    '/',
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/health/',
    '/v1/links/',
    '/v2/health',
    '/v1/links/a/b/c',
  ]) {
    for (const role of ['admin', 'none'] as const) {
      const { status, headers, json } = await world.send('GET', unknown, { role });
      expect({ status, json }).toMatchObject({
        status: 404,
        json: { type: 'not-found', title: 'Not found', detail: 'There is no such path.' },
      });
      expect(headers['content-type']).toBe('application/problem+json');
    }
  }
});

test('a method that a path does not have is 405 with those it has, with and without a key', async () => {
  const world = new ApiWorld();
  await world.tenants();
  for (const example of new Set(rows.map(({ operation }) => exampleOf(operation)))) {
    const here = rows.filter(({ operation }) => fits(example, operation)).map(({ operation }) => operation.method);
    const allow = [...new Set(here)].toSorted().join(', ');
    const others = [...methods.filter((method) => !here.includes(method)), 'HEAD', 'OPTIONS'];
    for (const method of others) {
      for (const role of ['admin', 'none'] as const) {
        const { status, headers, json } = await world.send(method, example, { role });
        expect({ method, example, status, allow: headers.allow, type: json.type }).toEqual({
          method,
          example,
          status: 405,
          allow,
          type: 'method-not-allowed',
        });
      }
    }
  }
});

test('a function answers 404 to what another one serves', async () => {
  const { app } = new ApiWorld();
  for (const name of apiFunctions) {
    const handler = httpChain(routesOf[name], app);
    for (const { name: owner, operation } of rows) {
      const rawPath = exampleOf(operation);
      const event = {
        rawPath,
        rawQueryString: '',
        headers: {},
        isBase64Encoded: false,
        requestContext: { requestId: 'r1', http: { method: operation.method, path: rawPath } },
      } as unknown as HttpEvent;
      const { statusCode } = await handler(event, {} as Context);
      // Nobody calls: what is served here asks who it is, or what they want.
      const expected = operation.roles === 'public' ? [200, 400] : [401];
      expect(owner === name ? expected : [404], `${name} ${rawPath}`).toContain(statusCode);
    }
  }
});

test('docs/architecture.md names the function that answers each path, and no path that nothing answers', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  const named = apiFunctions.flatMap((name) => {
    const [, calledBy = ''] = text.match(new RegExp(`^\\| \`${name}\` \\| ([^|]*)`, 'm')) ?? [];
    return [...calledBy.matchAll(/`(\/v1[^`]*)`/g)].map(([, prefix = '']) => ({ name, prefix }));
  });
  const covers = ({ path: of }: Operation, prefix: string) => of === prefix || of.startsWith(`${prefix}/`);
  const answeredBy = (operation: Operation) =>
    named
      .filter(({ prefix }) => covers(operation, prefix))
      .toSorted((one, other) => other.prefix.length - one.prefix.length)[0]?.name;
  for (const { id, name, operation } of rows) expect([id, answeredBy(operation)]).toEqual([id, name]);
  for (const { prefix } of named) {
    expect([prefix, rows.some(({ operation }) => covers(operation, prefix))]).toEqual([prefix, true]);
  }
});
