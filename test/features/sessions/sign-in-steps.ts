/** What a page, a browser and the identity provider do together, step by step. */
import { createHash, randomBytes } from 'node:crypto';
import { type Answered, ApiWorld } from '../api-world.ts';
import { withCrm } from '../set-up-steps.ts';

/** A page that signs somebody in: it keeps the verifier. */
export interface SignInPage {
  readonly verifier: string;
  readonly challenge: string;
}

export function newPage(): SignInPage {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** A tenant, `Cust11111`, with a CRM whose users can sign in; and another without. */
export async function signInWorld(): Promise<ApiWorld> {
  const world = new ApiWorld();
  await withCrm(world);
  return world;
}

const query = (parts: Readonly<Record<string, string>>) => String(new URLSearchParams(parts));

export function start(
  world: ApiWorld,
  page: SignInPage,
  { tenant = 'Cust11111', returnTo = '/' } = {},
): Promise<Answered> {
  const asked = query({ tenant, challenge: page.challenge, return: returnTo });
  return world.send('GET', `/v1/session/start?${asked}`, { role: 'none' });
}

export function comeBack(world: ApiWorld, back: Readonly<Record<string, string>>): Promise<Answered> {
  return world.send('GET', `/v1/session/callback?${query(back)}`, { role: 'none' });
}

export function begin(world: ApiWorld, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return world.send('POST', '/v1/session', { body, role: 'none', headers });
}

/** What stands in the fragment of where an answer leads. */
export function fragmentOf({ headers }: Answered): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(new URL(String(headers.location)).hash.slice(1)));
}

/** From the page to the code in its fragment. */
export async function codeFor(world: ApiWorld, page: SignInPage, userId: string): Promise<string> {
  const location = String((await start(world, page)).headers.location);
  const { code, state } = world.provider.signIn(location, userId);
  return fragmentOf(await comeBack(world, { code, state })).code ?? 'none';
}

/** A whole sign-in: the session. */
export async function signIn(world: ApiWorld, userId: string): Promise<string> {
  const page = newPage();
  const begun = await begin(world, { code: await codeFor(world, page, userId), verifier: page.verifier });
  if (begun.status !== 201) throw new Error(JSON.stringify(begun.json));
  return begun.json.session;
}

/** The entries of sign-ins and sign-outs, oldest first. */
export async function sessionTrail(world: ApiWorld) {
  const { items } = (await world.send('GET', '/v1/audit?limit=200')).json;
  return items.filter(({ act }: { act: string }) => act.startsWith('session.')).toReversed();
}
