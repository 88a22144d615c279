/**
 * What the links of one CRM record have in common. The CRM is the hub: what one connection writes there is a change for the
 * others.
 */
import { fingerprint } from '../values/fingerprint.ts';
import type { Value } from '../values/value.ts';

/** One of the links of a CRM record; a connection has at most one. */
export interface LinkOfCrmRecord {
  readonly connectionId: string;
  readonly linkId: string;
}

/** Marks of the values that one connection last sent to the CRM, by CRM field. */
export type SentValues = Readonly<Record<string, string>>;

export interface CrmRecordLinks {
  readonly links: readonly LinkOfCrmRecord[];
  /** By connection; of a connection that has never sent a value while others had a link too there is nothing. */
  readonly sent: Readonly<Record<string, SentValues>>;
}

/** More would not fit the transactions that tell each of them. */
export const mostLinksOfCrmRecord = 20;

/** Enough to know a value again; a record keeps one a field and connection. */
export function sentMark(value: Value): string {
  return fingerprint(value).slice(0, 12);
}
