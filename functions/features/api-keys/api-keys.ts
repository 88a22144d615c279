import { invalid, SyncError } from '../../core/errors.ts';
import type { ApiKey } from '../../core/model/api-key.ts';
import type { Application } from '../application.ts';
import type { Caller } from './authenticate.ts';
import { newApiKey } from './new-api-key.ts';

export interface ApiKeyRequest {
  readonly name: string;
  readonly role: ApiKey['role'];
  readonly expiresAt?: string | undefined;
}

/** Makes a key; `key` is shown this once. */
export async function issueApiKey(
  app: Application,
  caller: Caller,
  request: ApiKeyRequest,
): Promise<ApiKey & { key: string }> {
  const { name, role, expiresAt } = request;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= app.runtime.nowMs()) {
    throw invalid([{ path: 'expiresAt', message: 'Must lie in the future' }], 'The key would have expired already.');
  }
  const { key, text } = newApiKey(app.runtime, { tenantId: caller.tenantId, name, role, expiresAt });
  await app.apiKeys.create(key);
  return { ...key, key: text };
}

/** A key cannot remove itself, so that a tenant always keeps the one it works with. */
export async function revokeApiKey(app: Application, caller: Caller, keyId: string): Promise<void> {
  if (keyId === caller.caller) throw new SyncError('conflict', 'A key cannot remove itself: use another one.');
  if (!(await app.apiKeys.remove(caller.tenantId, keyId))) {
    throw new SyncError('not-found', `There is no API key ${keyId}.`);
  }
}
