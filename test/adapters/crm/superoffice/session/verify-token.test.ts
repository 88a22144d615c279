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
const key = { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'thumb' } as SigningKey;

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

test('a good token yields its ticket', () => {
  expect(ticketIn(token(goodClaims), key, expected)).toBe('7T:abc');
  expect(ticketIn(token({ ...goodClaims, aud: ['spn:app-1'], exp: String(goodClaims.exp) }), key, expected)).toBe(
    '7T:abc',
  );
});

test("the tenant's serial number is an audience too", () => {
  const claims = { ...goodClaims, aud: 'spn:4711', [`${prefix}serial`]: '4711' };
  expect(ticketIn(token(claims), key, expected)).toBe('7T:abc');
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
])('a token with a wrong %s is refused', (reason, wrong) => {
  expect(() => ticketIn(token({ ...goodClaims, ...wrong }), key, expected)).toThrow(reason);
});

test('a clock that differs by less than a minute is forgiven', () => {
  expect(ticketIn(token({ ...goodClaims, exp: nowMs / 1000 - 59 }), key, expected)).toBe('7T:abc');
});

test('only RS256 by the known key is believed', () => {
  expect(() => ticketIn(token(goodClaims, undefined, stranger.privateKey), key, expected)).toThrow('signature');
  const [head, body] = token(goodClaims, { alg: 'none' }).split('.');
  expect(() => ticketIn(`${head}.${body}.`, key, expected)).toThrow('algorithm');
  const hmacHead = Buffer.from(JSON.stringify({ alg: 'HS256', x5t: 'thumb' })).toString('base64url');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const forged = createHmac('sha256', pem).update(`${hmacHead}.${body}`).digest('base64url');
  expect(() => ticketIn(`${hmacHead}.${body}.${forged}`, key, expected)).toThrow('algorithm');
  const changed = Buffer.from(JSON.stringify({ ...goodClaims, extra: 1 })).toString('base64url');
  const [goodHead, , signature] = token(goodClaims).split('.');
  expect(() => ticketIn(`${goodHead}.${changed}.${signature}`, key, expected)).toThrow('signature');
  expect(() => ticketIn('no token', key, expected)).toThrow('not a token');
});

test('a key is found by kid, else by x5t', () => {
  expect(keyIdOf(token(goodClaims))).toBe('thumb');
  expect(keyIdOf(token(goodClaims, { alg: 'RS256', kid: 'one', x5t: 'two' }))).toBe('one');
  expect(findKey([key], 'thumb')).toBe(key);
  expect(findKey([key], 'another')).toBeUndefined();
  expect(findKey([key], undefined)).toBeUndefined();
});
