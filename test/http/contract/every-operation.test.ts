/** Every operation, called as docs/openapi.json says; the API in memory holds each answer to the document. */
import { expect, test } from 'vitest';
import { type OperationId, operations } from '../../../functions/http/registry.ts';
import { document, faultOf, type OperationObject, resolved } from './document.ts';
import { furnishedWorld } from './furnished-world.ts';
import { type GoodRequest, goodRequests } from './good-requests.ts';

const named = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
);

/** What is in the path and the query that the document does not know, or would not take. */
function faultsOfAddress(template: string, { parameters = [] }: OperationObject, path: string): string[] {
  const [pathname = '', query = ''] = path.split('?', 2);
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const values = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '(.+)')}$`).exec(pathname)?.slice(1) ?? [];
  const sent = new Map([
    ...names.map((name, at): [string, string] => [`path ${name}`, values[at] ?? '']),
    ...[...new URLSearchParams(query)].map(([name, value]): [string, string] => [`query ${name}`, value]),
  ]);
  const known = parameters.map(resolved);
  return [
    ...[...sent.keys()].filter((key) => !known.some((one) => `${one.in} ${one.name}` === key)),
    ...known.flatMap(({ in: place, name, required, schema }) => {
      const value = sent.get(`${place} ${name}`);
      if (place === 'header') return [];
      if (value === undefined) return required ? [`${name} is missing`] : [];
      return faultOf(schema, schema.type === 'integer' ? Number(value) : value) ?? [];
    }),
  ];
}

async function send(request: GoodRequest, world: Awaited<ReturnType<typeof furnishedWorld>>['world']) {
  const { method, path, body, ifMatch } = request;
  return ifMatch ? world.change(method, path, body) : world.send(method, path, { body });
}

const { things: sample } = await furnishedWorld();

test.each(Object.keys(goodRequests(sample)) as OperationId[])('%s answers as the document says', async (id) => {
  const { world, things } = await furnishedWorld();
  const request = goodRequests(things)[id];
  const found = named.find(({ operation }) => operation.operationId === id);
  if (!found) throw new Error(`docs/openapi.json has no ${id}`);
  expect(found.method).toBe(request.method);
  expect(faultsOfAddress(found.template, found.operation, request.path)).toEqual([]);
  const { status } = await send(request, world);
  expect(Object.keys(found.operation.responses).filter((known) => known.startsWith('2'))).toEqual([String(status)]);
});

test('every refusal that follows from the form of a request is as the document says', async () => {
  const { world, things } = await furnishedWorld();
  for (const [id, { method, path, body, ifMatch }] of Object.entries(goodRequests(things))) {
    const { operation } = named.find((one) => one.operation.operationId === id) ?? {};
    const isOpen = operation?.security.length === 0;
    const statusOf = async (sent: Parameters<typeof world.send>[2], query = '') =>
      (await world.send(method, `${path.split('?')[0]}${query}`, sent)).status;
    const headers: Record<string, string> = ifMatch ? { 'if-match': '"999"' } : {};
    expect([id, await statusOf({ body, headers }, '?unknown=1')]).toEqual([id, 400]);
    if (!isOpen) expect([id, await statusOf({ body, role: 'none' })]).toEqual([id, 401]);
    const forUsers = [...operations[id as OperationId].roles].includes('user');
    if (!isOpen && !forUsers) expect([id, await statusOf({ body, role: 'user' })]).toEqual([id, 403]);
    if (ifMatch) expect([id, await statusOf({ body })]).toEqual([id, 428]);
    if (ifMatch) expect([id, await statusOf({ body, headers })]).toEqual([id, 412]);
    if (['POST', 'PUT', 'PATCH'].includes(method)) {
      expect([id, await statusOf({ rawBody: `"${'x'.repeat(1_000_001)}"`, headers })]).toEqual([id, 413]);
    }
    if (method === 'POST') {
      const keyed = { 'idempotency-key': `key-of-${id}` };
      const first = await statusOf({ body, headers: keyed });
      const other = await statusOf({ rawBody: `${JSON.stringify(body ?? {})} `, headers: keyed });
      // A key is free again where the answer left something to do.
      const registered = operations[id as OperationId];
      const isOpenEnded = 'replay' in registered && registered.replay === 'until-done';
      if (first < 300) expect(isOpenEnded ? [first, 409] : [409], id).toContain(other);
    }
  }
});
