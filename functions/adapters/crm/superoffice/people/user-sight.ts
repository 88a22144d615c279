/**
 * Which records the CRM shows to one of its users: an archive list over the ids, asked as that user, of which the key is
 * read alone. Always true: what is not listed is not shown, and where the CRM did not say nothing is. It keeps nothing.
 * Attacked by test/contract/record-sight-superoffice.test.ts.
 */
import { asSyncError } from '../../../../core/errors.ts';
import type { UserSight } from '../../../../ports/identity-provider.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { recordTypes } from '../fields/record-types.ts';
import { isPrimaryKey } from '../read/read-records.ts';
import { rowsByKey } from '../read/rows-by-key.ts';
import type { Calls } from '../session/session.ts';
import { refused, silent } from './refusals.ts';

/** So old an access token may be refused for its age, and not for what was asked (spec 2.2 names 401 and 403 for that). */
const oldMs = 60_000;

interface SightParts {
  readonly runtime: Runtime;
  readonly session: Calls;
}

export function userSight(
  { runtime, session }: SightParts,
  { askedAtMs, goodUntilMs }: { readonly askedAtMs: number; readonly goodUntilMs: number },
): UserSight {
  return {
    goodUntilMs,
    async shown(crmType, keys) {
      const recordType = recordTypes[crmType];
      const { key } = recordType.columns;
      try {
        const asked = keys.filter(isPrimaryKey);
        const { rows, failed } = await rowsByKey(session, runtime, recordType, asked, { select: [key] });
        const unclear = failed.find(({ error }) => error.kind !== 'forbidden');
        if (unclear) throw unclear.error;
        return new Set(rows.map((row) => String(row[key])));
      } catch (failure) {
        const error = asSyncError(failure);
        const mayBeOld = runtime.nowMs() - askedAtMs >= oldMs;
        if (error.kind === 'unauthorised' || (error.kind === 'forbidden' && mayBeOld)) throw refused();
        // The user may read none of this type.
        if (error.kind === 'forbidden') return new Set();
        throw error.kind === 'defect' ? error : silent(error.retryAfterMs);
      }
    },
  };
}
