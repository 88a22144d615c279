import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { idempotencyKeysStore } from '../../../functions/adapters/aws/dynamodb/set-up/idempotency-keys.ts';
import { memoryTable } from '../../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../../functions/core/errors.ts';
import { httpChain } from '../../../functions/http/chain/http-chain.ts';
import type { HttpEvent } from '../../../functions/http/chain/http-request.ts';
import type { Operation } from '../../../functions/http/registry.ts';
import { routeBuilder } from '../../../functions/http/route-builder.ts';
import { EmptyRequest } from '../../../functions/http/schemas/requests.ts';

interface Deps {
  count: number;
  fail?: Error | undefined;
  gate?: Promise<void> | undefined;
}

const operations = {
  order: { method: 'POST', path: '/v1/orders', roles: ['admin'], status: 202 },
  ask: { method: 'POST', path: '/v1/questions', roles: ['admin'], replay: 'recompute' },
  goOn: { method: 'POST', path: '/v1/all', roles: ['admin'], replay: 'until-done' },
} as const satisfies Record<string, Operation>;

const { route } = routeBuilder<Deps, keyof typeof operations>(operations);
const Sized = EmptyRequest.extend({ body: z.strictObject({ size: z.number() }) });
const Counted = z.object({ count: z.number() });

async function counted(deps: Deps) {
  deps.count += 1;
  await deps.gate;
  if (deps.fail) throw deps.fail;
  return { body: { count: deps.count }, location: '/v1/there' };
}

const leftOver: readonly object[] = [
  { complete: false },
  { more: true },
  { refused: ['c1'], more: false },
  { connectors: [], connections: [{ outcome: 'made' }, { outcome: 'refused' }] },
  { complete: true, more: false, refused: [], connections: [{ outcome: 'made' }] },
];

const routes = [
  route('goOn', {
    request: Sized,
    answer: z.looseObject({ count: z.number() }),
    async handle(deps) {
      deps.count += 1;
      return { body: { ...leftOver[deps.count - 1], count: deps.count } };
    },
  }),
  route('order', { request: Sized, answer: Counted, handle: counted }),
  route('ask', { request: Sized, answer: Counted, handle: counted }),
];

function newChain() {
  const table = memoryTable();
  const clock = { nowMs: () => clock.now, now: Date.UTC(2026, 10, 23) };
  const deps: Deps = { count: 0 };
  const logged: unknown[] = [];
  const told: unknown[] = [];
  const chain = httpChain(
    routes,
    Object.assign(deps, {
      idempotencyKeys: idempotencyKeysStore({ table, runtime: clock }),
      signingKey: async () => 'a key for tests',
      telemetry: {
        info: (...facts: unknown[]) => told.push(facts),
        failure: (...facts: unknown[]) => logged.push(facts),
        count: () => {},
      },
    }),
  );
  const post = (path: string, size: number, key: string, caller = 'k1', tenantId = 't1') =>
    postText(path, JSON.stringify({ size }), key, caller, tenantId);
  const postText = async (path: string, body: string, key: string, caller = 'k1', tenantId = 't1') => {
    const event = {
      rawPath: path,
      rawQueryString: '',
      headers: { 'idempotency-key': key },
      isBase64Encoded: false,
      body,
      requestContext: {
        requestId: 'r1',
        http: { method: 'POST', path },
        authorizer: { lambda: { tenantId, caller, role: 'admin' } },
      },
    } as unknown as HttpEvent;
    const { statusCode, headers = {}, body: answer } = await chain(event, {} as Context);
    return { status: statusCode, headers, json: JSON.parse(answer ?? '{}') };
  };
  return { post, postText, deps, clock, table, logged, told };
}

test('the same key and body give the same answer, and the work is done once', async () => {
  const { post, deps, told } = newChain();
  const first = await post('/v1/orders', 1, 'a');
  const second = await post('/v1/orders', 1, 'a');
  expect(second).toMatchObject({ status: 202, json: first.json, headers: { location: '/v1/there' } });
  expect(second.headers['idempotent-replayed']).toBe('true');
  expect(deps.count).toBe(1);
  // Each leaves its line for operators, the replay too.
  expect(told).toEqual(Array(2).fill(['request-answered', expect.objectContaining({ status: 202 })]));
});

