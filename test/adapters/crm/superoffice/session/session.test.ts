import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { superOffice } from '../../../../../functions/adapters/crm/superoffice/superoffice.ts';
import { httpClient } from '../../../../../functions/adapters/http/http-client.ts';
import { type CrmFixture, crmFixture } from '../superoffice-fixture.ts';

let crm: CrmFixture;
beforeAll(async () => {
  crm = await crmFixture();
  await crm.control('POST', '/records/company', { id: 1, name: 'Acme BV' });
});
afterAll(() => crm.stop());
beforeEach(async () => {
  await crm.faults({});
  await crm.control('POST', '/calls/reset');
});

const oneCompany = (key = '1') => ['company', [key], ['name']] as const;

test('many calls at once share one state call and one sign-in', async () => {
  const system = crm.connect();
  await Promise.all(Array.from({ length: 8 }, () => system.get(...oneCompany())));
  expect(await crm.calls()).toMatchObject({ state: 1, auth: 1, jwks: 1, list: 8, principal: 1 });
  expect(system.callCount()).toBe(12);
});

test('an expired ticket is renewed once and the call repeated', async () => {
  const system = crm.connect();
  await system.get(...oneCompany());
  await crm.control('POST', '/expire-tickets');
  await crm.control('POST', '/calls/reset');
  const reads = await Promise.all([system.get(...oneCompany()), system.get(...oneCompany())]);
  expect(reads.map((read) => read.records.length)).toEqual([1, 1]);
  expect(await crm.calls()).toMatchObject({ auth: 1, jwks: 0, state: 0 });
});

test('a ticket refused again after a sign-in is unauthorised', async () => {
  const system = crm.connect();
  await crm.faults({ rules: [{ kind: 'list', action: '401', times: 2 }] });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({ kind: 'unauthorised' });
  expect(await crm.calls()).toMatchObject({ auth: 2 });
});

test('a refused sign-in is told with the vendor’s words and not tried again', async () => {
  const system = crm.connect({ clientSecret: 'wrong' });
  const failure = { kind: 'unauthorised', explanation: 'Invalid application token.' };
  await expect(system.get(...oneCompany())).rejects.toMatchObject(failure);
  await expect(system.get(...oneCompany())).rejects.toMatchObject(failure);
  await expect(system.update('company', [], [])).rejects.toMatchObject(failure);
  expect(await crm.calls()).toMatchObject({ auth: 1 });
});

test('a token for another application is refused', async () => {
  const system = crm.connect({ clientId: 'another' });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('audience'),
  });
});

test('a signing key that is published late is waited for, and asked for again by the next call', async () => {
  const http = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
  let published = false;
  const { clientId, contextIdentifier: crmContext, privateKeyPem: privateKey, ...secrets } = crm.credentials;
  const system = superOffice({
    http: {
      send: async (request) =>
        request.url.endsWith('/jwks') && !published
          ? { status: 200, headers: {}, text: '{"keys": []}' }
          : http.send(request),
    },
    runtime: crm.runtime,
    settings: { address: crm.url, clientId, crmContext },
    secrets: { ...secrets, privateKey },
  });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({ kind: 'transient' });
  published = true;
  expect((await system.get(...oneCompany())).records).toHaveLength(1);
});

test('an unknown tenant and a key that is none are misconfigured', async () => {
  const kind = { kind: 'misconfigured' };
  await expect(crm.connect({ contextIdentifier: 'Cust0' }).get(...oneCompany())).rejects.toMatchObject(kind);
  await expect(crm.connect({ privateKeyPem: 'none' }).get(...oneCompany())).rejects.toMatchObject(kind);
});

test("the private key is taken as the portal's XML too", async () => {
  const jwk = createPrivateKey(crm.credentials.privateKeyPem).export({ format: 'jwk' });
  const part = (name: string, value: string | undefined) =>
    `<${name}>${Buffer.from(value ?? '', 'base64url').toString('base64')}</${name}>`;
  const xml = `<RSAKeyValue>${part('Modulus', jwk.n)}${part('Exponent', jwk.e)}${part('P', jwk.p)}${part('Q', jwk.q)}${part('DP', jwk.dp)}${part('DQ', jwk.dq)}${part('InverseQ', jwk.qi)}${part('D', jwk.d)}</RSAKeyValue>`;
  const read = await crm.connect({ privateKeyPem: xml }).get(...oneCompany());
  expect(read.records).toHaveLength(1);
});

