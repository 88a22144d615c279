import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ResolveName } from '../../../functions/adapters/http/checked-lookup.ts';
import { httpClient } from '../../../functions/adapters/http/http-client.ts';
import { longestDeadlineMs } from '../../../functions/core/timing/lease.ts';
import { ownClock } from './own-clock.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(handle: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(handle);
  servers.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const resolveTo =
  (...addresses: string[]): ResolveName =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const local = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
const strictRules = { allowHttp: false, allowLoopback: false, privateRanges: [] };

test('method, headers and body arrive; any status is an answer', async () => {
  const { url } = await listen(async (request, response) => {
    const body = await bodyOf(request);
    response.writeHead(409, { 'X-Mixed-Case': 'kept' });
    response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
  });
  const answer = await local.send({
    method: 'PATCH',
    url: `${url}/a?b=c`,
    headers: { 'content-type': 'application/json' },
    body: '{"é":1}',
  });
  expect(answer).toMatchObject({ status: 409, text: 'PATCH /a?b=c application/json {"é":1}' });
  expect(answer.headers['x-mixed-case']).toBe('kept');
});

test('connections are kept alive', async () => {
  let connections = 0;
  const { url, server } = await listen((_request, response) => response.end('ok'));
  server.on('connection', () => {
    connections += 1;
  });
  for (let call = 0; call < 20; call += 1) await local.send({ method: 'GET', url });
  expect(connections).toBeLessThanOrEqual(2);
});

