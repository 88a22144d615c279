import { type CrmRecordName, type RecordSight, type SightAnswer, SightMessage } from '../../ports/record-sight.ts';

export interface MemorySight extends RecordSight {
  /** Records that the CRM does not show to a user. */
  hide(userId: string, record: CrmRecordName): void;
  show(userId: string, record: CrmRecordName): void;
  /** Instead of what the CRM would say. */
  refusal: Extract<SightAnswer, { refusal: unknown }>['refusal'] | undefined;
  readonly asked: readonly SightMessage[];
}

/** Everybody sees what `isThere`, and is not hidden from them; refuses what the real thing refuses. */
export function memorySight(isThere: (record: CrmRecordName) => boolean): MemorySight {
  const hidden = new Set<string>();
  const asked: SightMessage[] = [];
  const nameOf = (userId: string, { crmType, crmKey }: CrmRecordName) => JSON.stringify([userId, crmType, crmKey]);
  return {
    asked,
    refusal: undefined,
    hide: (userId, record) => hidden.add(nameOf(userId, record)),
    show: (userId, record) => hidden.delete(nameOf(userId, record)),
    async ask(message) {
      const { userId, records } = SightMessage.parse(message).sight;
      asked.push(message);
      if (this.refusal) return { refusal: this.refusal };
      return { shown: records.filter((one) => isThere(one) && !hidden.has(nameOf(userId, one))) };
    },
  };
}
