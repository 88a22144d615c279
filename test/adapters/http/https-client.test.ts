import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ResolveName } from '../../../functions/adapters/http/checked-lookup.ts';
import { httpClient } from '../../../functions/adapters/http/http-client.ts';
import { ownClock } from './own-clock.ts';

/** Of `erp.example` alone, signed by itself, until 2126; made for this test and used nowhere else. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBoTCCAUegAwIBAgIUYIK7/6x9QtVuQflGsF0ABg04nUIwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZXJwLmV4YW1wbGUwIBcNMjYxMTI2MTU0OTE5WhgPMjEyNjEx
MDIxNTQ5MTlaMBYxFDASBgNVBAMMC2VycC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEkLnIJ0BCrAqpm2TPdXpPMI+vlEy/ppg5Rq9LDY4nT/wK+Onn
zAMpjnU78IA5iksulnwaRT592nMplnb79oVP+aNxMG8wHQYDVR0OBBYEFMeKi/lv
TrHzrd36HB/UjEZhRt6EMB8GA1UdIwQYMBaAFMeKi/lvTrHzrd36HB/UjEZhRt6E
MA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4ILZXJwLmV4YW1wbGWHBH8AAAEw
CgYIKoZIzj0EAwIDSAAwRQIgFi0tLsVM0OgVjdKmMMadSP7Afgkwtl2+zG+BkVdE
zvYCIQC4bDGscDmSwzT+yRZX33QVDW3viwgHVoEgOiaiUdFX4Q==
-----END CERTIFICATE-----`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxm0rLmIGEAp6f/I8
DGyREh56TMnKmRxOL+n7B3EZRuehRANCAASQucgnQEKsCqmbZM91ek8wj6+UTL+m
mDlGr0sNjidP/Ar46efMAymOdTvwgDmKSy6WfBpFPn3acymWdvv2hU/5
-----END PRIVATE KEY-----`;

const trusted = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...trusted, cert]));
afterAll(() => setDefaultCACertificates(trusted));

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(handle: RequestListener): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer({ cert, key }, handle);
  server.on('connection', () => {
    connections += 1;
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

/** Answers each question for the name with the next address, the last one again and again. */
function resolvingTo(...addresses: string[]): ResolveName {
  let asked = 0;
  return (_host, _options, done) => {
    const address = addresses[Math.min(asked, addresses.length - 1)] ?? '';
    asked += 1;
    done(null, [{ address, family: 4 }]);
  };
}

const onLoopback = { allowHttp: false, allowLoopback: true, privateRanges: [] };
const publicOnly = { allowHttp: false, allowLoopback: false, privateRanges: [] };

test('a connection is kept alive, and the server is checked to be who it is called', async () => {
  const { port, connections } = await listen((_request, response) => response.end('ok'));
  const client = httpClient({ rules: onLoopback, resolve: resolvingTo('127.0.0.1') });
  for (let call = 0; call < 10; call += 1) {
    expect((await client.send({ method: 'POST', url: `https://erp.example:${port}/a`, body: 'x' })).text).toBe('ok');
  }
  expect(connections()).toBeLessThanOrEqual(2);
  await expect(
    client.send({ method: 'POST', url: `https://other.example:${port}/a`, body: 'x' }),
  ).rejects.toMatchObject({ kind: 'transient', message: 'No connection (ERR_TLS_CERT_ALTNAME_INVALID).' });
});

test('a name that is rebound to an address that is not allowed reaches nobody', async () => {
  const { port, connections } = await listen((_request, response) => response.end('reached'));
  const url = `https://erp.example:${port}`;
  const inward = httpClient({ rules: publicOnly, resolve: resolvingTo('127.0.0.1') });
  await expect(inward.send({ method: 'GET', url })).rejects.toMatchObject({
    kind: 'misconfigured',
    message: 'The address is not allowed: not a public address.',
  });
  expect(connections()).toBe(0);
  const rebound = httpClient({ rules: onLoopback, resolve: resolvingTo('127.0.0.1', '10.0.0.5') });
  expect((await rebound.send({ method: 'GET', url, headers: { connection: 'close' } })).text).toBe('reached');
  await expect(rebound.send({ method: 'GET', url })).rejects.toMatchObject({ kind: 'misconfigured' });
  expect(connections()).toBe(1);
});

test('a deadline is transient until the handshake is done, and has an unknown outcome after it, on a kept connection too', async () => {
  let received: PromiseWithResolvers<void> | undefined;
  const { port } = await listen((_request, response) => {
    if (received) received.resolve();
    else response.end('ok');
  });
  const client = httpClient({ rules: onLoopback, resolve: resolvingTo('127.0.0.1') });
  const ask = () => client.send({ method: 'POST', url: `https://erp.example:${port}`, body: 'x', deadlineMs: 300 });
  const passTime = ownClock();
  const askInVain = async () => {
    received = Promise.withResolvers();
    const asked = ask();
    await received.promise;
    received = undefined;
    passTime(300);
    await expect(asked).rejects.toMatchObject({ kind: 'unknown-outcome' });
  };
  await askInVain();
  await ask();
  await askInVain();
});

test('a server whose certificate nobody signed is sent nothing', async () => {
  let calls = 0;
  const { port } = await listen((_request, response) => {
    calls += 1;
    response.end();
  });
  setDefaultCACertificates(trusted);
  const client = httpClient({ rules: onLoopback, resolve: resolvingTo('127.0.0.1') });
  await expect(client.send({ method: 'POST', url: `https://erp.example:${port}`, body: 'x' })).rejects.toMatchObject({
    kind: 'transient',
  });
  expect(calls).toBe(0);
  setDefaultCACertificates([...trusted, cert]);
});
