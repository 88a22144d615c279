/**
 * What leaves our hands and comes back, or lies beside other data: encrypted and authenticated (AES-256-GCM), good for one
 * purpose. Always true: what was sealed for one purpose opens for no other, and what was changed opens for none. It keeps
 * nothing. Attacked by test/features/sessions/sealed.test.ts.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

export interface Sealer {
  seal(purpose: string, text: string): Promise<string>;
  /** Undefined for what was not sealed here for this purpose. */
  open(purpose: string, sealed: string): Promise<string | undefined>;
}

/** `secret`: at least 32 random bytes as text; each purpose has a key of its own from it. */
export function sealer(secret: () => Promise<string>): Sealer {
  const keyFor = async (purpose: string) => Buffer.from(hkdfSync('sha256', await secret(), '', `seal\n${purpose}`, 32));
  return {
    async seal(purpose, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, await keyFor(purpose), nonce);
      const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64url');
    },
    async open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const from = nonceBytes + tagBytes;
      if (bytes.length < from) return undefined;
      const decipher = createDecipheriv(algorithm, await keyFor(purpose), bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAuthTag(bytes.subarray(nonceBytes, from));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(from)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
