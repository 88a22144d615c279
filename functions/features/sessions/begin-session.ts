/**
 * A session, of what was shown. Always true: it is new, whatever the request brings along; a code, and a token, makes one
 * at most; its secret is told once and stored as a hash. A crash leaves the session with its entry in the trail, or
 * nothing. Attacked by test/features/sessions/sign-in.test.ts.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { asSyncError, SyncError } from '../../core/errors.ts';
import type { Role } from '../../core/model/api-key.ts';
import type { CrmUser, Session, SignInPass } from '../../core/model/session.ts';
import { answerHeldMs, askAgainFromMs, longestSessionMs, sessionOfKeyMs } from '../../core/timing/session.ts';
import type { MadeOf } from '../../ports/sessions.ts';
import { hashOfSecret, isSecretOf } from '../api-keys/api-key-text.ts';
import { authenticate } from '../api-keys/authenticate.ts';
import { trailOf } from '../audit/trail-of.ts';
import { liveTenant } from '../tenants/live-tenant.ts';
import { expectFewFailures, refuseSignIn, type SignInTry } from './refuse-sign-in.ts';
import { newSecret, parseToken, tokenText } from './session-text.ts';
import type { SignInApplication } from './sign-in-application.ts';
import { challengeOf, nobodyOf } from './start-sign-in.ts';
import { callerOf, knownAs, passPurpose, sessionPurpose } from './user-of-session.ts';

/** One of the three. */
export type Shown =
  | { readonly code: string; readonly verifier: string }
  | { readonly idToken: string; readonly tenant: string }
  | { readonly apiKey: string };

export interface BegunSession {
  readonly session: string;
  readonly endsAt: string;
  readonly role: Role;
  readonly user?: CrmUser | undefined;
}

type Made = Pick<Session, 'role' | 'endsAtMs'> &
  Partial<Pick<Session, 'user' | 'keyId' | 'answeredAtMs' | 'askFromMs'>> & {
    /** As it is shown to the CRM. */
    readonly refreshToken?: string | undefined;
    readonly madeOf?: MadeOf | undefined;
    readonly keyName?: string | undefined;
  };

/** SyncError `unauthenticated` says no more than that it was refused. */
export async function beginSession(app: SignInApplication, shown: Shown, from?: string): Promise<BegunSession> {
  if ('code' in shown) return ofCode(app, shown, from);
  if ('idToken' in shown) return ofIdToken(app, shown, from);
  return ofApiKey(app, shown, from);
}

function refusedAtOnce(): SyncError {
  return new SyncError('unauthenticated', 'The sign-in was refused: start again.');
}

async function ofCode(
  app: SignInApplication,
  { code, verifier }: { readonly code: string; readonly verifier: string },
  from: string | undefined,
): Promise<BegunSession> {
  const parts = parseToken('esc', code);
  if (!parts) throw refusedAtOnce();
  const tried = { tenantId: parts.tenantId, way: 'code', from } as const;
  expectFewFailures(app, tried);
  const pass = await app.sessions.readPass(parts.tenantId, parts.id);
  const nowMs = app.runtime.nowMs();
  const isGood = pass && isSecretOf(pass.secretHash, parts.secret) && nowMs < pass.goodUntilMs;
  if (!isGood) throw await refuseSignIn(app, tried, 'code is not good');
  if (!isVerifierOf(pass, verifier)) throw await refuseSignIn(app, tried, 'code is of another page');
  const { tenantId, id, user, role, answeredAtMs, refreshToken: sealed } = pass;
  const refreshToken = sealed && (await app.sealer.open(passPurpose(tenantId, id), sealed));
  const endsAtMs = nowMs + longestSessionMs;
  const answer = { user, role, ...askable(answeredAtMs, refreshToken, endsAtMs) };
  return begun(app, tried, { ...answer, madeOf: { passId: id } });
}

