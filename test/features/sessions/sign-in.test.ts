/** Signing in as a page does it, and what is shown, stored and told of it. */
import { expect, test } from 'vitest';
import { callerAddress, publicUrl } from '../api-world.ts';
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

test('a sign-in begins at the CRM with tenant, state, nonce and a challenge of our own', async () => {
  const world = await signInWorld();
  const page = newPage();
  const answer = await start(world, page, { returnTo: '/erp-tab?lang=nl' });
  expect(answer.status).toBe(302);
  const { origin, pathname, searchParams } = new URL(String(answer.headers.location));
  expect(`${origin}${pathname}`).toBe('https://online.example.com/login/common/oauth/authorize');
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'app-1',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${publicUrl}/v1/session/callback`,
    state: expect.any(String),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    acr_values: 'tenant:Cust11111',
  });
  expect(searchParams.get('code_challenge')).not.toBe(page.challenge);
  expect(world.provider.asked).toEqual([]);
});

test('two sign-ins have nothing in common, and a state shows nothing of what it holds', async () => {
  const world = await signInWorld();
  const page = newPage();
  const [one, other] = await Promise.all([start(world, page), start(world, page)]);
  const partsOf = ({ headers }: typeof one) => new URL(String(headers.location)).searchParams;
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(partsOf(one).get(name)).not.toBe(partsOf(other).get(name));
  }
  const state = Buffer.from(partsOf(one).get('state') ?? '', 'base64url').toString('latin1');
  for (const held of [world.tenantId, page.challenge, partsOf(one).get('nonce') ?? ''])
    expect(state).not.toContain(held);
});

test('what else a provider sends with its answer is passed over, and its refusal is one', async () => {
  const world = await signInWorld();
  const { code, state } = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  const more = { scope: 'openid', session_state: '', iss: 'https://online.example.com', client_info: 'x' };
  expect(fragmentOf(await comeBack(world, { code, state, ...more }))).toMatchObject({ code: expect.any(String) });
  const other = world.provider.signIn(String((await start(world, newPage())).headers.location), '5');
  const refusal = { error: 'access_denied', error_description: 'No', error_subcode: 'cancel' };
  expect(fragmentOf(await comeBack(world, { state: other.state, ...refusal }))).toEqual({ signIn: 'refused' });
});

test('a CRM administrator becomes an admin and everybody else a user, with name and groups', async () => {
  const world = await signInWorld();
  const me = async (userId: string) => {
    const bearer = await signIn(world, userId);
    return (await world.send('GET', '/v1/me', { bearer })).json;
  };
  expect(await me('10')).toEqual({
    caller: { kind: 'user', id: '10' },
    tenant: { id: world.tenantId, crmContext: 'Cust11111' },
    roles: ['admin'],
    user: { id: '10', name: 'Anna Lund', groups: ['1'] },
    erpTab: { visible: true },
  });
  expect(await me('5')).toMatchObject({ roles: ['user'], user: { id: '5', name: 'Tom Berg', groups: ['2', '7'] } });
});

test('the page gets a code in the fragment and makes it a session with its verifier', async () => {
  const world = await signInWorld();
  const page = newPage();
  const location = String((await start(world, page, { returnTo: '/erp-tab?crmId=7&lang=nl' })).headers.location);
  const { code, state } = world.provider.signIn(location, '5');
  const back = await comeBack(world, { code, state, session_state: 'of the provider' });
  expect(back.status).toBe(302);
  expect(String(back.headers.location)).toMatch(
    new RegExp(`^${publicUrl}/erp-tab\\?crmId=7&lang=nl#code=esc_${world.tenantId}_\\w+_[\\w-]{43}$`),
  );
  const begun = await begin(world, { code: fragmentOf(back).code, verifier: page.verifier });
  expect(begun).toMatchObject({ status: 201, json: { roles: ['user'], user: { id: '5' } } });
  expect(begun.json.session).toMatch(new RegExp(`^ess_${world.tenantId}_\\w+_[\\w-]{43}$`));
  expect(begun.headers['cache-control']).toBe('no-store');
});

test('a user sets nothing up, and signs out; an administrator may what an admin key may', async () => {
  const world = await signInWorld();
  const [user, admin] = [await signIn(world, '5'), await signIn(world, '10')];
  for (const path of ['/v1/tenant', '/v1/connectors', '/v1/engine', '/v1/sync-runs', '/v1/crm/users', '/v1/audit']) {
    expect([path, (await world.send('GET', path, { bearer: user })).status]).toEqual([path, 403]);
    expect([path, (await world.send('GET', path, { bearer: admin })).status]).toEqual([path, 200]);
  }
  expect((await world.send('GET', '/v1/me', { bearer: user })).status).toBe(200);
  expect((await world.send('DELETE', '/v1/session', { bearer: user })).status).toBe(204);
  expect((await world.send('GET', '/v1/me', { bearer: user })).status).toBe(401);
});

