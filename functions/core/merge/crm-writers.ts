/**
 * Several connections on one CRM record: whose value stands in a CRM field now. Always true: a value counts as written by a
 * connection only while it is the one that this last sent there; a person's edit since is nobody's, and the policy decides
 * as usual. Of two edits that meet through the CRM that of the connection higher in the sync priority wins, whichever was
 * synchronised first, so that no two connections write in turn. Pure. Attacked by test/core/merge/crm-writers.test.ts and
 * test/property/several-connections.test.ts.
 */
import { type CrmRecordLinks, sentMark } from '../model/crm-record.ts';
import type { Side } from '../model/side.ts';
import type { Value } from '../values/value.ts';
import type { FieldFacts } from './field-plan.ts';

/** Where another connection stands in the tenant's sync priority, seen from this one. */
type Rank = 'higher' | 'lower';

export interface CrmWriter {
  readonly connectionId: string;
  readonly rank: Rank;
  /** Marks of the values that it last sent, by CRM field. */
  readonly sent: Readonly<Record<string, string>>;
}

/**
 * The other connections that have sent values to a CRM record, those higher in the sync priority first. `order`: connections
 * in that order, this one among them; one that is not in it any more does not count.
 */
export function crmWritersOf({ sent }: CrmRecordLinks, connectionId: string, order: readonly string[]): CrmWriter[] {
  const own = order.indexOf(connectionId);
  return order.flatMap((id, place): CrmWriter[] => {
    const marks = id === connectionId ? undefined : sent[id];
    return marks ? [{ connectionId: id, rank: place < own ? 'higher' : 'lower', sent: marks }] : [];
  });
}

/** The connection whose value stands in a CRM field; nothing if it is this one's, or a person's. */
export function writerOf(writers: readonly CrmWriter[], crmField: string, value: Value): CrmWriter | undefined {
  const mark = sentMark(value);
  return writers.find(({ sent }) => sent[crmField] === mark);
}

/**
 * The side that wins a clash by the sync priority: the CRM if what is new there came from a connection that stands higher,
 * the ERP if all of it came from lower ones; nothing if some of it came from nobody.
 */
export function winnerByPriority(writers: readonly CrmWriter[], newInCrm: readonly FieldFacts[]): Side | undefined {
  if (writers.length === 0 || newInCrm.length === 0) return undefined;
  const ranks = newInCrm.map(({ mapped, crm }) => writerOf(writers, mapped.crm.key, crm)?.rank);
  if (ranks.includes(undefined)) return undefined;
  return ranks.includes('higher') ? 'crm' : 'erp';
}
