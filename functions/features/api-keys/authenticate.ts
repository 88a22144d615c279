import { asSyncError } from '../../core/errors.ts';
import type { Role } from '../../core/model/api-key.ts';
import type { CrmUser } from '../../core/model/session.ts';
import type { ApiKeys } from '../../ports/api-keys.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { isSecretOf, parseApiKey } from './api-key-text.ts';

/** Who calls: the tenant always comes from the credential. */
export interface Caller {
  readonly tenantId: string;
  /** Id of the API key, or `user:` and the user's id in the CRM. */
  readonly caller: string;
  readonly role: Role;
  /** Of the key, as its maker named it, or of the user. */
  readonly name?: string | undefined;
  /** A user of the CRM; absent: an API key. */
  readonly user?: CrmUser | undefined;
  /** What was shown, where it is no key itself. */
  readonly sessionId?: string | undefined;
  /** Address that the request came from. */
  readonly from?: string | undefined;
}

export interface AuthenticateDeps {
  readonly apiKeys: ApiKeys;
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
}

const touchAtMostEveryMs = 60_000;

/** Why a key is not taken. That it has expired is told to those only who have its secret. */
export const keyRefusals = ['malformed', 'unknown', 'expired'] as const;
export type KeyRefusal = (typeof keyRefusals)[number];

/** The caller behind an `Authorization` header, or why there is none; a removed key is unknown like a wrong one. */
export async function authenticate(
  deps: AuthenticateDeps,
  authorization: string,
): Promise<Caller | { readonly refusal: KeyRefusal }> {
  const parts = parseApiKey(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  if (!parts) return { refusal: 'malformed' };
  const key = await deps.apiKeys.get(parts.tenantId, parts.keyId);
  const nowMs = deps.runtime.nowMs();
  if (!key || !isSecretOf(key.secretHash, parts.secret)) return { refusal: 'unknown' };
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= nowMs) return { refusal: 'expired' };
  const noted = key.lastUsedAt !== undefined && nowMs - Date.parse(key.lastUsedAt) < touchAtMostEveryMs;
  if (!noted) await touch(deps, key.tenantId, key.id);
  return { tenantId: key.tenantId, caller: key.id, role: key.role, name: key.name };
}

/** The last use is for people's information: a caller is never refused because it could not be noted. */
async function touch(deps: AuthenticateDeps, tenantId: string, keyId: string): Promise<void> {
  try {
    await deps.apiKeys.touch(tenantId, keyId, deps.runtime.now());
  } catch (error) {
    deps.telemetry.failure('api-key-use-not-noted', asSyncError(error), { tenantId, keyId });
  }
}
