import { apiKeyState } from '../../core/audit/set-up-states.ts';
import { invalid, SyncError } from '../../core/errors.ts';
import type { ApiKey } from '../../core/model/api-key.ts';
import { allPages } from '../all-pages.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { found } from '../found.ts';
import type { Caller } from './authenticate.ts';
import { newApiKey } from './new-api-key.ts';

/** Others remove keys, too: the keys are read again, so often. */
const mostTries = 5;

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
  const subject = { kind: 'api-key', id: key.id, name } as const;
  const trail = trailOf(app.runtime, caller, { act: 'api-key.issue', subject, after: apiKeyState(key) });
  await app.apiKeys.create(key, trail);
  return { ...key, key: text };
}

function isLiveAdmin({ role, expiresAt }: ApiKey, nowMs: number): boolean {
  return role === 'admin' && (expiresAt === undefined || Date.parse(expiresAt) > nowMs);
}

/** Of those that stay good, the one that does so for longest. */
async function otherAdminKey(app: Application, key: ApiKey, nowMs: number): Promise<string> {
  const others: ApiKey[] = [];
  for await (const { items } of allPages((page) => app.apiKeys.list(key.tenantId, page))) {
    others.push(...items.filter((other) => other.id !== key.id && isLiveAdmin(other, nowMs)));
  }
  const endless = '~';
  const [longest] = others.toSorted((one, other) =>
    (one.expiresAt ?? endless) < (other.expiresAt ?? endless) ? 1 : -1,
  );
  if (longest) return longest.id;
  throw new SyncError(
    'conflict',
    'This is the last admin key that is good: make another one first (POST /v1/api-keys with the role admin).',
  );
}

/** A key cannot remove itself; a tenant always keeps an admin key that is good, also where two are removed at once. */
export async function revokeApiKey(app: Application, by: Caller, keyId: string): Promise<void> {
  const { tenantId, caller } = by;
  if (keyId === caller) throw new SyncError('conflict', 'A key cannot remove itself: use another one.');
  for (let tries = 0; tries < mostTries; tries += 1) {
    const key = found(await app.apiKeys.get(tenantId, keyId), 'API key', keyId);
    const nowMs = app.runtime.nowMs();
    const other = isLiveAdmin(key, nowMs) ? await otherAdminKey(app, key, nowMs) : undefined;
    const subject = { kind: 'api-key', id: keyId, name: key.name } as const;
    const trail = trailOf(app.runtime, by, { act: 'api-key.revoke', subject, before: apiKeyState(key) });
    if (await app.apiKeys.remove(tenantId, keyId, other, trail)) return;
  }
  throw new SyncError('stale', 'The API keys are being changed all the time: try again.');
}
