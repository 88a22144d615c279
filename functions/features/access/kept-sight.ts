/**
 * What the CRM shows to its users is asked once in five minutes, by user and record. Always true: an answer is used for the
 * tenant, the user and the record that it was given for, and for five minutes from when it was asked for; a refusal is not
 * kept. It is in the memory of the function that asks: a crash forgets it. Attacked by
 * test/features/access/kept-sight.test.ts.
 */
import { putLast } from '../../core/put-last.ts';
import { sightKeptMs } from '../../core/timing/session.ts';
import type { CrmRecordName, RecordSight } from '../../ports/record-sight.ts';
import type { Runtime } from '../../ports/runtime.ts';

/** One takes some 200 bytes. */
const mostKept = 20_000;

interface Answer {
  readonly isShown: boolean;
  readonly untilMs: number;
}

export function keptSight(
  sight: RecordSight,
  { nowMs }: Pick<Runtime, 'nowMs'>,
  { most = mostKept } = {},
): RecordSight {
  const kept = new Map<string, Answer>();

  return {
    async ask(message) {
      const { tenantId, userId, records } = message.sight;
      const nameOf = ({ crmType, crmKey }: CrmRecordName) => JSON.stringify([tenantId, userId, crmType, crmKey]);
      const askedAtMs = nowMs();
      const known = new Map<CrmRecordName, Answer>();
      for (const record of records) {
        const answer = kept.get(nameOf(record));
        if (answer && askedAtMs < answer.untilMs) known.set(record, answer);
      }
      const rest = records.filter((record) => !known.has(record));
      const answer =
        rest.length === 0 ? { shown: [] } : await sight.ask({ sight: { ...message.sight, records: rest } });
      if ('refusal' in answer) return answer;
      const shown = new Set(answer.shown.map(nameOf));
      const isShown = (record: CrmRecordName) => known.get(record)?.isShown ?? shown.has(nameOf(record));
      for (const record of rest) {
        putLast(kept, nameOf(record), { isShown: isShown(record), untilMs: askedAtMs + sightKeptMs }, most);
      }
      return { shown: records.filter(isShown) };
    },
  };
}
