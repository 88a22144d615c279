/** CRM users through the deployed stack, by HTTP alone: start, the provider's form, callback, session, who they are. */
import { createHash, randomBytes } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { browserSignIn } from '../../local/identity-provider/browser-sign-in.ts';
import { startIdentityProvider } from '../../local/identity-provider/start-identity-provider.ts';
import { LOCAL_REGION } from '../../local/ministack.ts';
import { crmDoor } from './crm-door.ts';
import { customerPair, linkedCompanies } from './linked-records.ts';
import { openWorld, type World } from './world.ts';

const system = inject('system');
let stop: () => Promise<void>;
let world: World;
let tenant: string;
let adminKey: string;
let crmControlUrl: string;
let crmUrl: string;

beforeAll(async () => {
  world = await openWorld();
  ({ adminKey, crmControlUrl, crmUrl, crmContext: tenant } = world);
  const crm = { url: crmUrl, controlUrl: crmControlUrl };
  const provider = await startIdentityProvider({ crm, publicUrl: system.publicUrl });
  stop = () => provider.stop();
});
afterAll(() => stop?.());

interface Answer {
  readonly status: number;
  readonly location: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every form
  readonly json: any;
}

async function ask(
  method: string,
  path: string,
  { bearer, body }: { bearer?: string; body?: object } = {},
): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const sent = { method, headers, redirect: 'manual', body: JSON.stringify(body) } as const;
  const answer = await fetch(`${system.apiUrl}${path}`, sent);
  const text = await answer.text();
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    json: text === '' ? undefined : JSON.parse(text),
  };
}

/** From a page to the fragment that it comes back with; what a browser would ask of our pages' address goes to the API. */
async function signInOf(user: string, at = tenant) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const started = await ask(
    'GET',
    `/v1/session/start?tenant=${tenant}&challenge=${challenge}&return=%2Ferp-tab%3Flang%3Dnl`,
  );
  expect(started.status).toBe(302);
  const way = started.location.replace(`acr_values=tenant%3A${tenant}`, `acr_values=tenant%3A${at}`);
  const back = await browserSignIn(way, user, system.publicUrl);
  const { location } = await ask('GET', `${back.pathname}${back.search}`);
  expect(location.startsWith(`${system.publicUrl}/erp-tab?lang=nl#`)).toBe(true);
  return { verifier, fragment: new URLSearchParams(new URL(location).hash.slice(1)) };
}

async function sessionOf(user: string): Promise<string> {
  const { verifier, fragment } = await signInOf(user);
  const begun = await ask('POST', '/v1/session', { body: { code: fragment.get('code'), verifier } });
  expect(begun.status).toBe(201);
  return begun.json.session;
}

/** An id_token as a page of the application itself would have it. */
async function idTokenOf(user: string, at: string): Promise<string> {
  const { clientId, clientSecret } = await crmDoor(crmControlUrl).credentials();
  const redirectUri = `${system.publicUrl}/v1/session/callback`;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const client = { client_id: clientId, redirect_uri: redirectUri };
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const asked = { ...client, ...pkce, response_type: 'code', scope: 'openid', acr_values: `tenant:${at}` };
  const oauth = `${crmUrl}/login/common/oauth`;
  const back = await browserSignIn(`${oauth}/authorize?${new URLSearchParams(asked)}`, user, system.publicUrl);
  const grant = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    code_verifier: verifier,
  };
  const body = new URLSearchParams({ ...grant, ...client, client_secret: clientSecret });
  const answer = await fetch(`${oauth}/tokens`, { method: 'POST', body });
  return JSON.parse(await answer.text()).id_token;
}

test('an administrator of the CRM signs in and sets up, and is named in the trail', async () => {
  const bearer = await sessionOf('anna');
  const me = await ask('GET', '/v1/me', { bearer });
  expect(me.json).toMatchObject({
    caller: { kind: 'user', id: '10' },
    tenant: { crmContext: tenant },
    roles: ['admin'],
    user: { id: '10', name: 'Anna Lund', groups: ['1'] },
  });
  expect((await ask('GET', '/v1/crm/users', { bearer })).json.items).toEqual([
    { id: '10', name: 'Anna Lund' },
    { id: '7', name: 'Eva Bos' },
    { id: '5', name: 'Tom Berg' },
  ]);
  expect((await ask('GET', '/v1/crm/groups', { bearer })).json.items).toHaveLength(3);
  const trail = await ask('GET', '/v1/audit?subject=session', { bearer });
  expect(trail.json.items[0]).toMatchObject({
    act: 'session.start',
    by: { kind: 'user', id: '10', name: 'Anna Lund' },
  });
});

test('a sales person signs in, may say who they are and sign out, and sets nothing up', async () => {
  const bearer = await sessionOf('tom');
  const me = await ask('GET', '/v1/me', { bearer });
  expect(me.json).toMatchObject({ roles: ['user'], user: { id: '5', name: 'Tom Berg', groups: ['2', '3'] } });
  expect((await ask('GET', '/v1/tenant', { bearer })).status).toBe(403);
  expect((await ask('DELETE', '/v1/session', { bearer })).status).toBe(204);
});

test('a user of another tenant of the same provider is refused, and so is their token', async () => {
  const { fragment } = await signInOf('anna', 'Cust99999');
  expect(Object.fromEntries(fragment)).toEqual({ signIn: 'refused' });
  const statusOf = async (at: string) =>
    (await ask('POST', '/v1/session', { body: { idToken: await idTokenOf('anna', at), tenant } })).status;
  expect(await statusOf('Cust99999')).toBe(401);
  expect(await statusOf(tenant)).toBe(201);
  const trail = await ask('GET', '/v1/audit?subject=tenant', { bearer: adminKey });
  const reasons = trail.json.items.flatMap(({ act, changes }: { act: string; changes: { new: string }[] }) =>
    act === 'session.refused' ? changes.map((one) => one.new) : [],
  );
  expect(reasons).toContain('The id_token is refused: tenant.');
});

