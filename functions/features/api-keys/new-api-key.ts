import { randomBytes } from 'node:crypto';
import type { ApiKey } from '../../core/model/api-key.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { apiKeyText, hashOfSecret } from './api-key-text.ts';

export interface NewApiKey {
  /** What is stored. */
  readonly key: ApiKey;
  /** What its owner gets, once. */
  readonly text: string;
}

/** Makes a key; nothing is stored. The secret comes from the system's generator, never from `runtime.random`. */
export function newApiKey(
  runtime: Runtime,
  wanted: Pick<ApiKey, 'tenantId' | 'name' | 'role' | 'expiresAt'>,
): NewApiKey {
  const { tenantId, name, role, expiresAt } = wanted;
  const id = runtime.newId();
  const secret = randomBytes(32).toString('base64url');
  return {
    key: {
      tenantId,
      id,
      name,
      role,
      secretHash: hashOfSecret(secret),
      createdAt: runtime.now(),
      expiresAt,
      revision: 1,
    },
    text: apiKeyText({ tenantId, keyId: id, secret }),
  };
}
