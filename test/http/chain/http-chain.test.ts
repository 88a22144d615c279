import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type ErrorKind, errorKinds, SyncError } from '../../../functions/core/errors.ts';
import { httpChain } from '../../../functions/http/chain/http-chain.ts';
import type { HttpEvent } from '../../../functions/http/chain/http-request.ts';
import type { Operation } from '../../../functions/http/registry.ts';
import { routeBuilder } from '../../../functions/http/route-builder.ts';
import { EmptyRequest, ListRequest, Paging } from '../../../functions/http/schemas/requests.ts';

interface Deps {
  readonly fail?: Error;
  /** What the use case waits for. */
  readonly gate?: Promise<void>;
  readonly page?: { items: unknown[]; cursor?: string };
  readonly seen: unknown[];
}

const operations = {
  readThing: { method: 'GET', path: '/v1/things/{id}', roles: ['admin'] },
  readSpecialThing: { method: 'GET', path: '/v1/things/special', roles: ['admin'] },
  saveThing: { method: 'PUT', path: '/v1/things/{id}', roles: ['admin', 'service'], ifMatch: true, status: 204 },
  pokeThing: { method: 'POST', path: '/v1/things/{id}/poke', roles: ['admin'] },
  growThing: { method: 'POST', path: '/v1/things/{id}/grow', roles: ['admin'] },
  readGrown: { method: 'GET', path: '/v1/things/{id}/grow', roles: ['admin'] },
  listThings: { method: 'GET', path: '/v1/things', roles: ['admin'], list: true },
} as const satisfies Record<string, Operation>;

const { route, list } = routeBuilder<Deps, keyof typeof operations>(operations);
const Thing = z.object({ id: z.string(), size: z.number() });

const routes = [
  route('readThing', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: z.string().max(10) }) }),
    answer: Thing,
    async handle(deps, { params }) {
      deps.seen.push(params.id);
      await deps.gate;
      if (deps.fail) throw deps.fail;
      return { body: { id: params.id, size: 1, secret: 'inner' }, revision: 7 };
    },
  }),
  route('readSpecialThing', {
    request: EmptyRequest,
    answer: Thing,
    handle: async () => ({ body: { id: 'special', size: 0 } }),
  }),
  route('saveThing', {
    request: EmptyRequest.extend({
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({ size: z.number(), name: z.string().min(1) }),
    }),
    async handle(deps, { ifMatch, body }) {
      deps.seen.push(ifMatch, body);
      if (deps.fail) throw deps.fail;
      return {};
    },
  }),
  route('pokeThing', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: z.string() }) }),
    answer: z.object({ id: z.string() }),
    handle: async () => ({ body: { wrong: 'form' } }),
  }),
  route('growThing', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: z.string() }) }),
    answer: z.object({ text: z.string() }),
    async handle(deps) {
      deps.seen.push('grown');
      return { body: { text: 'x'.repeat(6_000_000) } };
    },
  }),
  route('readGrown', {
    request: EmptyRequest.extend({ params: z.strictObject({ id: z.string() }) }),
    answer: z.object({ text: z.string() }),
    handle: async () => ({ body: { text: 'x'.repeat(6_000_000) } }),
  }),
  list('listThings', {
    request: ListRequest.extend({ query: Paging.extend({ colour: z.string().optional() }) }),
    item: Thing,
    async handle(deps, { page, query }) {
      deps.seen.push(page, query);
      return deps.page ?? { items: [] };
    },
  }),
];

interface Asked {
  readonly body?: string;
  readonly base64?: boolean;
  readonly headers?: Record<string, string>;
  readonly tenantId?: string;
  readonly role?: string;
  /** All that the authorizer says. */
  readonly claims?: Record<string, string>;
  /** Until Lambda ends the function. */
  readonly remainingMs?: number;
}