test('an API key becomes a session of its role', async () => {
  const begun = await ask('POST', '/v1/session', { body: { apiKey: adminKey } });
  expect(begun).toMatchObject({ status: 201, json: { roles: ['admin'] } });
  expect((await ask('GET', '/v1/me', { bearer: begun.json.session })).json.caller.kind).toBe('api-key');
});

/** As if the CRM had last been asked so long ago that it is to be asked again. */
async function letAnswerAge(session: string): Promise<void> {
  const [, tenantId = '', id = ''] = session.split('_');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: system.awsEndpoint, region: LOCAL_REGION, credentials });
  await client.send(
    new UpdateItemCommand({
      TableName: 'erp-sync-local',
      Key: { pk: { S: `${tenantId}#session#${id}` }, sk: { S: 'session' } },
      UpdateExpression: 'SET askFromMs = :now',
      ConditionExpression: 'attribute_exists(askFromMs)',
      ExpressionAttributeValues: { ':now': { N: '0' } },
    }),
  );
  client.destroy();
}

const changeInCrm = (userId: number, changes: object) =>
  fetch(`${crmControlUrl}/people/${userId}`, { method: 'PATCH', body: JSON.stringify(changes) });

test('the deployed authorizer has the CRM asked again, and whom it lets in no more is out', async () => {
  const [first, second] = [await sessionOf('tom'), await sessionOf('tom')];
  for (const one of [first, second]) await letAnswerAge(one);
  await changeInCrm(5, { groups: [3] });
  expect((await ask('GET', '/v1/me', { bearer: first })).json.user).toEqual({
    id: '5',
    name: 'Tom Berg',
    groups: ['3'],
  });
  await changeInCrm(5, { removed: true });
  expect((await ask('GET', '/v1/me', { bearer: second })).status).toBe(401);
  await changeInCrm(5, { removed: false, groups: [2, 3] });
  const ends = (await ask('GET', '/v1/audit?subject=session', { bearer: adminKey })).json.items;
  expect(ends[0]).toMatchObject({ act: 'session.end', by: { id: '5' }, subject: { id: second.split('_')[2] } });
});

test('a user sees of linked records those that the CRM shows them, and nothing while it does not answer', async () => {
  const [seen, hidden] = await linkedCompanies(world, 'Sight', 2);
  if (!seen || !hidden) throw new Error('Two companies are linked.');
  await changeInCrm(5, { hidden: [{ type: 'company', id: hidden.companyId }] });
  const bearer = await sessionOf('tom');
  const statuses = async (as: string, linkId: string, crmKey: number) => {
    const asked = await Promise.all([
      ask('GET', `/v1/links/${linkId}`, { bearer: as }),
      ask('GET', `/v1/links/${linkId}/fields`, { bearer: as }),
      ask('POST', '/v1/sync-runs', { bearer: as, body: { kind: 'sync', scope: { kind: 'links', linkIds: [linkId] } } }),
      ask('POST', '/v1/sync-runs', {
        bearer: as,
        body: { kind: 'sync', scope: { kind: 'crm-record', crmType: 'company', crmKey: String(crmKey) } },
      }),
    ]);
    const listed = await ask('GET', `/v1/links?crmType=company&crmKey=${crmKey}`, { bearer: as });
    const changes = await ask('GET', `/v1/changes?linkId=${linkId}`, { bearer: as });
    expect([listed.status, changes.status]).toEqual([200, 200]);
    return [...asked.map(({ status }) => status), listed.json.items.length];
  };
  expect(await statuses(bearer, seen.linkId, seen.companyId)).toEqual([200, 200, 202, 202, 1]);
  expect(await statuses(bearer, hidden.linkId, hidden.companyId)).toEqual([404, 404, 404, 404, 0]);
  expect(await statuses(adminKey, hidden.linkId, hidden.companyId)).toEqual([200, 200, 202, 202, 1]);
  const pairs = [customerPair(hidden), customerPair(seen)];
  const previewed = await ask('POST', '/v1/links/preview', {
    bearer,
    body: { connectionId: world.connectionId, pairs },
  });
  expect(previewed.json.items).toMatchObject([
    { refusal: { reason: 'crm-record-missing' }, fields: [] },
    { refusal: { reason: 'erp-actor-linked' } },
  ]);

  const about = (crmKey: number) => ask('GET', `/v1/links?crmType=company&crmKey=${crmKey}`, { bearer });
  await world.crm.setFaults({ down: true });
  expect(await about(999_999)).toMatchObject({ status: 503, json: { type: 'transient' } });
  await world.crm.setFaults({});
  expect(await about(999_999)).toMatchObject({ status: 200, json: { items: [] } });
  await changeInCrm(5, { removed: true });
  expect((await about(999_998)).status).toBe(401);
  await changeInCrm(5, { removed: false, hidden: [] });
});

test('the system that npm start brings up has a sign-in of its own', async () => {
  const { origin } = new URL(system.identityProviderUrl);
  const answer = await fetch(`${system.own.crm.url}/login/common/oauth/authorize?client_id=x`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')?.startsWith(origin)]).toEqual([302, true]);
  expect(crmControlUrl).not.toBe(system.own.crm.controlUrl);
});
