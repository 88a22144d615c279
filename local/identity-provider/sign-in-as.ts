import { createHash, randomBytes } from 'node:crypto';
import { browserSignIn } from './browser-sign-in.ts';

export interface SignIn {
  readonly apiUrl: string;
  /** Where our pages are: a browser would be there. */
  readonly publicUrl: string;
  /** The tenant, by its CRM context. */
  readonly tenant: string;
  readonly user: string;
}

/**
 * The whole way of a CRM user into a session, as page and browser go it: start, the form of the CRM's identity provider,
 * callback, session. What a browser would ask of our pages' address goes to the API.
 */
export async function signInAs({ apiUrl, publicUrl, tenant, user }: SignIn): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = new URLSearchParams({ tenant, challenge, return: '/' });
  const form = await redirectOf(`${apiUrl}/v1/session/start?${asked}`);
  const back = await browserSignIn(form, user, publicUrl);
  const page = new URL(await redirectOf(`${apiUrl}${back.pathname}${back.search}`));
  const code = new URLSearchParams(page.hash.slice(1)).get('code');
  if (code === null) throw new Error(`${user} was not let in.`);
  const begun = await fetch(`${apiUrl}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, verifier }),
  });
  if (begun.status !== 201) throw new Error(`The sign-in of ${user} was answered with ${begun.status}.`);
  const { session }: { session: string } = JSON.parse(await begun.text());
  return session;
}

async function redirectOf(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`A sign-in led nowhere: ${answer.status}.`);
  return location;
}
