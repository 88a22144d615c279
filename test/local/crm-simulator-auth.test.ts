import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, type SignedInCrm, signedToken, startSignedIn } from './crm-simulator-client.ts';

let nowMs = Date.parse('2026-11-20T12:00:00Z');
let crm: SignedInCrm;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T12:00:00Z');
  crm = await startSignedIn({ nowMs: () => nowMs });
});
afterEach(() => crm.stop());

const authenticate = (changes: Record<string, string>) =>
  call(`${crm.url}/Login/api/PartnerSystemUser/Authenticate`, {
    method: 'POST',
    body: {
      SignedSystemToken: signedToken(
        crm.credentials.systemToken ?? '',
        crm.credentials.privateKeyPem ?? '',
        new Date(nowMs),
      ),
      ApplicationToken: crm.credentials.clientSecret,
      ContextIdentifier: crm.tenant,
      ReturnTokenType: 'JWT',
      ...changes,
    },
  });

test('a refused login answers 200 with IsSuccessful false', async () => {
  const hourAgo = signedToken(
    crm.credentials.systemToken ?? '',
    crm.credentials.privateKeyPem ?? '',
    new Date(nowMs - 3_600_000),
  );
  const wrong: Record<string, string>[] = [
    { ApplicationToken: 'wrong' },
    { ContextIdentifier: 'Cust99999' },
    { SignedSystemToken: 'x.202611201200.AAAA' },
    { SignedSystemToken: `${crm.credentials.systemToken}.202611201200.AAAA` },
    { SignedSystemToken: hourAgo },
  ];
  for (const changes of wrong) {
    const answer = await authenticate(changes);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ IsSuccessful: false, Token: null, ErrorMessage: expect.any(String) });
  }
});

test('the login token is signed by the JWKS key that its x5t names', async () => {
  const { Token: token } = (await authenticate({})).json as { Token: string };
  const [head = '', claims = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, string>;
  expect(header).not.toHaveProperty('kid');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'SuperOffice AS',
    aud: crm.credentials.tokenAudience,
    exp: nowMs / 1000 + 300,
    'http://schemes.superoffice.net/identity/ticket': expect.stringMatching(/^7T:/),
  });
  const { keys } = (await call(`${crm.url}/login/.well-known/jwks`)).json as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find(({ kid }) => kid === header.x5t);
  if (key === undefined) throw new Error('no key');
  const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  expect(verifier.verify(createPublicKey({ key, format: 'jwk' }), signature, 'base64url')).toBe(true);
});

test('a ticket needs the application token beside it', async () => {
  expect((await crm.api('v1/User/currentPrincipal')).json).toMatchObject({ AssociateId: 99, UserType: 'SystemUser' });
  expect((await crm.api('v1/User/currentPrincipal', { headers: { 'SO-AppToken': 'wrong' } })).status).toBe(401);
  expect((await call(`${crm.apiRoot}/v1/User/currentPrincipal`)).status).toBe(401);
});

test('a ticket lives 6 hours after its last use', async () => {
  const fiveHoursMs = 5 * 3_600_000;
  nowMs += fiveHoursMs;
  expect((await crm.api('v1/Contact/1')).status).toBe(200);
  nowMs += fiveHoursMs;
  expect((await crm.api('v1/Contact/1')).status).toBe(200);
  nowMs += 6 * 3_600_000 + 1;
  expect((await crm.api('v1/Contact/1')).status).toBe(401);
});

test('tickets can be made to expire now', async () => {
  await crm.control('/expire-tickets', { method: 'POST' });
  expect((await crm.api('v1/Contact/1')).json).toMatchObject({ Error: true, ErrorType: 'SoSessionException' });
});

test('the version needs no ticket', async () => {
  expect((await call(crm.apiRoot)).json).toMatchObject({ NetServerVersion: '11.4.0.0' });
});
