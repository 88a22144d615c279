import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { serveReference } from '../../local/reference/serve-reference.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The page before an API that notes what it is asked. */
async function reference(): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const api = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(202, { 'content-type': 'application/json', location: '/v1/sync-runs/r1' }).end('{"id":"r1"}');
  });
  await once(api.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void api.close());
  const { port } = api.address() as AddressInfo;
  const page = await serveReference({ port: 0, apiUrl: `http://127.0.0.1:${port}/base` });
  onTestFinished(() => page.stop());
  return { url: page.url, asked };
}

test('the page has no script or style but of its own, and every file that it names is there', async () => {
  const { url } = await reference();
  const page = await fetch(`${url}/`);
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("script-src 'self'; style-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const html = await page.text();
  expect(html).not.toMatch(/<script>|<style|style=|\bon\w+=|https?:/);
  const names = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const file = await fetch(`${url}${name}`);
    expect([name, file.status, file.headers.get('content-security-policy')]).toEqual([name, 200, policy]);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
});

test('a call goes to the API as it is, and comes back as it was answered', async () => {
  const { url, asked } = await reference();
  const headers = { authorization: 'Bearer esk_a_b_c', 'content-type': 'application/json', 'idempotency-key': 'k1' };
  const answer = await fetch(`${url}/v1/sync-runs?x=%2F`, { method: 'POST', headers, body: '{"kind":"sync"}' });
  expect([answer.status, answer.headers.get('location'), await answer.json()]).toEqual([
    202,
    '/v1/sync-runs/r1',
    { id: 'r1' },
  ]);
  expect(asked).toMatchObject([{ method: 'POST', url: '/base/v1/sync-runs?x=%2F', headers, body: '{"kind":"sync"}' }]);
});

test('nothing else is served, and nothing else reaches the API', async () => {
  const { url, asked } = await reference();
  for (const path of ['/index.html', '/swagger-ui-bundle.js.map', '/..%2fpackage.json', '/v2/x', '//127.0.0.1/v1/x']) {
    expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
  }
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(404);
  expect(asked).toEqual([]);
});

test('an API that is not there is a bad gateway', async () => {
  const page = await serveReference({ port: 0, apiUrl: 'http://127.0.0.1:1' });
  onTestFinished(() => page.stop());
  expect((await fetch(`${page.url}/v1/health`)).status).toBe(502);
});
