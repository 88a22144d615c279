/** What a user of the CRM simulator sees, asked with the refresh token of their session through the demo's sign-in. */
import { createHash, randomBytes } from 'node:crypto';
import { connector } from '../../functions/adapters/crm/superoffice/connector.ts';
import { httpClient } from '../../functions/adapters/http/http-client.ts';
import { systemRuntime } from '../../functions/adapters/runtime/system-runtime.ts';
import { recordsInSight } from '../../functions/features/sessions/records-in-sight.ts';
import { sessionPurpose } from '../../functions/features/sessions/user-of-session.ts';
import { SightMessage } from '../../functions/ports/record-sight.ts';
import { startCrmSimulator } from '../../local/crm-simulator/start-crm-simulator.ts';
import { startIdentityProvider } from '../../local/identity-provider/start-identity-provider.ts';
import { ApiWorld } from '../features/api-world.ts';
import { browserSignIn } from '../local/browser-sign-in.ts';
import { recordSightSuite, type SightFixture } from './record-sight-suite.ts';

const publicUrl = 'http://127.0.0.1:9';
const userId = '5';
const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at + 1));

const seed = {
  companies: many(250, (id) => ({ id, name: `Firm ${id}` })),
  persons: many(3, (id) => ({ id, companyId: 1, lastName: `Person ${id}` })),
  projects: many(3, (id) => ({ id, name: `Project ${id}` })),
};

async function vendor() {
  const crm = await startCrmSimulator({ seed });
  const provider = await startIdentityProvider({ crm, publicUrl });
  const control = async (method: string, path: string, body?: object) =>
    JSON.parse(await (await fetch(`${crm.controlUrl}${path}`, { method, body: JSON.stringify(body) })).text());
  const { clientId, clientSecret, systemToken, privateKeyPem: privateKey } = await control('GET', '/credentials');
  const site = { address: crm.url, crmContext: crm.tenant };
  const config = { clientId, clientSecret, systemToken, privateKey };
  const http = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });
  const { people } = connector;
  if (!people) throw new Error('The CRM has users.');
  const adapter = await people.openIdentityProvider({ http, runtime: systemRuntime() }, site, config);
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redirectUri = `${publicUrl}/v1/session/callback`;
  const url = people.signInUrl(site, config, { redirectUri, state: 'state', nonce: 'nonce', challenge });
  const code = (await browserSignIn(url, 'tom', publicUrl)).searchParams.get('code') ?? '';
  const user = await adapter.redeem({ code, verifier, redirectUri, nonce: 'nonce' });
  const stop = async () => {
    await provider.stop();
    await crm.stop();
  };
  return { adapter, user, control, stop };
}

/** As the function has it, on stores in memory. */
async function signedIn(): Promise<SightFixture> {
  const { adapter, user, control, stop } = await vendor();
  const world = new ApiWorld();
  await world.tenants();
  const { tenantId } = world;
  const app = { ...world.app, identityProviders: { ...world.app.identityProviders, of: async () => adapter } };
  const sessionId = app.runtime.newId();
  const refreshToken = await app.sealer.seal(sessionPurpose(tenantId, sessionId), user.refreshToken ?? '');
  const times = { endsAtMs: world.nowMs + 3_600_000, usedAtMs: world.nowMs, answeredAtMs: world.nowMs };
  const known = { id: user.id, name: user.name, groups: [...user.groups] };
  const facts = { role: 'user', user: known, refreshToken, secretHash: 'hash', createdAt: app.runtime.now() } as const;
  await app.sessions.create({ tenantId, id: sessionId, ...times, ...facts }, undefined, []);
  const inSight = recordsInSight(app);
  return {
    sight: { ask: async (message) => inSight(SightMessage.parse(message)) },
    ...{ tenantId, sessionId, userId, stop },
    async hide(...records) {
      const hidden = records.map(({ crmType, crmKey }) => ({ type: crmType, id: Number(crmKey) }));
      await control('PATCH', `/people/${userId}`, { hidden });
    },
    async falls() {
      await control('PUT', '/faults', { down: true });
    },
    async removesUser() {
      await control('PATCH', `/people/${userId}`, { removed: true });
    },
  };
}

recordSightSuite('superoffice', signedIn);
