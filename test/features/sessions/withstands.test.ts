/** What somebody tries who is not let in: each is refused, told in the trail, and told nothing. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSecretOf } from '../../../functions/features/api-keys/api-key-text.ts';
import { type ApiWorld, publicUrl } from '../api-world.ts';
import { type Claims, claimPrefix, signedToken, vendorKeys, words } from './provider-double.ts';
import {
  begin,
  codeFor,
  comeBack,
  fragmentOf,
  newPage,
  sessionTrail,
  signIn,
  signInWorld,
  start,
} from './sign-in-steps.ts';

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The way back of a sign-in whose id_token is forged. */
async function backWith(world: ApiWorld, forge: (claims: Claims) => string) {
  world.provider.forge = forge;
  const { code, state } = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  return fragmentOf(await comeBack(world, { code, state }));
}

async function lastReason(world: ApiWorld): Promise<string> {
  const entry = (await sessionTrail(world)).at(-1);
  expect(entry.act).toBe('session.refused');
  return entry.changes.find(({ path }: { path: string }) => path === 'reason').new;
}

function withPublicKeyAsSecret(claims: Claims): string {
  const data = `${encoded({ typ: 'JWT', alg: 'HS256', x5t: 'thumb-1' })}.${encoded(claims)}`;
  const secret = vendorKeys().publicKey.export({ type: 'spki', format: 'pem' });
  return `${data}.${createHmac('sha256', secret).update(data).digest('base64url')}`;
}

const over = (changes: Claims) => (claims: Claims) => signedToken({ ...claims, ...changes });
const seconds = (claims: Claims, name: string) => Number(claims[name]);

test.each<[string, string, (claims: Claims) => string]>([
  ['of another nonce', 'nonce', over({ nonce: 'another' })],
  ['without a nonce', 'nonce', over({ nonce: undefined })],
  ['for another application', 'audience', over({ aud: 'app-2' })],
  ['for another application too', 'audience', over({ aud: ['app-1', 'app-2'] })],
  ['of another issuer', 'issuer', over({ iss: 'https://evil.example.com' })],
  ['of another tenant', 'tenant', over({ [`${claimPrefix}ctx`]: 'Cust22222' })],
  ['of no tenant', 'claims', over({ [`${claimPrefix}ctx`]: undefined })],
  ['of another user than the CRM says', 'user', over({ [`${claimPrefix}associateid`]: '10' })],
  ['that is not signed', 'algorithm', (claims) => `${encoded({ alg: 'none', x5t: 'thumb-1' })}.${encoded(claims)}.`],
  ['signed with the public key', 'algorithm', withPublicKeyAsSecret],
  [
    'changed after it was signed',
    'signature',
    (claims) => signedToken(claims).replace(/\.[^.]+\./, `.${encoded({ ...claims, sub: 'x' })}.`),
  ],
  ['by a key that is not published', 'key', (claims) => signedToken(claims, { x5t: 'thumb-2' })],
  ['by a key that it brings along', 'key', (claims) => signedToken(claims, { x5t: undefined, jwk: {} })],
  ['that ran out 61 s ago', 'expired', (claims) => signedToken({ ...claims, exp: seconds(claims, 'iat') - 61 })],
  [
    'that is not good for 61 s',
    'not valid yet',
    (claims) => signedToken({ ...claims, nbf: seconds(claims, 'iat') + 61 }),
  ],
  ['made in 61 s', 'not valid yet', (claims) => signedToken({ ...claims, iat: seconds(claims, 'iat') + 61 })],
])('an id_token %s is refused', async (_, reason, forge) => {
  const world = await signInWorld();
  expect(await backWith(world, forge)).toEqual({ signIn: 'refused' });
  expect(await lastReason(world)).toBe(`The id_token is refused: ${reason}.`);
});

test('clocks may be a minute apart, in both directions', async () => {
  const late = (claims: Claims) => signedToken({ ...claims, exp: seconds(claims, 'iat') - 59 });
  const early = (claims: Claims) => {
    const at = seconds(claims, 'iat') + 59;
    return signedToken({ ...claims, iat: at, nbf: at, exp: at + 300 });
  };
  const asText = (claims: Claims) => signedToken({ ...claims, iat: String(claims.iat), exp: String(claims.exp) });
  for (const forge of [late, early, asText]) {
    expect(await backWith(await signInWorld(), forge)).toEqual({ code: expect.any(String) });
  }
});

