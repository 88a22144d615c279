import { asSyncError } from '../../core/errors.ts';
import type { Role } from '../../core/model/api-key.ts';
import type { ApiKeys } from '../../ports/api-keys.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { isSecretOf, parseApiKey } from './api-key-text.ts';

/** Who calls: the tenant always comes from the credential. */
export interface Caller {
  readonly tenantId: string;
  /** Id of the API key. */
  readonly caller: string;
  readonly role: Role;
}

export interface AuthenticateDeps {
  readonly apiKeys: ApiKeys;
  readonly runtime: Runtime;
  readonly telemetry: Telemetry;
}

const touchAtMostEveryMs = 60_000;

/** The caller behind an `Authorization` header; nothing for a key that is malformed, unknown, wrong or expired. */
export async function authenticate(deps: AuthenticateDeps, authorization: string): Promise<Caller | undefined> {
  const parts = parseApiKey(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  if (!parts) return undefined;
  const key = await deps.apiKeys.get(parts.tenantId, parts.keyId);
  const nowMs = deps.runtime.nowMs();
  if (!key || !isSecretOf(key.secretHash, parts.secret)) return undefined;
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= nowMs) return undefined;
  const noted = key.lastUsedAt !== undefined && nowMs - Date.parse(key.lastUsedAt) < touchAtMostEveryMs;
  if (!noted) await touch(deps, key.tenantId, key.id);
  return { tenantId: key.tenantId, caller: key.id, role: key.role };
}

/** The last use is for people's information: a caller is never refused because it could not be noted. */
async function touch(deps: AuthenticateDeps, tenantId: string, keyId: string): Promise<void> {
  try {
    await deps.apiKeys.touch(tenantId, keyId, deps.runtime.now());
  } catch (error) {
    deps.telemetry.failure('api-key-use-not-noted', asSyncError(error), { tenantId, keyId });
  }
}
