import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../../../ports/http.ts';
import type { SuperOfficeParts } from '../settings.ts';
import { apiError, parseJson } from './api-error.ts';
import { findKey, SigningKey } from './verify-token.ts';

const KeySet = z.object({ keys: z.array(z.unknown()) });

/** The vendor's keys at the tenant's address, kept and read again for one that is not among them (spec 2.1). */
export function signingKeys(
  { runtime, settings }: Pick<SuperOfficeParts, 'runtime' | 'settings'>,
  send: (request: HttpRequest) => Promise<HttpAnswer>,
  /** They are not read more often than that, whatever keys are asked for. */
  everyMs = 0,
) {
  let keys: readonly SigningKey[] = [];
  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    /** Undefined: none of those that are published. */
    async find(keyId: string | undefined): Promise<SigningKey | undefined> {
      const known = findKey(keys, keyId);
      if (known || runtime.nowMs() - readAtMs < everyMs) return known;
      const answer = await send({ method: 'GET', url: `${settings.address}/login/.well-known/jwks` });
      if (answer.status !== 200) throw apiError(answer, 'the key call', runtime.nowMs());
      const set = KeySet.safeParse(parseJson(answer.text));
      if (!set.success) throw new SyncError('transient', "The CRM's signing keys cannot be read.");
      readAtMs = runtime.nowMs();
      // A key of another form is none that could have signed: the others count.
      keys = set.data.keys.flatMap((key) => SigningKey.safeParse(key).data ?? []);
      return findKey(keys, keyId);
    },
  };
}
