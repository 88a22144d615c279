/** The demo's sign-in, by HTTP as a browser and as our adapter. */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { connector } from '../../functions/adapters/crm/superoffice/connector.ts';
import { httpClient } from '../../functions/adapters/http/http-client.ts';
import { systemRuntime } from '../../functions/adapters/runtime/system-runtime.ts';
import { startCrmSimulator } from '../../local/crm-simulator/start-crm-simulator.ts';
import { browserSignIn } from '../../local/identity-provider/browser-sign-in.ts';
import { startIdentityProvider } from '../../local/identity-provider/start-identity-provider.ts';

const publicUrl = 'http://127.0.0.1:9';
const redirectUri = `${publicUrl}/v1/session/callback`;

async function vendor() {
  const crm = await startCrmSimulator();
  const provider = await startIdentityProvider({ crm, publicUrl });
  onTestFinished(async () => {
    await provider.stop();
    await crm.stop();
  });
  const control = async (method: string, path: string, body?: object) =>
    (await fetch(`${crm.controlUrl}${path}`, { method, body: JSON.stringify(body) })).json();
  const given = (await control('GET', '/credentials')) as Record<string, string>;
  const site = { address: crm.url, crmContext: crm.tenant };
  const { clientId = '', clientSecret = '', systemToken = '', privateKeyPem: privateKey = '' } = given;
  const config = { clientId, clientSecret, systemToken, privateKey };
  const http = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
  const { people } = connector;
  if (!people) throw new Error('The CRM has users.');
  const outside = { http, runtime: systemRuntime() };
  const adapter = await people.openIdentityProvider(outside, site, config);
  const directory = await people.openDirectory(outside, site, config);
  const signIn = async (user: string, tenant = crm.tenant) => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = { redirectUri, state: 'state', nonce: 'nonce', challenge };
    const url = people.signInUrl({ ...site, crmContext: tenant }, config, asked);
    const back = await browserSignIn(url, user, publicUrl);
    return { code: back.searchParams.get('code') ?? '', verifier, redirectUri, nonce: 'nonce' };
  };
  return { adapter, directory, signIn, control, crm, config, provider };
}

test('demo users sign in with the vendor’s kind of token, and are asked of again as themselves', async () => {
  const { adapter, signIn } = await vendor();
  const anna = await adapter.redeem(await signIn('anna'));
  expect(anna).toMatchObject({ id: '10', name: 'Anna Lund', groups: ['1'], isAdministrator: true });
  const tom = await adapter.redeem(await signIn('tom'));
  expect(tom).toMatchObject({ id: '5', name: 'Tom Berg', groups: ['2', '3'], isAdministrator: false });
  const { refreshToken = '' } = tom;
  expect(await adapter.readAgain('5', refreshToken)).toMatchObject({ id: '5', groups: ['2', '3'] });
  await expect(adapter.readAgain('10', refreshToken)).rejects.toMatchObject({ kind: 'unauthorised' });
});

test('what an administrator of the CRM changes of a user is told with the next asking, and a removed one is out', async () => {
  const { adapter, signIn, control } = await vendor();
  const { refreshToken = '' } = await adapter.redeem(await signIn('tom'));
  await control('PATCH', '/people/5', { groups: [3], isAdministrator: true });
  expect(await adapter.readAgain('5', refreshToken)).toMatchObject({ groups: ['3'], isAdministrator: true });
  await control('PATCH', '/people/5', { removed: true });
  await expect(adapter.readAgain('5', refreshToken)).rejects.toMatchObject({ kind: 'unauthorised' });
});

test('a code is good once and with its verifier, and a user of another tenant is refused', async () => {
  const { adapter, signIn } = await vendor();
  const one = await signIn('tom');
  await adapter.redeem(one);
  await expect(adapter.redeem(one)).rejects.toMatchObject({ kind: 'unauthorised' });
  const other = { ...(await signIn('tom')), verifier: 'x'.repeat(43) };
  await expect(adapter.redeem(other)).rejects.toMatchObject({ kind: 'unauthorised' });
  const refused = adapter.redeem(await signIn('anna', 'Cust99999'));
  await expect(refused).rejects.toThrow('The id_token is refused: tenant.');
});

