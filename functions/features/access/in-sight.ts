import { batches } from '../../core/batches.ts';
import { SyncError } from '../../core/errors.ts';
import { type CrmRecordName, mostRecordsAsked, type SightAnswer } from '../../ports/record-sight.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';

type Refusal = Extract<SightAnswer, { refusal: unknown }>;
type Sees = (record: CrmRecordName) => boolean;

/**
 * Which of these records of the CRM the caller may be shown: a user those that the CRM shows to them, who sets up and who
 * serves the CRM's back end all. Asked once for all of them. SyncError `unauthenticated` where the CRM lets the user in no
 * more, `forbidden` where it cannot be asked as them at all, `transient` where it does not answer.
 */
export async function inSight(
  { recordSight }: Pick<Application, 'recordSight'>,
  { role, tenantId, user, sessionId }: Caller,
  records: readonly CrmRecordName[],
): Promise<Sees> {
  if (role !== 'user' || records.length === 0) return () => true;
  if (!user || sessionId === undefined) throw notAskable();
  const nameOf = ({ crmType, crmKey }: CrmRecordName) => `${crmType} ${crmKey}`;
  const asked = new Map(records.map(({ crmType, crmKey }) => [nameOf({ crmType, crmKey }), { crmType, crmKey }]));
  const shown = new Set<string>();
  for (const some of batches([...asked.values()], mostRecordsAsked)) {
    const answer = await recordSight.ask({ sight: { tenantId, sessionId, userId: user.id, records: some } });
    if ('refusal' in answer) throw refusalOf(answer);
    for (const record of answer.shown) shown.add(nameOf(record));
  }
  return (record) => shown.has(nameOf(record));
}

function refusalOf({ refusal, retryAfterMs }: Refusal): SyncError {
  if (refusal === 'not-askable') return notAskable();
  return refusal === 'ended' ? ended() : unanswered(retryAfterMs);
}

function notAskable(): SyncError {
  return new SyncError('forbidden', 'The CRM cannot be asked what you may see there: sign in by the CRM’s own page.');
}

function ended(): SyncError {
  return new SyncError('unauthenticated', 'The session has ended: sign in again.');
}

function unanswered(retryAfterMs: number | undefined): SyncError {
  const words = 'The CRM does not say now what you may see of it: nothing is shown until it does.';
  return new SyncError('transient', words, retryAfterMs === undefined ? {} : { retryAfterMs });
}