function chainWith(parts: Partial<Deps> = {}) {
  const seen: unknown[] = [];
  const logged: unknown[] = [];
  const chain = httpChain(routes, {
    seen,
    ...parts,
    idempotencyKeys: { begin: async () => ({ state: 'started' }), finish: async () => {}, abandon: async () => {} },
    signingKey: async () => 'a key for tests',
    telemetry: { info: (...facts) => logged.push(facts), failure: (...facts) => logged.push(facts), count: () => {} },
  });
  const send = async (method: string, path: string, asked: Asked = {}) => {
    const [pathname = '', query = ''] = path.split('?', 2);
    // Frozen: nothing is hung on what AWS sends.
    const event = Object.freeze({
      rawPath: pathname,
      rawQueryString: query,
      headers: asked.headers ?? {},
      isBase64Encoded: asked.base64 ?? false,
      ...(asked.body !== undefined && { body: asked.body }),
      requestContext: {
        requestId: 'request-1',
        http: { method, path: pathname },
        authorizer: {
          lambda: asked.claims ?? { tenantId: asked.tenantId ?? 't1', caller: 'k1', role: asked.role ?? 'admin' },
        },
      },
    }) as unknown as HttpEvent;
    const { remainingMs } = asked;
    const context = remainingMs === undefined ? {} : { getRemainingTimeInMillis: () => remainingMs };
    const { statusCode, headers = {}, body } = await chain(event, context as Context);
    return { status: statusCode, headers, json: body === undefined ? undefined : JSON.parse(body) };
  };
  return { send, seen, logged };
}

test('an answer holds what its schema names, with the entity tag', async () => {
  const { status, headers, json } = await chainWith().send('GET', '/v1/things/a');
  expect({ status, json }).toEqual({ status: 200, json: { id: 'a', size: 1 } });
  expect(headers).toMatchObject({ etag: '"7"', 'content-type': 'application/json', 'cache-control': 'no-store' });
});

test('what is done is told as done, also where its answer does not fit', async () => {
  const { send, seen } = chainWith();
  const grown = await send('POST', '/v1/things/a/grow');
  expect(grown).toMatchObject({ status: 413, json: { type: 'too-large' } });
  expect(grown.json.detail).toMatch(/^What was asked for is done; only the answer is left out\. The answer would have/);
  expect(seen).toEqual(['grown']);
  expect((await send('GET', '/v1/things/a/grow')).json.detail).toMatch(/^The answer would have/);
});

test('a fixed path wins over a named one', async () => {
  expect((await chainWith().send('GET', '/v1/things/special')).json.size).toBe(0);
});

test('an unknown path is 404, a known one with another method 405 with what is allowed', async () => {
  const { send } = chainWith();
  expect((await send('GET', '/v1/nothing')).json).toMatchObject({
    type: 'not-found',
    status: 404,
    instance: 'request-1',
  });
  const refused = await send('DELETE', '/v1/things/a');
  expect(refused).toMatchObject({ status: 405, json: { type: 'method-not-allowed' }, headers: { allow: 'GET, PUT' } });
});

test('a path that no thing can have is 404', async () => {
  expect((await chainWith().send('GET', '/v1/things/far-too-long')).status).toBe(404);
});

test('every fault of query and body is named at once', async () => {
  const { send } = chainWith();
  const body = JSON.stringify({ size: 'big', colour: 'red' });
  const { status, json } = await send('PUT', '/v1/things/a?x=1', { body, headers: { 'if-match': '"1"' } });
  expect(status).toBe(400);
  expect(json.errors.map((fault: { path: string }) => fault.path)).toEqual(['query.x', 'size', 'name', 'colour']);
  const twice = await send('GET', '/v1/things?colour=a&colour=b');
  expect(twice.json.errors).toEqual([{ path: 'query.colour', message: 'Given more than once' }]);
});

test('a name that every object has is unknown like any other', async () => {
  for (const name of ['toString', '__proto__']) {
    const { status, json } = await chainWith().send('GET', `/v1/things?${name}=1`);
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { path: `query.${name}`, message: 'There is no such property; there are limit, cursor, colour' },
    ]);
  }
});

test('every fault of paging and filter is named at once', async () => {
  const { status, json } = await chainWith().send('GET', '/v1/things?limit=0&size=1&colour=a&colour=b');
  expect(status).toBe(400);
  expect(json).toMatchObject({ type: 'invalid', detail: 'The request has faults; each is listed.' });
  expect(json.errors).toEqual([
    { path: 'query.limit', message: 'Must be a whole number from 1 to 200' },
    { path: 'query.size', message: 'There is no such property; there are limit, cursor, colour' },
    { path: 'query.colour', message: 'Given more than once' },
  ]);
});