test('whoever makes up keys makes nobody read the published ones more than once a minute', async () => {
  const world = await signInWorld();
  await signIn(world, '5');
  for (let n = 0; n < 5; n += 1) await backWith(world, (claims) => signedToken(claims, { x5t: `made-up-${n}` }));
  const reads = () => world.provider.asked.filter(({ url }) => url.endsWith('/jwks')).length;
  expect(reads()).toBe(1);
  world.nowMs += 60_000;
  await backWith(world, (claims) => signedToken(claims, { x5t: 'made-up' }));
  expect(reads()).toBe(2);
});

test('a code of the provider is good once, and so is a state', async () => {
  const world = await signInWorld();
  const location = String((await start(world, newPage())).headers.location);
  const first = world.provider.signIn(location, '5');
  expect(fragmentOf(await comeBack(world, first))).toEqual({ code: expect.any(String) });
  expect(fragmentOf(await comeBack(world, first))).toEqual({ signIn: 'refused' });
  expect(await lastReason(world)).toBe('The identity provider refused the sign-in.');
  const second = world.provider.signIn(location, '10');
  expect(fragmentOf(await comeBack(world, second))).toEqual({ signIn: 'refused' });
  expect(await lastReason(world)).toBe('state was used');
});

test('a code of the provider that somebody else was given does not fit: its verifier is another', async () => {
  const world = await signInWorld();
  const [mine, theirs] = [await start(world, newPage()), await start(world, newPage())].map(({ headers }) =>
    world.provider.signIn(String(headers.location), '5'),
  );
  const mixed = await comeBack(world, { code: theirs?.code ?? '', state: mine?.state ?? '' });
  expect(fragmentOf(mixed)).toEqual({ signIn: 'refused' });
});

test('a state of another tenant leads to no session of this one', async () => {
  const world = await signInWorld();
  const location = String((await start(world, newPage(), { tenant: 'Cust22222' })).headers.location);
  const own = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  const state = new URL(location).searchParams.get('state') ?? '';
  expect(fragmentOf(await comeBack(world, { code: own.code, state }))).toEqual({ signIn: 'refused' });
});

test('a user who picks another tenant at the provider is refused', async () => {
  const world = await signInWorld();
  const location = String((await start(world, newPage())).headers.location);
  const back = world.provider.signIn(location, '5', 'Cust22222');
  expect(fragmentOf(await comeBack(world, back))).toEqual({ signIn: 'refused' });
  const idToken = world.provider.idToken('10', 'Cust22222');
  expect((await begin(world, { idToken, tenant: 'Cust11111' })).status).toBe(401);
  expect(await lastReason(world)).toBe('The id_token is refused: tenant.');
});

test('a state that was changed, made up or is too old leads nowhere', async () => {
  const world = await signInWorld();
  const { code, state } = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  const flipped = `${state.slice(0, 40)}${state[40] === 'A' ? 'B' : 'A'}${state.slice(41)}`;
  for (const wrong of [flipped, state.slice(0, -2), 'x', `${state}AAAA`]) {
    const answer = await comeBack(world, { code, state: wrong });
    expect(answer).toMatchObject({ status: 400, json: { type: 'invalid' } });
    expect(answer.headers.location).toBeUndefined();
  }
  world.nowMs += 10 * 60_000;
  expect(fragmentOf(await comeBack(world, { code, state }))).toEqual({ signIn: 'expired' });
});