test('sign-ins, refused ones and sign-outs stand in the trail with who, from where and how', async () => {
  const world = await signInWorld();
  const page = newPage();
  const code = await codeFor(world, page, '5');
  await begin(world, { code, verifier: newPage().verifier });
  const begun = await begin(world, { code, verifier: page.verifier });
  await world.send('DELETE', '/v1/session', { bearer: begun.json.session });
  const tom = { kind: 'user', id: '5', name: 'Tom Berg' };
  const [refused, started, ended, ...more] = await sessionTrail(world);
  expect(refused).toMatchObject({ act: 'session.refused', by: { kind: 'user' }, from: callerAddress });
  expect(refused.subject).toEqual({ kind: 'tenant', id: world.tenantId });
  expect(refused.changes).toEqual([
    { path: 'reason', new: 'code is of another page' },
    { path: 'way', new: 'code' },
  ]);
  expect(started).toMatchObject({ act: 'session.start', by: tom, from: callerAddress, subject: { kind: 'session' } });
  expect(started.changes).toContainEqual({ path: 'role', new: 'user' });
  expect(ended).toMatchObject({ act: 'session.end', by: tom, from: callerAddress, subject: started.subject });
  expect(more).toEqual([]);
});

test('what a user of the CRM does is told by name in the trail and by id in the log', async () => {
  const world = await signInWorld();
  const bearer = await signIn(world, '10');
  const body = { name: 'Scripts', role: 'service' };
  const key = await world.send('POST', '/v1/api-keys', { bearer, body });
  const { items } = (await world.send('GET', `/v1/audit?subject=api-key&id=${key.json.id}`)).json;
  expect(items[0]).toMatchObject({ act: 'api-key.issue', by: { kind: 'user', id: '10', name: 'Anna Lund' } });
  expect(world.logged.some((line) => JSON.stringify(line).includes('"caller":"user:10"'))).toBe(true);
  expect(JSON.stringify(world.logged)).not.toContain('Anna');
});

test('an API key is exchanged for a session of its role, which is no key', async () => {
  const world = await signInWorld();
  const { key } = (await world.send('POST', '/v1/api-keys', { body: { name: 'CRM', role: 'service' } })).json;
  const begun = await begin(world, { apiKey: key });
  expect(begun).toMatchObject({ status: 201, json: { roles: ['service'] } });
  const bearer = begun.json.session;
  const me = await world.send('GET', '/v1/me', { bearer });
  expect(me.json).toMatchObject({ caller: { kind: 'api-key' }, roles: ['service'] });
  expect(me.json.user).toBeUndefined();
  expect((await begin(world, { apiKey: bearer })).status).toBe(401);
  expect((await world.send('DELETE', '/v1/session', { bearer })).status).toBe(204);
  expect((await world.send('GET', '/v1/me', { bearer })).status).toBe(401);
  expect((await world.send('DELETE', '/v1/session')).status).toBe(409);
  const [started] = await sessionTrail(world);
  expect(started).toMatchObject({ act: 'session.start', by: { kind: 'api-key', name: 'CRM' } });
});

test('an id_token that a page has already is a session without groups, and only here', async () => {
  const world = await signInWorld();
  const idToken = world.provider.idToken('10', 'Cust11111');
  const begun = await begin(world, { idToken, tenant: 'Cust11111' });
  expect(begun).toMatchObject({ status: 201, json: { roles: ['admin'], user: { id: '10', groups: [] } } });
  expect((await world.send('GET', '/v1/me', { bearer: idToken })).status).toBe(401);
});

test('neither a session nor a code, nor what the CRM gave for it, is stored as it is', async () => {
  const world = await signInWorld();
  const page = newPage();
  const code = await codeFor(world, page, '5');
  const [, tenantId = '', passId = ''] = code.split('_');
  const pass = await world.app.sessions.readPass(tenantId, passId);
  const { session } = (await begin(world, { code, verifier: page.verifier })).json;
  const stored = await world.app.sessions.get(tenantId, session.split('_')[2]);
  const given = world.provider.tokensGiven;
  expect(given.length).toBeGreaterThan(2);
  for (const secret of [...given, code.slice(-43), session.slice(-43)]) {
    expect(JSON.stringify([pass, stored])).not.toContain(secret);
  }
  expect(stored?.refreshToken).toBeDefined();
});

test('no answer with a session is kept for a replayed request', async () => {
  const world = await signInWorld();
  const { key } = (await world.send('POST', '/v1/api-keys', { body: { name: 'CRM', role: 'service' } })).json;
  const once = { 'idempotency-key': 'once' };
  const [first, second] = [await begin(world, { apiKey: key }, once), await begin(world, { apiKey: key }, once)];
  expect(second).toMatchObject({ status: 201 });
  expect(second.headers['idempotent-replayed']).toBeUndefined();
  expect(second.json.session).not.toBe(first.json.session);
});

test('one of three things is shown, and nothing beside it', async () => {
  const world = await signInWorld();
  const { verifier } = newPage();
  const code = 'esc_a_b_c';
  for (const body of [
    {},
    { code },
    { verifier },
    { code, verifier, apiKey: 'esk_x' },
    { idToken: 'x' },
    'text',
    null,
  ]) {
    expect((await begin(world, body)).status).toBe(400);
  }
});