test('limits of lists are from 1 to 200', async () => {
  const { send, seen } = chainWith();
  for (const limit of ['0', '201', '-1', '1.5', 'many', '']) {
    expect((await send('GET', `/v1/things?limit=${limit}`)).status).toBe(400);
  }
  await send('GET', '/v1/things?limit=200');
  await send('GET', '/v1/things');
  expect(seen).toEqual([{ limit: 200 }, {}, { limit: 50 }, {}]);
});

test('a cursor works for its tenant, path and filter only', async () => {
  const { send, seen } = chainWith({ page: { items: [], cursor: 'inner cursor' } });
  const { json } = await send('GET', '/v1/things?colour=red');
  expect(json.nextCursor).not.toContain('inner');
  const at = (query: string, tenantId = 't1') => send('GET', `/v1/things?${query}`, { tenantId });
  expect((await at(`colour=red&limit=3&cursor=${json.nextCursor}`)).status).toBe(200);
  expect(seen.at(-2)).toEqual({ limit: 3, cursor: 'inner cursor' });
  const tampered = `A${json.nextCursor.slice(1)}`;
  for (const refused of [
    await at(`colour=red&cursor=${tampered}`),
    await at(`colour=red&cursor=`),
    await at(`colour=red&cursor=x.y.z`),
    await at(`colour=blue&cursor=${json.nextCursor}`),
    await at(`colour=red&cursor=${json.nextCursor}`, 't2'),
  ]) {
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: 'query.cursor' }] } });
  }
});

test('If-Match takes tags however they are written, and a foreign one matches nothing', async () => {
  const { send, seen } = chainWith();
  const body = JSON.stringify({ size: 1, name: 'x' });
  expect((await send('PUT', '/v1/things/a', { body })).json).toMatchObject({
    type: 'precondition-required',
    status: 428,
  });
  for (const tag of ['"12"', '*', 'W/"12"', '"abc"', '12', '"a,3,b", W/"4" , 5', 'W/', '"1']) {
    expect((await send('PUT', '/v1/things/a', { body, headers: { 'if-match': tag } })).status).toBe(204);
  }
  expect(seen.filter((one) => Array.isArray(one) || one === 'any')).toEqual([
    [12],
    'any',
    [12],
    [],
    [12],
    [4, 5],
    [],
    [1],
  ]);
});

test('whoever takes whatever there is and meets another change may try again; others read first', async () => {
  const body = JSON.stringify({ size: 1, name: 'x' });
  const { send } = chainWith({ fail: new SyncError('precondition', 'changed') });
  const any = await send('PUT', '/v1/things/a', { body, headers: { 'if-match': '*' } });
  expect(any).toMatchObject({ status: 409, json: { type: 'stale' } });
  const tagged = await send('PUT', '/v1/things/a', { body, headers: { 'if-match': '"1"' } });
  expect(tagged).toMatchObject({ status: 412, json: { type: 'precondition' } });
});

test('a body above a megabyte is 413, also when it comes in base64', async () => {
  const { send } = chainWith();
  const text = JSON.stringify({ name: 'x'.repeat(1_000_000) });
  expect((await send('PUT', '/v1/things/a', { body: text })).json).toMatchObject({ type: 'too-large', status: 413 });
  const body = Buffer.from(text).toString('base64');
  expect((await send('PUT', '/v1/things/a', { body, base64: true })).status).toBe(413);
});

test('a body in base64 is read', async () => {
  const { send, seen } = chainWith();
  const body = Buffer.from(JSON.stringify({ size: 1, name: 'é' })).toString('base64');
  await send('PUT', '/v1/things/a', { body, base64: true, headers: { 'if-match': '*' } });
  expect(seen).toContainEqual({ size: 1, name: 'é' });
});

test('a body that is no JSON, or nested too deep, is 400 and not quoted', async () => {
  const { send, logged } = chainWith();
  const broken = await send('PUT', '/v1/things/a', { body: '{"name": "hidden"' });
  expect(broken).toMatchObject({ status: 400, json: { detail: 'The body is not JSON.' } });
  const deep = `${'['.repeat(500_000)}`;
  expect((await send('PUT', '/v1/things/a', { body: deep })).json.detail).toContain('nested deeper');
  const brackets = JSON.stringify({ size: 1, name: '['.repeat(50) });
  expect((await send('PUT', '/v1/things/a', { body: brackets, headers: { 'if-match': '*' } })).status).toBe(204);
  expect(JSON.stringify(logged)).not.toContain('hidden');
});

