import { createHash, timingSafeEqual } from 'node:crypto';

/** The parts of an API key: `esk_{tenantId}_{keyId}_{secret}`; neither id holds an underscore. */
export interface ApiKeyParts {
  readonly tenantId: string;
  readonly keyId: string;
  /** 256 random bits, base64url without padding. */
  readonly secret: string;
}

const form = /^esk_([0-9A-Za-z-]{1,64})_([0-9A-Za-z-]{1,64})_([0-9A-Za-z_-]{43})$/;

/** The key as its owner sends it. */
export function apiKeyText({ tenantId, keyId, secret }: ApiKeyParts): string {
  return `esk_${tenantId}_${keyId}_${secret}`;
}

export function parseApiKey(text: string): ApiKeyParts | undefined {
  const [, tenantId, keyId, secret] = form.exec(text) ?? [];
  return tenantId && keyId && secret ? { tenantId, keyId, secret } : undefined;
}

/** What is stored of a secret: SHA-256 in hex. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compared in constant time. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const stored = Buffer.from(secretHash, 'hex');
  const sent = Buffer.from(hashOfSecret(secret), 'hex');
  return stored.length === sent.length && timingSafeEqual(stored, sent);
}
