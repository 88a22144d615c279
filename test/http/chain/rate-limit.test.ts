import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ratesStore } from '../../../functions/adapters/aws/dynamodb/set-up/rates.ts';
import { memoryTable } from '../../../functions/adapters/memory/memory-table.ts';
import { memoryTelemetry } from '../../../functions/adapters/memory/memory-telemetry.ts';
import { httpChain } from '../../../functions/http/chain/http-chain.ts';
import type { HttpEvent } from '../../../functions/http/chain/http-request.ts';
import type { Operation } from '../../../functions/http/registry.ts';
import { routeBuilder } from '../../../functions/http/route-builder.ts';
import { EmptyRequest } from '../../../functions/http/schemas/requests.ts';
import type { Table } from '../../../functions/ports/table.ts';

const operations = {
  read: { method: 'GET', path: '/v1/thing', roles: ['admin'] },
  health: { method: 'GET', path: '/v1/health', roles: 'public' },
  save: { method: 'POST', path: '/v1/thing', roles: ['admin'] },
} as const satisfies Record<string, Operation>;

const { route } = routeBuilder<{ handled: string[] }, keyof typeof operations>(operations);
const Done = z.object({ done: z.boolean() });
const done = (name: keyof typeof operations) =>
  route(name, {
    request: EmptyRequest,
    answer: Done,
    async handle(deps) {
      deps.handled.push(name);
      return { body: { done: true } };
    },
  });
const routes = [done('read'), done('health'), done('save')];

/** Two instances of the API on one table. */
function world(requests: { caller: number; tenant: number }) {
  const clock = { now: Date.UTC(2026, 10, 26, 8), nowMs: () => clock.now };
  const memory = memoryTable();
  let calls = 0;
  const table: Table = {
    ...memory,
    write: (write) => {
      calls += 1;
      return memory.write(write);
    },
  };
  const handled: string[] = [];
  const telemetry = memoryTelemetry();
  const limits = {
    requests,
    'interactive-runs': { caller: 1, tenant: 1 },
    'failed-sign-ins': { caller: 1, tenant: 1 },
  };
  const idempotent: string[] = [];
  const chains = [0, 1].map(() =>
    httpChain(routes, {
      handled,
      rates: ratesStore({ table, runtime: clock, telemetry, limits }),
      idempotencyKeys: {
        begin: async ({ key }) => {
          idempotent.push(key);
          return { state: 'started' };
        },
        finish: async () => {},
        abandon: async () => {},
      },
      signingKey: async () => 'a key for tests',
      telemetry,
    }),
  );
  const send = async (
    instance: number,
    operation: keyof typeof operations = 'read',
    caller = 'k1',
    tenantId = 't1',
  ) => {
    const { path, method } = operations[operation];
    const event = {
      rawPath: path,
      rawQueryString: '',
      headers: { 'idempotency-key': 'a' },
      isBase64Encoded: false,
      requestContext: {
        requestId: 'r1',
        http: { method, path },
        authorizer: { lambda: { tenantId, caller, role: 'admin' } },
      },
    } as unknown as HttpEvent;
    const answer = await chains[instance]?.(event, {} as Context);
    return { status: answer?.statusCode, headers: answer?.headers ?? {}, json: JSON.parse(answer?.body ?? '{}') };
  };
  return { clock, send, handled, idempotent, told: telemetry.told, calls: () => calls };
}

test('above its limit a caller is told when to come again, by two instances to a factor of two', async () => {
  const { clock, send, handled, told } = world({ caller: 20, tenant: 1_000 });
  const answers: Awaited<ReturnType<typeof send>>[] = [];
  for (let n = 0; n < 80; n += 1) answers.push(await send(n % 2));
  const through = answers.filter(({ status }) => status === 200).length;
  expect(through).toBeGreaterThanOrEqual(10);
  expect(through).toBeLessThanOrEqual(40);
  expect(handled).toHaveLength(through);
  const refused = await send(0);
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'retry-after': '60', 'content-type': 'application/problem+json' },
    json: {
      type: 'too-many-requests',
      status: 429,
      instance: 'r1',
      detail: 'This API key, or this user, has sent too many requests within a minute.',
    },
  });
  expect(told).toContainEqual({ kind: 'count', event: 'RequestsOverLimit', value: 1, ids: { of: 'caller' } });
  clock.now += 60_000;
  expect((await send(0)).status).toBe(200);
});

test('other callers and tenants go on; the keys of a tenant together have a limit of their own', async () => {
  const { send } = world({ caller: 20, tenant: 30 });
  for (let n = 0; n < 80; n += 1) await send(0);
  expect((await send(0)).status).toBe(429);
  expect((await send(0, 'read', 'k2')).status).toBe(200);
  expect((await send(0, 'read', 'k1', 't2')).status).toBe(200);
  for (let n = 0; n < 80; n += 1) await send(0, 'read', 'k2');
  const refused = await send(0, 'read', 'k3');
  expect(refused).toMatchObject({
    status: 429,
    json: { detail: 'The API keys and users of this tenant have together sent too many requests within a minute.' },
  });
  expect((await send(0, 'health', 'k3')).status).toBe(200);
});

test('a refused request costs no storage call, not for its Idempotency-Key either', async () => {
  const { send, calls, idempotent } = world({ caller: 20, tenant: 1_000 });
  for (let n = 0; n < 40; n += 1) await send(0);
  const before = calls();
  expect((await send(0, 'save')).status).toBe(429);
  expect(calls()).toBe(before);
  expect(idempotent).toEqual([]);
});
