/**
 * Which records the CRM shows to a session's user, asked as that user. Always true: the answer is the CRM's to that very
 * user; where it did not answer nothing is shown. Access tokens are in memory alone, for as long as they are good: a crash
 * forgets them. Attacked by test/features/sessions/records-in-sight.test.ts.
 */
import { asSyncError } from '../../core/errors.ts';
import type { Session } from '../../core/model/session.ts';
import { putLast } from '../../core/put-last.ts';
import { hasEnded } from '../../core/timing/session.ts';
import type { UserSight } from '../../ports/identity-provider.ts';
import type { CrmRecordName, SightAnswer, SightMessage } from '../../ports/record-sight.ts';
import { askNow } from './ask-of-user.ts';
import type { SignInApplication } from './sign-in-application.ts';

/** With its closures one takes some 5 KB. */
const mostKept = 1_000;

/** Keeps the sights of users from one message to the next. */
export function recordsInSight(app: SignInApplication): (message: SightMessage) => Promise<SightAnswer> {
  const kept = new Map<string, UserSight>();

  return async ({ sight: { tenantId, sessionId, userId, records } }) => {
    const of = `${tenantId} ${sessionId}`;
    const session = await app.sessions.get(tenantId, sessionId);
    if (session?.user?.id !== userId || hasEnded(session, app.runtime.nowMs())) {
      kept.delete(of);
      return { refusal: 'ended' };
    }
    if (session.refreshToken === undefined) return { refusal: 'not-askable' };
    const known = kept.get(of);
    if (known && app.runtime.nowMs() < known.goodUntilMs) {
      const answer = await answerOf(app, session, known, records);
      if (answer !== 'refused') {
        putLast(kept, of, known, mostKept);
        return answer;
      }
    }
    kept.delete(of);
    const sight = await askNow(app, session);
    if (sight === 'out') return { refusal: 'ended' };
    if (sight === 'unknown') return { refusal: 'unanswered' };
    putLast(kept, of, sight, mostKept);
    const answer = await answerOf(app, session, sight, records);
    // The CRM has just said who the user is: it is not the user that it refuses.
    return answer === 'refused' ? { refusal: 'unanswered' } : answer;
  };
}

async function answerOf(
  { telemetry }: SignInApplication,
  { tenantId, id }: Session,
  sight: UserSight,
  records: readonly CrmRecordName[],
): Promise<SightAnswer | 'refused'> {
  try {
    const shown: CrmRecordName[] = [];
    for (const [crmType, group] of Map.groupBy(records, (record) => record.crmType)) {
      const keys = await sight.shown(crmType, [...new Set(group.map(({ crmKey }) => crmKey))]);
      shown.push(...group.filter(({ crmKey }) => keys.has(crmKey)));
    }
    return { shown };
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind === 'unauthorised') return 'refused';
    telemetry.failure('sight-not-answered', error, { tenantId, sessionId: id });
    return { refusal: 'unanswered', retryAfterMs: error.retryAfterMs };
  }
}
