import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { readBody, send } from '../crm-simulator/http.ts';
import type { CrmAccounts } from './crm-accounts.ts';

/** Of everybody in the demo. */
export const demoPassword = 'demo';

export const formPath = '/login/interaction/';

/** Who signed in, and to which tenant: one application's sign-in serves all of them. */
export interface Account {
  readonly tenant: string;
  readonly userId: number;
}

const accountId = ({ tenant, userId }: Account): string => `${tenant}.${userId}`;

export function accountOf(id: string): Account {
  const [tenant = '', userId] = id.split('.');
  return { tenant, userId: Number(userId) };
}

const page = (
  words: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Demo CRM: sign in</title></head>
<body><h1>Demo CRM</h1><p>${words}</p>
<form method="post"><label>User <input name="user" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button></form></body></html>`;

/** The provider's login form: a user's login and the demo's password. */
export async function loginForm(
  provider: Provider,
  crm: CrmAccounts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return send(response, { status: 200, html: page('Sign in with your CRM user.') });
  const form = new URLSearchParams(await readBody(request));
  const people = await crm.people();
  const person = people.find(({ login }) => login === form.get('user')?.toUpperCase());
  if (!person || form.get('password') !== demoPassword) {
    return send(response, { status: 200, html: page('User or password is wrong.') });
  }
  const tenant = /^tenant:(\w+)$/.exec(String(params.acr_values ?? ''))?.[1] ?? 'Cust00000';
  const login = { accountId: accountId({ tenant, userId: person.id }) };
  await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}
