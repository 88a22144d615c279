import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** What the vendor's developer portal and a tenant's consent would give; `signingKeyPem` is the vendor's own key. */
export type Credentials = {
  clientId: string;
  clientSecret: string;
  systemToken: string;
  privateKeyPem: string;
  signingKeyPem: string;
};

function rsaKeyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** System tokens may contain spaces (spec 2.4). */
export function newCredentials(): Credentials {
  return {
    clientId: randomBytes(16).toString('hex'),
    clientSecret: randomBytes(16).toString('hex'),
    systemToken: `ERP Sync-${randomBytes(8).toString('base64url')}`,
    privateKeyPem: rsaKeyPem(),
    signingKeyPem: rsaKeyPem(),
  };
}

export const tokenAudience = (credentials: Credentials): string => `spn:${credentials.clientId}`;

/** The key's name in the JWKS, and the `x5t` of tokens: they have no `kid` (spec 2.5). */
export function keyThumbprint(signingKeyPem: string): string {
  const der = createPublicKey(signingKeyPem).export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(der).digest('base64url');
}
