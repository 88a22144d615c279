import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  findKey,
  keyIdOf,
  type SigningKey,
  ticketIn,
} from '../../../../../functions/adapters/crm/superoffice/session/verify-token.ts';

const prefix = 'http://schemes.superoffice.net/identity/';
const nowMs = Date.UTC(2026, 10, 1);
const expected = { clientId: 'app-1', crmContext: 'Cust12345', nowMs };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n, e } = publicKey.export({ format: 'jwk' });
const key: SigningKey = { kty: 'RSA', kid: 'thumb', n, e };

const goodClaims = {
  iss: 'SuperOffice AS',
  aud: 'spn:app-1',
  nbf: nowMs / 1000,
  exp: nowMs / 1000 + 300,
  [`${prefix}ctx`]: 'Cust12345',
  [`${prefix}ticket`]: '7T:abc',
};

function token(claims: object, header: object = { alg: 'RS256', x5t: 'thumb' }, signingKey = privateKey): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), signingKey).toString('base64url')}`;
}

async function refused(refusedToken: string, reason: string, by = key): Promise<void> {
  const attempt = ticketIn(refusedToken, by, expected);
  await expect(attempt).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(attempt).rejects.toThrow(`refused: ${reason}.`);
}

test('a good token yields its ticket', async () => {
  expect(await ticketIn(token(goodClaims), key, expected)).toBe('7T:abc');
  const claims = { ...goodClaims, aud: ['spn:app-1'], exp: String(goodClaims.exp), iat: String(goodClaims.nbf) };
  expect(await ticketIn(token(claims), key, expected)).toBe('7T:abc');
});

test("the tenant's serial number is an audience too", async () => {
  const claims = { ...goodClaims, aud: 'spn:4711', [`${prefix}serial`]: '4711' };
  expect(await ticketIn(token(claims), key, expected)).toBe('7T:abc');
});

test.each([
  ['issuer', { iss: 'https://online.superoffice.com' }],
  ['audience', { aud: 'spn:app-2' }],
  ['tenant', { [`${prefix}ctx`]: 'Cust99999' }],
  ['tenant', { [`${prefix}ctx`]: undefined }],
  ['expired', { exp: nowMs / 1000 - 61 }],
  ['not valid yet', { nbf: nowMs / 1000 + 61 }],
  ['no ticket', { [`${prefix}ticket`]: undefined }],
  ['claims', { exp: 'soon' }],
  ['claims', { exp: undefined }],
  ['claims', { aud: undefined }],
])('a token with a wrong %s is refused', async (reason, wrong) => {
  await refused(token({ ...goodClaims, ...wrong }), reason);
});

test('a clock that differs by less than a minute is forgiven', async () => {
  expect(await ticketIn(token({ ...goodClaims, exp: nowMs / 1000 - 59 }), key, expected)).toBe('7T:abc');
  expect(await ticketIn(token({ ...goodClaims, nbf: nowMs / 1000 + 59 }), key, expected)).toBe('7T:abc');
});

test('only RS256 by the known key is believed', async () => {
  await refused(token(goodClaims, undefined, stranger.privateKey), 'signature');
  const [head, body] = token(goodClaims, { alg: 'none' }).split('.');
  await refused(`${head}.${body}.`, 'algorithm');
  const hmacHead = Buffer.from(JSON.stringify({ alg: 'HS256', x5t: 'thumb' })).toString('base64url');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const forged = createHmac('sha256', pem).update(`${hmacHead}.${body}`).digest('base64url');
  await refused(`${hmacHead}.${body}.${forged}`, 'algorithm');
  const changed = Buffer.from(JSON.stringify({ ...goodClaims, extra: 1 })).toString('base64url');
  const [goodHead, , signature] = token(goodClaims).split('.');
  await refused(`${goodHead}.${changed}.${signature}`, 'signature');
  await refused('no token', 'not a token');
  await refused('', 'not a token');
  await refused(`${token(goodClaims)}.more`, 'not a token');
});

test('a key of another kind, or without its parts, is not believed', async () => {
  await refused(token(goodClaims), 'algorithm', { ...key, kty: 'EC' });
  await refused(token(goodClaims), 'signature', { kty: 'RSA', kid: 'thumb' });
  await refused(token(goodClaims), 'signature', { ...key, n: 'AQAB' });
});

test('a token that asks for what nobody here knows is refused', async () => {
  const header = { alg: 'RS256', x5t: 'thumb', crit: ['exp'], exp: 1 };
  await refused(token(goodClaims, header), 'signature');
});

test('a key is found by kid, else by x5t', () => {
  expect(keyIdOf(token(goodClaims))).toBe('thumb');
  expect(keyIdOf(token(goodClaims, { alg: 'RS256', kid: 'one', x5t: 'two' }))).toBe('one');
  expect(keyIdOf('no token')).toBeUndefined();
  expect(keyIdOf(token(goodClaims, { alg: 'RS256' }))).toBeUndefined();
  expect(findKey([key], 'thumb')).toBe(key);
  expect(findKey([key], 'another')).toBeUndefined();
  expect(findKey([key], undefined)).toBeUndefined();
});