test('the same key with another body, path or caller is 409', async () => {
  const { post, deps } = newChain();
  await post('/v1/orders', 1, 'a');
  expect((await post('/v1/orders', 2, 'a')).status).toBe(409);
  expect((await post('/v1/questions', 1, 'a')).status).toBe(409);
  expect((await post('/v1/orders', 1, 'a', 'k2')).status).toBe(409);
  expect(deps.count).toBe(1);
});

test('keys of tenants do not meet', async () => {
  const { post, deps } = newChain();
  await post('/v1/orders', 1, 'a');
  expect((await post('/v1/orders', 1, 'a', 'k1', 't2')).status).toBe(202);
  expect(deps.count).toBe(2);
});

test('while the first is at work the second is told to come back', async () => {
  const { post, deps } = newChain();
  let open = () => {};
  deps.gate = new Promise((resolve) => {
    open = resolve;
  });
  const first = post('/v1/orders', 1, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  const second = await post('/v1/orders', 1, 'a');
  expect(second).toMatchObject({ status: 409, headers: { 'retry-after': '2' } });
  open();
  expect((await first).status).toBe(202);
  expect(deps.count).toBe(1);
});

test('a failure that changed nothing frees the key', async () => {
  const { post, deps } = newChain();
  deps.fail = new SyncError('rejected', 'no');
  expect((await post('/v1/orders', 1, 'a')).status).toBe(422);
  deps.fail = undefined;
  expect((await post('/v1/orders', 1, 'a')).status).toBe(202);
});

test.each([
  ['too large', 413, `{"size":1,"more":"${'x'.repeat(1_000_000)}"}`],
  ['no JSON', 400, '{"size":'],
  ['not what the operation takes', 400, '{"size":"one"}'],
])('a body that is %s leaves its key to the request as it should be', async (_, status, body) => {
  const { post, postText, deps, table } = newChain();
  expect((await postText('/v1/orders', body, 'a')).status).toBe(status);
  expect(await table.get({ pk: 't1#idempotency#a', sk: 'idempotency' })).toBeUndefined();
  expect((await post('/v1/orders', 1, 'a')).status).toBe(202);
  expect((await post('/v1/orders', 1, 'a')).headers['idempotent-replayed']).toBe('true');
  expect(deps.count).toBe(1);
});

test('after a failure whose end is unknown the key stays taken until its lease ends', async () => {
  const { post, deps, clock } = newChain();
  deps.fail = new TypeError('broken');
  expect((await post('/v1/orders', 1, 'a')).status).toBe(500);
  deps.fail = undefined;
  expect((await post('/v1/orders', 1, 'a')).status).toBe(409);
  clock.now += 61_000;
  expect((await post('/v1/orders', 1, 'a')).status).toBe(202);
});

test('answers are kept for a day', async () => {
  const { post, deps, clock } = newChain();
  await post('/v1/orders', 1, 'a');
  clock.now += 23 * 3_600_000;
  await post('/v1/orders', 1, 'a');
  expect(deps.count).toBe(1);
  clock.now += 2 * 3_600_000;
  expect((await post('/v1/orders', 2, 'a')).status).toBe(202);
});

test('a question asked again is answered anew, but not another one under its key', async () => {
  const { post, deps } = newChain();
  await post('/v1/questions', 1, 'a');
  expect((await post('/v1/questions', 1, 'a')).json).toEqual({ count: 2 });
  expect((await post('/v1/questions', 2, 'a')).status).toBe(409);
  expect(deps.count).toBe(2);
});

test('what goes on where it is sent again does so under its key, until its answer leaves nothing', async () => {
  const { post } = newChain();
  const counts: number[] = [];
  for (let time = 0; time < 7; time += 1) counts.push((await post('/v1/all', 1, 'a')).json.count);
  expect(counts).toEqual([1, 2, 3, 4, 5, 5, 5]);
  expect((await post('/v1/all', 2, 'a')).status).toBe(409);
});

test('the body is kept only as a keyed hash', async () => {
  const { post, table } = newChain();
  await post('/v1/orders', 987_654_321, 'a');
  const { items } = await table.query({ pk: 't1#idempotency#a' });
  expect(JSON.stringify(items)).not.toContain('987654321');
});

test('a key that is no key is refused', async () => {
  const { post } = newChain();
  const refused = await post('/v1/orders', 1, 'with spaces');
  expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: 'header.Idempotency-Key' }] } });
});