test('a redirect is not followed', async () => {
  let calls = 0;
  const { url } = await listen((_request, response) => {
    calls += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect((await local.send({ method: 'GET', url })).status).toBe(302);
  expect(calls).toBe(1);
});

test('a refused connection is transient: certainly nothing was sent', async () => {
  const { url, server } = await listen(() => undefined);
  await new Promise((done) => server.close(done));
  await expect(local.send({ method: 'POST', url, body: 'x' })).rejects.toMatchObject({ kind: 'transient' });
});

test('a name without an address is transient', async () => {
  const client = httpClient({
    rules: strictRules,
    resolve: (_host, _options, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
  });
  await expect(client.send({ method: 'GET', url: 'https://nowhere.example' })).rejects.toMatchObject({
    kind: 'transient',
    message: 'No connection (ENOTFOUND).',
  });
});

test('a deadline after sending has an unknown outcome', async () => {
  const received = Promise.withResolvers<void>();
  const { url } = await listen(() => received.resolve());
  const passTime = ownClock();
  const asked = local.send({ method: 'POST', url, body: 'x', deadlineMs: 50 });
  await received.promise;
  passTime(50);
  await expect(asked).rejects.toMatchObject({ kind: 'unknown-outcome' });
});

test('a deadline that would outlast a lease is a defect of the adapter that asks for it, and nothing is sent', async () => {
  let calls = 0;
  const { url } = await listen((_request, response) => {
    calls += 1;
    response.end('ok');
  });
  const asking = (deadlineMs: number) => local.send({ method: 'POST', url, body: 'x', deadlineMs });
  await expect(asking(longestDeadlineMs + 1)).rejects.toMatchObject({ kind: 'defect' });
  expect(calls).toBe(0);
  expect((await asking(longestDeadlineMs)).text).toBe('ok');
});

test('a deadline before the connection stands is transient', async () => {
  const client = httpClient({ rules: strictRules, resolve: () => undefined });
  await expect(
    client.send({ method: 'POST', url: 'https://slow.example', body: 'x', deadlineMs: 50 }),
  ).rejects.toMatchObject({ kind: 'transient' });
});

test('a reset after sending has an unknown outcome', async () => {
  const { url } = await listen((request) => request.socket.destroy());
  await expect(local.send({ method: 'POST', url, body: 'x' })).rejects.toMatchObject({ kind: 'unknown-outcome' });
});

test('an answer cut off halfway has an unknown outcome', async () => {
  const { url } = await listen((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(local.send({ method: 'GET', url })).rejects.toMatchObject({ kind: 'unknown-outcome' });
});

/** A server that answers every connection's first bytes with these, and then ends it. */
async function saying(answer: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer that ends with its connection is whole, and a header that came twice is one text', async () => {
  const url = await saying('HTTP/1.1 200 OK\r\nConnection: close\r\nVary: one\r\nVary: two\r\n\r\nall of it');
  const answer = await local.send({ method: 'GET', url });
  expect(answer).toMatchObject({ status: 200, text: 'all of it' });
  expect(answer.headers.vary).toBe('one, two');
});

test.each([
  ['no HTTP', 'what?'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n'],
  ['nothing', ''],
])('an answer that is %s has an unknown outcome', async (_what, answer) => {
  const url = await saying(answer);
  await expect(local.send({ method: 'POST', url, body: 'x' })).rejects.toMatchObject({ kind: 'unknown-outcome' });
});

test('a body is sent whole with its length, whatever the method', async () => {
  const { url } = await listen(async (request, response) => {
    response.end(`${request.headers['content-length']} ${await bodyOf(request)}`);
  });
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    expect((await local.send({ method, url, body: 'é' })).text).toBe('2 é');
  }
});

test('a connection that the server said it closes is not used again', async () => {
  const { url, server } = await listen((_request, response) => response.end('ok'));
  server.keepAliveTimeout = 1000;
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  for (let call = 0; call < 3; call += 1)
    expect((await local.send({ method: 'POST', url, body: 'x' })).text).toBe('ok');
  expect(connections).toBe(3);
});

test('a broken TLS handshake is transient: certainly nothing was sent', async () => {
  const server = createTcpServer((socket) => socket.destroy());
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(local.send({ method: 'POST', url, body: 'x' })).rejects.toMatchObject({ kind: 'transient' });
});

test('an answer above the limit is refused, announced or not', async () => {
  const { url } = await listen((request, response) => {
    if (request.url === '/announced') response.setHeader('content-length', '2000');
    response.end('x'.repeat(2000));
  });
  for (const path of ['/announced', '/streamed']) {
    await expect(local.send({ method: 'GET', url: url + path, maxBytes: 1999 })).rejects.toMatchObject({
      kind: 'too-large',
    });
  }
  expect((await local.send({ method: 'GET', url, maxBytes: 2000 })).text).toHaveLength(2000);
});

test('loopback and plain http are refused without a stage setting, and nothing is sent', async () => {
  let calls = 0;
  const { url } = await listen((_request, response) => {
    calls += 1;
    response.end();
  });
  const strict = httpClient({ rules: strictRules });
  await expect(strict.send({ method: 'GET', url })).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(strict.send({ method: 'GET', url: url.replace('http:', 'https:') })).rejects.toMatchObject({
    kind: 'misconfigured',
  });
  expect(calls).toBe(0);
});

test('a name that resolves to a private address is refused; of several addresses only allowed ones are used', async () => {
  const { url } = await listen((_request, response) => response.end('reached'));
  const port = new URL(url).port;
  const rules = { allowHttp: true, allowLoopback: true, privateRanges: [] };
  const inward = httpClient({ rules, resolve: resolveTo('10.0.0.5', '169.254.169.254') });
  await expect(inward.send({ method: 'GET', url: `http://erp.example:${port}` })).rejects.toMatchObject({
    kind: 'misconfigured',
  });
  const mixed = httpClient({ rules, resolve: resolveTo('10.0.0.5', '127.0.0.1') });
  expect((await mixed.send({ method: 'GET', url: `http://erp.example:${port}` })).text).toBe('reached');
});

test('a text that is no URL, credentials in it, and a header with a line break are misconfigured', async () => {
  const { url } = await listen((_request, response) => response.end());
  const kind = { kind: 'misconfigured' };
  await expect(local.send({ method: 'GET', url: 'erp' })).rejects.toMatchObject(kind);
  await expect(local.send({ method: 'GET', url: url.replace('//', '//user:word@') })).rejects.toMatchObject(kind);
  await expect(local.send({ method: 'GET', url, headers: { token: 'a\r\nb: c' } })).rejects.toMatchObject(kind);
});
