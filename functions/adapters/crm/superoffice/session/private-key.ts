import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SyncError } from '../../../../core/errors.ts';

/** Parts of .NET's `RSAKeyValue`, as named in a JWK. */
const parts = { n: 'Modulus', e: 'Exponent', d: 'D', p: 'P', q: 'Q', dp: 'DP', dq: 'DQ', qi: 'InverseQ' } as const;

function jwkOfXml(xml: string): Record<string, string> {
  const part = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replaceAll(/\s/g, '') ?? '';
  const entries = Object.entries(parts).map(([key, name]) => [
    key,
    Buffer.from(part(name), 'base64').toString('base64url'),
  ]);
  return { kty: 'RSA', ...Object.fromEntries(entries) };
}

/** The application's RSA key; the vendor's portal shows it once, as XML (spec 2.4). */
export function rsaPrivateKey(text: string): KeyObject {
  try {
    const key = text.includes('<RSAKeyValue>')
      ? createPrivateKey({ key: jwkOfXml(text), format: 'jwk' })
      : createPrivateKey(text);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Falls through: the parser's message could hold a piece of the key.
  }
  throw new SyncError('misconfigured', "The CRM application's private key is not an RSA key.");
}