function isVerifierOf({ challenge }: SignInPass, verifier: string): boolean {
  const [wanted, given] = [Buffer.from(challenge), Buffer.from(challengeOf(verifier))];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** Where the CRM cannot be asked again, its answer holds for as long as where it does not answer, and the session with it. */
function askable(answeredAtMs: number, refreshToken: string | undefined, endsAtMs: number) {
  if (!refreshToken) return { answeredAtMs, endsAtMs: Math.min(endsAtMs, answeredAtMs + answerHeldMs) };
  return { answeredAtMs, endsAtMs, askFromMs: askAgainFromMs(answeredAtMs), refreshToken };
}

async function ofIdToken(
  app: SignInApplication,
  { idToken, tenant: crmContext }: { readonly idToken: string; readonly tenant: string },
  from: string | undefined,
): Promise<BegunSession> {
  const tenantId = await app.tenants.whoClaims(crmContext);
  const tenant = tenantId === undefined ? undefined : await liveTenant(app.tenants, tenantId);
  const tried = { tenantId: tenant?.id ?? nobodyOf(app, crmContext), way: 'id-token', from } as const;
  expectFewFailures(app, tried);
  const provider = tenant && (await app.identityProviders.of(tenant));
  if (!provider) throw await refuseSignIn(app, tried, 'no identity provider');
  const user = await provider.readToken(idToken).catch(async (failure: unknown) => {
    const error = asSyncError(failure);
    throw error.kind === 'unauthorised' ? await refuseSignIn(app, tried, error.message) : error;
  });
  const nowMs = app.runtime.nowMs();
  const tokenHash = createHash('sha256').update(signedPart(idToken)).digest('base64url');
  const answer = { ...knownAs(user), ...askable(nowMs, undefined, nowMs + longestSessionMs) };
  return begun(app, tried, { ...answer, madeOf: { tokenHash } });
}

/** A signature has more than one spelling. */
function signedPart(token: string): string {
  return token.slice(0, token.lastIndexOf('.'));
}

async function ofApiKey(
  app: SignInApplication,
  { apiKey }: { readonly apiKey: string },
  from: string | undefined,
): Promise<BegunSession> {
  const named = /^esk_([0-9A-Za-z-]{1,64})_/.exec(apiKey)?.[1];
  if (named === undefined) throw refusedAtOnce();
  const tried = { tenantId: named, way: 'api-key', from } as const;
  expectFewFailures(app, tried);
  const caller = await authenticate(app, `Bearer ${apiKey}`);
  if ('refusal' in caller) throw await refuseSignIn(app, tried, `API key is ${caller.refusal}`);
  const { role, caller: keyId, name: keyName } = caller;
  const key = await app.apiKeys.get(named, keyId);
  const keyEndsAtMs = key?.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt);
  const endsAtMs = Math.min(app.runtime.nowMs() + sessionOfKeyMs, keyEndsAtMs);
  return begun(app, tried, { role, endsAtMs, keyId, keyName });
}

async function begun(app: SignInApplication, tried: SignInTry, made: Made): Promise<BegunSession> {
  const { tenantId, way, from } = tried;
  const { madeOf, keyName, refreshToken, ...facts } = made;
  const { runtime } = app;
  const id = runtime.newId();
  const secret = newSecret();
  const session: Session = {
    ...{ tenantId, id, secretHash: hashOfSecret(secret), createdAt: runtime.now(), usedAtMs: runtime.nowMs() },
    ...facts,
    refreshToken: refreshToken && (await app.sealer.seal(sessionPurpose(tenantId, id), refreshToken)),
  };
  const { user, role, keyId = '', endsAtMs } = session;
  const by = user ? { caller: callerOf(user), name: user.name, user } : { caller: keyId, name: keyName };
  const subject = { kind: 'session', id } as const;
  const act = { act: 'session.start', subject, after: { way, role } } as const;
  const trail = trailOf(runtime, { tenantId, role, from, ...by }, act);
  if (!(await app.sessions.create(session, madeOf, trail))) throw await refuseSignIn(app, tried, `${way} was used`);
  return { session: tokenText('ess', { tenantId, id, secret }), endsAt: new Date(endsAtMs).toISOString(), role, user };
}