test('a code for the page is good for 60 s, once, and with its verifier alone', async () => {
  const world = await signInWorld();
  const page = newPage();
  const code = await codeFor(world, page, '5');
  expect((await begin(world, { code, verifier: newPage().verifier })).status).toBe(401);
  expect((await begin(world, { code: `${code.slice(0, -3)}AAA`, verifier: page.verifier })).status).toBe(401);
  const both = await Promise.all([0, 1].map(() => begin(world, { code, verifier: page.verifier })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
  expect((await begin(world, { code, verifier: page.verifier })).status).toBe(401);
  const late = await codeFor(world, page, '5');
  world.nowMs += 60_000;
  expect((await begin(world, { code: late, verifier: page.verifier })).status).toBe(401);
  const inTime = await codeFor(world, page, '5');
  world.nowMs += 59_999;
  expect((await begin(world, { code: inTime, verifier: page.verifier })).status).toBe(201);
});

test('an id_token makes one session, however its signature is spelled', async () => {
  const world = await signInWorld();
  const idToken = world.provider.idToken('10', 'Cust11111');
  const shown = { idToken, tenant: 'Cust11111' };
  expect((await begin(world, shown)).status).toBe(201);
  expect((await begin(world, shown)).status).toBe(401);
  expect((await begin(world, { ...shown, idToken: `${idToken}=` })).status).toBe(401);
});

test('whatever session or code an attacker plants, whoever signs in gets a new one', async () => {
  const world = await signInWorld();
  const planted = await signIn(world, '10');
  const page = newPage();
  const code = await codeFor(world, page, '5');
  const headers = { authorization: `Bearer ${planted}`, cookie: `session=${planted}` };
  const begun = await begin(world, { code, verifier: page.verifier }, headers);
  expect(begun.json.session).not.toBe(planted);
  expect((await world.send('GET', '/v1/me', { bearer: planted })).json.user.id).toBe('10');
  // The attacker's own sign-in, brought to an end in the victim's browser, fits no page there.
  const attackers = await codeFor(world, newPage(), '10');
  expect((await begin(world, { code: attackers, verifier: page.verifier })).status).toBe(401);
});

test.each([
  'https://evil.example.com/',
  '//evil.example.com',
  '/\\evil.example.com',
  '\\\\evil.example.com',
  '/\tevil',
  'javascript:alert(1)',
  'evil.example.com',
  '/#code=esc_x',
  '/x/..//evil.example.com',
  '/v1/session/callback',
  '/x/../v1/me',
  '/@evil.example.com\n',
  '',
])('a sign-in that is to return to %j does not begin', async (returnTo) => {
  const world = await signInWorld();
  const answer = await start(world, newPage(), { returnTo });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ path: 'query.return' }] } });
});