test('an id_token has x5t and no kid, the CRM as issuer and the vendor’s claims', async () => {
  const { signIn, crm, config } = await vendor();
  const { code, verifier } = await signIn('anna');
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri };
  const body = new URLSearchParams({ ...form, client_id: config.clientId, client_secret: config.clientSecret });
  const answer = await fetch(`${crm.url}/login/common/oauth/tokens`, { method: 'POST', body });
  const tokens: { id_token: string } = JSON.parse(await answer.text());
  expect(tokens).toMatchObject({
    access_token: expect.stringMatching(/^8A:Cust12345\./),
    refresh_token: expect.any(String),
  });
  expect(decodeProtectedHeader(tokens.id_token)).toEqual({ typ: 'JWT', alg: 'RS256', x5t: expect.any(String) });
  expect(decodeJwt(tokens.id_token)).toMatchObject({
    iss: crm.url,
    aud: config.clientId,
    nonce: 'nonce',
    'http://schemes.superoffice.net/identity/ctx': 'Cust12345',
    'http://schemes.superoffice.net/identity/is_administrator': 'True',
  });
});

test('users and groups are listed once each, by names that people know, without those that are gone', async () => {
  const { directory, control } = await vendor();
  expect(await directory.users()).toEqual([
    { id: '5', name: 'Tom Berg' },
    { id: '7', name: 'Eva Bos' },
    { id: '10', name: 'Anna Lund' },
  ]);
  expect(await directory.groups()).toEqual([
    { id: '1', name: 'Management' },
    { id: '2', name: 'Sales' },
    { id: '3', name: 'Finance' },
  ]);
  await control('PATCH', '/people/5', { removed: true });
  expect(await directory.users()).toEqual([
    { id: '7', name: 'Eva Bos' },
    { id: '10', name: 'Anna Lund' },
  ]);
});

test('its address shows a browser what it is for and who signs in, and a program what it did', async () => {
  const { provider } = await vendor();
  const page = await fetch(`${provider.url}/`, { headers: { accept: 'text/html,*/*' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  const html = await page.text();
  expect(html).toContain('<h1>The sign-in of the demo’s CRM</h1>');
  for (const user of ['anna', 'tom', 'eva']) expect(html).toContain(`npm run --silent sign-in -- ${user}`);
  expect((await fetch(`${provider.url}/`)).status).toBe(404);
});

test('its pages show in no frame, ask no other host, and say what is wrong without taking over what was sent', async () => {
  const { crm, config, provider } = await vendor();
  const sent = '<script>alert(1)</script>';
  const ask = (parts: Record<string, string>) =>
    fetch(`${provider.url}/login/common/oauth/authorize?${new URLSearchParams(parts)}`, { redirect: 'manual' });
  const asked = { client_id: config.clientId, response_type: 'code', scope: 'openid' };
  const pages = [
    await fetch(`${provider.url}/`, { headers: { accept: 'text/html' } }),
    await fetch(`${crm.url}/`, { headers: { accept: 'text/html' } }),
    await ask({ client_id: sent, redirect_uri: sent, response_type: sent }),
    await ask({ ...asked, redirect_uri: 'https://evil.example/' }),
    await ask({ ...asked, redirect_uri: `${publicUrl}.evil.example/v1/session/callback` }),
    await fetch(`${provider.url}/login/interaction/${encodeURIComponent(sent)}`),
  ];
  for (const page of pages) {
    expect(page.headers.get('location')).toBeNull();
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(await page.text()).not.toMatch(/<script|@import|https?:\/\/(?!127\.0\.0\.1)/);
  }
  expect(pages.map(({ status }) => status)).toEqual([200, 200, 400, 400, 400, 400]);
});
