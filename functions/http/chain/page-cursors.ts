import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalid } from '../../core/errors.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { RequestFacts } from '../route.ts';

/** Page cursors as callers see them: signed for one scope (tenant, path, filter), so that none works anywhere else. */
export function pageCursors(signingKey: () => Promise<string>, scope: unknown): RequestFacts['cursors'] {
  const scopePrint = fingerprint(scope);
  const signatureOf = async (inner: string): Promise<Buffer> =>
    createHmac('sha256', await signingKey())
      .update(`cursor\n${scopePrint}\n${inner}`)
      .digest()
      .subarray(0, 16);
  return {
    async seal(inner) {
      const signature = await signatureOf(inner);
      return `${Buffer.from(inner).toString('base64url')}.${signature.toString('base64url')}`;
    },
    async unseal(text, path = 'query.cursor') {
      const [encoded = '', signature = ''] = text.split('.');
      const inner = Buffer.from(encoded, 'base64url').toString();
      const given = Buffer.from(signature, 'base64url');
      const right = await signatureOf(inner);
      if (given.length === right.length && timingSafeEqual(given, right)) return inner;
      const fault = { path, message: 'Not a cursor of this list' };
      throw invalid([fault], 'The cursor is not one of this list.');
    },
  };
}