test('a caller whom the authorizer could not name is nobody', async () => {
  for (const nobody of [{ tenantId: '' }, { role: '' }, { role: 'root' }]) {
    const { status, headers, json } = await chainWith().send('GET', '/v1/things/a', nobody);
    expect({ status, type: json.type }).toEqual({ status: 401, type: 'unauthenticated' });
    expect(headers['www-authenticate']).toBe('Bearer');
  }
});

test('a refused key is told why, as far as its holder may know', async () => {
  const details: string[] = [];
  for (const refusal of ['malformed', 'unknown', 'expired', 'other']) {
    const { status, json } = await chainWith().send('GET', '/v1/things/a', { claims: { refusal } });
    expect(status).toBe(401);
    details.push(json.detail);
  }
  expect(details).toEqual([
    expect.stringContaining('holds neither an API key nor a session'),
    'The API key is wrong, or was removed.',
    expect.stringContaining('has expired'),
    'An API key or a session is needed.',
  ]);
});

test('what the authorizer says counts in whatever case a gateway passes its names on', async () => {
  const spellings: Record<string, string>[] = [
    { tenantid: 't1', caller: 'k1', role: 'admin' },
    { TenantId: 't1', Caller: 'k1', Role: 'admin' },
  ];
  for (const claims of spellings) {
    expect((await chainWith().send('GET', '/v1/things/a', { claims })).status).toBe(200);
  }
});

test('a role that is not named is refused', async () => {
  const refused = await chainWith().send('GET', '/v1/things/a', { role: 'service' });
  expect(refused).toMatchObject({ status: 403, json: { type: 'forbidden' } });
});

const statusOf: Record<ErrorKind, number> = {
  transient: 503,
  throttled: 503,
  unauthorised: 422,
  misconfigured: 422,
  rejected: 422,
  stale: 409,
  missing: 404,
  'unknown-outcome': 503,
  defect: 500,
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  'precondition-required': 428,
  'too-large': 413,
  'too-many-requests': 429,
  'out-of-time': 504,
};

test.each(errorKinds)('a failure of kind %s has its status and its word', async (kind) => {
  const fail = new SyncError(kind, 'words of ours', { explanation: 'words of the vendor' });
  const { send } = chainWith({ fail });
  const { status, headers, json } = await send('GET', '/v1/things/a');
  expect({ status, type: json.type, explanation: json.explanation }).toEqual({
    status: statusOf[kind],
    type: kind,
    explanation: 'words of the vendor',
  });
  expect(headers['content-type']).toBe('application/problem+json');
  expect('retry-after' in headers).toBe(status === 503);
});

test('an unexpected failure says nothing of its cause', async () => {
  const { send, logged } = chainWith({ fail: new TypeError('password hunter2 in table secrets') });
  const { status, json } = await send('GET', '/v1/things/a');
  expect(status).toBe(500);
  expect(JSON.stringify([json, logged.map((facts) => JSON.stringify(facts))])).not.toContain('hunter2');
});

test('a request that is about to run out of time is answered before the function ends', async () => {
  const { send, logged } = chainWith({ gate: new Promise(() => {}) });
  const { status, json } = await send('GET', '/v1/things/a', { remainingMs: 505 });
  expect({ status, type: json.type }).toEqual({ status: 503, type: 'unknown-outcome' });
  expect(logged).toMatchObject([['request-failed', { kind: 'unknown-outcome' }, { tenantId: 't1', status: 503 }]]);
});

test('an answer without its form is a failure of ours', async () => {
  const { status, json } = await chainWith().send('POST', '/v1/things/a/poke');
  expect({ status, type: json.type }).toEqual({ status: 500, type: 'defect' });
});

test('every request leaves one line of ids, never a body', async () => {
  const { send, logged } = chainWith();
  await send('PUT', '/v1/things/a', { body: '{"size":1,"name":"private"}', headers: { 'if-match': '*' } });
  await send('GET', '/v1/nothing');
  await send('DELETE', '/v1/things');
  expect(logged).toEqual([
    [
      'request-answered',
      { requestId: 'request-1', route: 'PUT /v1/things/{id}', status: 204, tenantId: 't1', caller: 'k1' },
    ],
    ['request-refused', { requestId: 'request-1', route: 'none', status: 404, kind: 'not-found' }],
    ['request-answered', { requestId: 'request-1', route: 'none', status: 405 }],
  ]);
});