test('where it returns to is our own address, whatever the request says of itself', async () => {
  const world = await signInWorld();
  const { challenge } = newPage();
  const evil = { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com', origin: 'https://evil.example.com' };
  const path = `/v1/session/start?tenant=Cust11111&challenge=${challenge}`;
  const answer = await world.send('GET', path, { role: 'none', headers: evil });
  const { searchParams } = new URL(String(answer.headers.location));
  expect(searchParams.get('redirect_uri')).toBe(`${publicUrl}/v1/session/callback`);
});

test('a tenant that there is not is answered like one that there is', async () => {
  const world = await signInWorld();
  const shapeOf = async (tenant: string) => {
    const answer = await start(world, newPage(), { tenant });
    const url = new URL(String(answer.headers.location));
    const names = [...url.searchParams.keys()];
    const calls = world.storageCalls;
    const state = url.searchParams.get('state') ?? '';
    const back = fragmentOf(await comeBack(world, { state, code: 'made-up' }));
    const wrong = { idToken: world.provider.idToken('5', tenant).slice(0, -9), tenant };
    const { status, json } = await begin(world, wrong);
    return { status: answer.status, path: url.pathname, names, calls, back, begun: { status, detail: json.detail } };
  };
  const known = await shapeOf('Cust11111');
  expect(known.calls).toBe(2);
  for (const tenant of ['Cust22222', 'Cust99999', 'nobody']) expect(await shapeOf(tenant)).toEqual(known);
  expect(await sessionTrail(world)).toHaveLength(2);
});

test('failures are limited for a tenant that there is not as for one that there is', async () => {
  const limitsOf = async (tenant: string, tenantId: string) => {
    const world = await signInWorld();
    world.limitFailures({ caller: 3, tenant: 100 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await begin(world, { idToken: 'a.b.c', tenant })).status);
    const location = String((await start(world, newPage(), { tenant })).headers.location);
    const state = new URL(location).searchParams.get('state') ?? '';
    const back = fragmentOf(await comeBack(world, { state, code: 'made-up' }));
    world.nowMs += 60_000;
    const wrong = { apiKey: `esk_${tenantId}_x_${'a'.repeat(43)}` };
    for (let n = 0; n < 4; n += 1) statuses.push((await begin(world, wrong)).status);
    return { statuses, back };
  };
  const known = await limitsOf('Cust11111', (await signInWorld()).tenantId);
  expect(known).toEqual({ statuses: [401, 401, 401, 429, 401, 401, 401, 429], back: { signIn: 'too-many' } });
  for (const tenant of ['Cust99999', 'nobody']) expect(await limitsOf(tenant, 'no-such-tenant')).toEqual(known);
});

test('a session is found by its secret alone, compared in constant time', async () => {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  for (let n = 0; n < 50; n += 1) {
    const guess = `${session.slice(0, -43)}${newPage().verifier}`;
    expect(await world.authorize(guess)).toEqual({ refusal: 'session-ended' });
  }
  expect(await world.authorize(session.replace(world.tenantId, world.otherTenantId))).toEqual({
    refusal: 'session-ended',
  });
  expect(await world.authorize(`${session}x`)).toEqual({ refusal: 'session-malformed' });
  expect(await world.authorize(session)).toMatchObject({ userid: '5' });
  expect(isSecretOf.toString()).toContain('timingSafeEqual');
});

test('what the provider or the CRM says is neither shown nor logged nor told in the trail', async () => {
  const world = await signInWorld();
  const seen: unknown[] = [];
  const session = await signIn(world, '5');
  const location = String((await start(world, newPage())).headers.location);
  const { state } = world.provider.signIn(location, '5');
  seen.push((await comeBack(world, { state, error: 'access_denied', error_description: words })).headers);
  seen.push((await comeBack(world, { state, code: 'made-up' })).headers);
  for (const status of [401, 403, 500]) {
    world.provider.principalStatus = status;
    const again = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
    seen.push((await comeBack(world, again)).headers);
  }
  world.provider.down = true;
  const last = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  const away = await comeBack(world, last);
  expect(fragmentOf(away)).toEqual({ signIn: 'unavailable' });
  world.nowMs += 9 * 60_000;
  await world.authorize(session);
  expect(JSON.stringify([seen, away, world.logged, await sessionTrail(world)])).not.toContain(words);
  expect(JSON.stringify([world.logged, await sessionTrail(world)])).not.toContain('client-secret');
});

test('a user whose name is longer than an item of the table signs in, by a name that the trail can tell', async () => {
  const world = await signInWorld();
  world.provider.users.set('10', { name: `${'é'.repeat(100_000)}`, groups: [1], isAdministrator: true });
  const bearer = await signIn(world, '10');
  expect((await world.send('GET', '/v1/me', { bearer })).json.user.name).toBe('é'.repeat(100));
  const body = { kind: 'tryton', name: 'Books', url: 'https://books.example.com' };
  expect((await world.send('POST', '/v1/connectors', { bearer, body })).status).toBe(201);
});

test('a user of more groups than can be kept or told signs in, is in as many of them as can be, and hears of the rest', async () => {
  const world = await signInWorld();
  const groups = Array.from({ length: 20_000 }, (_, at) => 1_000_000 + at);
  world.provider.users.set('5', { name: 'Tom Berg', groups: [2, 1e300, ...groups], isAdministrator: false });
  const bearer = await signIn(world, '5');
  const { user } = (await world.send('GET', '/v1/me', { bearer })).json;
  expect(user.groups.slice(0, 3)).toEqual(['2', '1e+300', '1000000']);
  expect([user.groups.length, user.groupsLeftOut]).toEqual([1_000, 19_002]);
  const page = newPage();
  const begun = await begin(world, { code: await codeFor(world, page, '5'), verifier: page.verifier });
  expect(begun.json.user).toMatchObject({ groupsLeftOut: 19_002 });
  world.provider.users.set('5', { name: 'Tom Berg', groups: [2], isAdministrator: false });
  const fewer = await signIn(world, '5');
  expect((await world.send('GET', '/v1/me', { bearer: fewer })).json.user).not.toHaveProperty('groupsLeftOut');
});

test('a refresh token that is too long to be kept is like none', async () => {
  const world = await signInWorld();
  world.provider.refreshTokenLength = 200_000;
  const page = newPage();
  const begun = await begin(world, { code: await codeFor(world, page, '5'), verifier: page.verifier });
  expect(begun.status).toBe(201);
  expect(Date.parse(begun.json.endsAt) - world.nowMs).toBeLessThanOrEqual(60 * 60_000);
});