test('a tenant that moved is found again, in reads and in writes', async () => {
  const system = crm.connect();
  const { records } = await system.get(...oneCompany());
  await crm.control('POST', '/move-host');
  expect((await system.get(...oneCompany())).records).toHaveLength(1);
  await crm.control('POST', '/move-host');
  const version = records[0]?.version ?? '';
  const change = { key: '1', version, values: { department: 'Moved' }, replaces: { department: null } };
  expect(await system.update('company', [change], [])).toMatchObject([{ outcome: 'ok' }]);
});

test('the state is asked again when it is no longer valid, not before', async () => {
  await crm.faults({ stateValidSeconds: 120 });
  const system = crm.connect();
  await system.get(...oneCompany());
  crm.letTimePass(60_000);
  await system.get(...oneCompany());
  expect(await crm.calls()).toMatchObject({ state: 1 });
  crm.letTimePass(61_000);
  await system.get(...oneCompany());
  expect(await crm.calls()).toMatchObject({ state: 2, auth: 1 });
});

test.each([
  ['OfflineMaintenance', 'transient'],
  ['MigrationPending', 'transient'],
  ['Suspended', 'misconfigured'],
  ['Deleted', 'misconfigured'],
])('a tenant in state %s is %s, and no API call is made', async (tenantState, kind) => {
  await crm.faults({ tenantState, stateValidSeconds: 300 });
  await expect(crm.connect().get(...oneCompany())).rejects.toMatchObject({
    kind,
    retryAfterMs: expect.closeTo(300_000, -4),
  });
  expect(await crm.calls()).toMatchObject({ auth: 0, list: 0 });
});

test('a tenant that stops is noticed at the call after the first refused one', async () => {
  const system = crm.connect();
  await system.get(...oneCompany());
  await crm.faults({ tenantState: 'Suspended' });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({ kind: 'transient' });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({ kind: 'misconfigured' });
});

test.each([
  ['429', { kind: 'throttled', retryAfterMs: 7_000 }],
  ['500', { kind: 'transient' }],
  ['502', { kind: 'transient' }],
  ['503', { kind: 'transient' }],
  ['html', { kind: 'transient' }],
  ['reset-after', { kind: 'transient' }],
  ['reset-before', { kind: 'transient' }],
])('a read that meets %s is repeatable', async (action, failure) => {
  const system = crm.connect();
  await crm.faults({ rules: [{ kind: 'list', action, retryAfterSeconds: 7 }] });
  await expect(system.get(...oneCompany())).rejects.toMatchObject(failure);
  expect((await system.get(...oneCompany())).records).toHaveLength(1);
});

test.each([-3600, 300, 26 * 3600])(
  'a CRM whose clock is %i s off refuses nobody for good: the sign-in works once it is put right',
  async (clockOffsetSeconds) => {
    const system = crm.connect();
    await crm.faults({ clockOffsetSeconds });
    await expect(system.get(...oneCompany())).rejects.toMatchObject({
      kind: 'transient',
      explanation: expect.stringContaining(`${Math.abs(clockOffsetSeconds) / 60} minutes apart`),
    });
    await crm.faults({});
    expect((await system.get(...oneCompany())).records).toHaveLength(1);
  },
);

test('a CRM whose clock is some minutes slow, and that takes our sign-in, is worked with', async () => {
  const system = crm.connect();
  await crm.faults({ clockOffsetSeconds: -240 });
  expect((await system.get(...oneCompany())).records).toHaveLength(1);
});

test('a failed sign-in call does not stick', async () => {
  const system = crm.connect();
  await crm.faults({ rules: [{ kind: 'auth', action: '502' }] });
  await expect(system.get(...oneCompany())).rejects.toMatchObject({ kind: 'transient' });
  expect((await system.get(...oneCompany())).records).toHaveLength(1);
});
