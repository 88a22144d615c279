import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { apiClient } from '../../local/api-client.ts';

interface Answer {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

async function clientOf(answer: (request: IncomingMessage, body: string) => Answer) {
  const server = createServer(async (request, response) => {
    const { status = 200, body, headers } = answer(request, await text(request));
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return apiClient({ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'esk_1' });
}

test('the key goes along, and a body comes back', async () => {
  const api = await clientOf(({ headers, method, url }, body) => ({
    body: { authorization: headers.authorization, method, url, body: JSON.parse(body || 'null') },
  }));
  expect(await api.get('/v1/me', { q: 'a b' })).toEqual({
    ...{ authorization: 'Bearer esk_1', method: 'GET', url: '/v1/me?q=a+b', body: null },
  });
  expect(await api.post('/v1/x', { n: 1 })).toMatchObject({ method: 'POST', body: { n: 1 } });
});

test('a problem becomes one readable error', async () => {
  const problem = {
    ...{ type: 'rejected', title: 'Refused', status: 422, detail: 'The test failed.', explanation: 'No such user.' },
    errors: [{ path: 'config.user', message: 'Must be filled in' }],
  };
  const api = await clientOf(() => ({ status: 422, body: problem }));
  await expect(api.post('/v1/connections')).rejects.toMatchObject({
    message:
      'POST /v1/connections was answered with 422: The test failed. No such user. config.user: Must be filled in',
    status: 422,
    problem,
  });
});

test("the gateway's own answers and other texts are readable too", async () => {
  const forbidden = await clientOf(() => ({ status: 403, body: { message: 'Forbidden' } }));
  await expect(forbidden.get('/v1/me')).rejects.toThrow('GET /v1/me was answered with 403: Forbidden');
  const html = await clientOf(() => ({ status: 502, body: '<p>Bad gateway</p>' }));
  await expect(html.get('/v1/me')).rejects.toThrow('GET /v1/me was answered with 502: <p>Bad gateway</p>');
});

test('a list is read page by page', async () => {
  const api = await clientOf(({ url }) => ({
    body: url?.includes('cursor=next') ? { items: [3] } : { items: [1, 2], nextCursor: 'next' },
  }));
  expect(await api.all('/v1/links')).toEqual([1, 2, 3]);
});

test('a replacement is made on what was read', async () => {
  const api = await clientOf(({ method, headers }, body) =>
    method === 'GET'
      ? { body: { n: 1 }, headers: { etag: '"7"' } }
      : { body: { sent: JSON.parse(body), ifMatch: headers['if-match'] } },
  );
  const replaced = await api.replace<{ n: number }>('/v1/tenant', ({ n }) => ({ n: n + 1 }));
  expect(replaced).toEqual({ sent: { n: 2 }, ifMatch: '"7"' });
});
