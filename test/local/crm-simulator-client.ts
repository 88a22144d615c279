import { createSign } from 'node:crypto';
import type { Json, JsonObject } from '../../local/crm-simulator/json.ts';
import {
  type CrmSimulator,
  type CrmSimulatorOptions,
  startCrmSimulator,
} from '../../local/crm-simulator/start-crm-simulator.ts';
import type { Seed } from '../../local/crm-simulator/state-file.ts';

export type Answer = { status: number; headers: Headers; json: Json; text: string };
type Send = { method?: string; body?: unknown; headers?: Record<string, string> };

const utc = { 'SO-TimeZone': 'UTC, includeTZOffset' };

export async function call(url: string, { method = 'GET', body, headers = {} }: Send = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Json) : null };
}

const seed: Seed = {
  companies: [
    {
      id: 1,
      name: 'Acme BV',
      code: 'ACM',
      number: '1001',
      orgNr: 'NL001',
      phones: ['020 123 45 67', '06-11'],
      email: 'info@acme.example',
      country: 'NL',
      street: { line1: 'Damrak 1', zip: '1012 LG', city: 'Amsterdam' },
      updated: '2026-11-01T10:00:00Z',
    },
    { id: 2, name: "O'Brien (Dublin)", country: 'IE', updated: '2026-11-02T10:00:00Z' },
    { id: 3, name: 'Nordlys AS', code: 'NOR', country: 'NO', updated: '2026-11-03T10:00:00Z' },
  ],
  persons: [{ id: 7, companyId: 1, firstName: 'Piet', lastName: 'Jansen', birthDate: '1980-02-29' }],
  projects: [{ id: 4, name: 'Warehouse', number: 'P-4', endDate: '2026-12-31' }],
};

export type SignedInCrm = CrmSimulator & {
  apiRoot: string;
  credentials: Record<string, string>;
  api: (path: string, send?: Send) => Promise<Answer>;
  control: (path: string, send?: Send) => Promise<Answer>;
  entity: (path: string) => Promise<JsonObject>;
};

export function signedToken(systemToken: string, privateKeyPem: string, at: Date): string {
  const stamp = at.toISOString().replace(/\D/g, '').slice(0, 12);
  const data = `${systemToken}.${stamp}`;
  return `${data}.${createSign('RSA-SHA256').update(data).sign(privateKeyPem, 'base64')}`;
}

function ticketOf(jwt: string): string {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<
    string,
    string
  >;
  return claims['http://schemes.superoffice.net/identity/ticket'] ?? '';
}

export async function signIn(
  crm: CrmSimulator,
  credentials: Record<string, string>,
  now = new Date(),
): Promise<string> {
  const { clientSecret = '', systemToken = '', privateKeyPem = '' } = credentials;
  const answer = await call(`${crm.url}/Login/api/PartnerSystemUser/Authenticate`, {
    method: 'POST',
    body: {
      SignedSystemToken: signedToken(systemToken, privateKeyPem, now),
      ApplicationToken: clientSecret,
      ContextIdentifier: crm.tenant,
      ReturnTokenType: 'JWT',
    },
  });
  return ticketOf((answer.json as { Token: string }).Token);
}

/** A simulator with the seed above and a system user signed in. */
export async function startSignedIn(options: CrmSimulatorOptions = {}): Promise<SignedInCrm> {
  const crm = await startCrmSimulator({ seed, ...options });
  const credentials = (await call(`${crm.controlUrl}/credentials`)).json as Record<string, string>;
  const ticket = await signIn(crm, credentials, new Date((options.nowMs ?? Date.now)()));
  const headers = { Authorization: `SOTicket ${ticket}`, 'SO-AppToken': credentials.clientSecret ?? '', ...utc };
  const apiRoot = `${crm.url}/${crm.tenant}/api`;
  const api: SignedInCrm['api'] = (path, send) =>
    call(`${apiRoot}/${path}`, { ...send, headers: { ...headers, ...send?.headers } });
  return {
    ...crm,
    apiRoot,
    credentials,
    api,
    control: (path, send) => call(`${crm.controlUrl}${path}`, send),
    entity: async (path) => (await api(path)).json as JsonObject,
  };
}
