/**
 * What a look has to know of the links that other connections have of the same CRM record. Read after the records: whoever
 * wrote the value that was read had told of it before. Who comes to the record later makes the link one revision higher, so
 * nothing is recorded without the newcomer. It only reads, so a crash leaves nothing. Attacked by
 * test/property/several-connections.test.ts and test/sync/several-connections.test.ts.
 */
import { type CrmWriter, crmWritersOf } from '../../core/merge/crm-writers.ts';
import type { LinkOfCrmRecord, SentValues } from '../../core/model/crm-record.ts';
import type { Link } from '../../core/model/link.ts';
import type { Engine } from '../engine.ts';

/** Seen from one link. */
export interface OtherLinks {
  readonly links: readonly LinkOfCrmRecord[];
  readonly writers: readonly CrmWriter[];
  /** What the link's own connection last sent to the CRM record. */
  readonly sent: SentValues;
}

/** By link id; of links that share their record with nobody there is nothing. */
export async function readOtherLinks(
  { links: store, connections }: Pick<Engine, 'links' | 'connections'>,
  links: readonly Pick<Link, 'tenantId' | 'id' | 'connectionId' | 'ends'>[],
): Promise<Map<string, OtherLinks>> {
  const found = new Map<string, OtherLinks>();
  const tenantId = links[0]?.tenantId;
  if (tenantId === undefined) return found;
  for (const [table, group] of Map.groupBy(links, ({ ends }) => ends.crm.table)) {
    const keys = group.map(({ ends }) => ends.crm.key);
    const records = await store.crmRecords(tenantId, table, keys);
    const senders = [...new Set([...records.values()].flatMap(({ sent }) => Object.keys(sent)))];
    const own = [...new Set(group.map(({ connectionId }) => connectionId))];
    const order = senders.length > 0 ? await connections.ordered(tenantId, [...new Set([...senders, ...own])]) : [];
    for (const { id, connectionId, ends } of group) {
      const record = records.get(ends.crm.key);
      if (!record) continue;
      found.set(id, {
        links: record.links.filter(({ linkId }) => linkId !== id),
        writers: crmWritersOf(record, connectionId, order),
        sent: record.sent[connectionId] ?? {},
      });
    }
  }
  return found;
}

/** As above, for the links of a look: most share their record with nobody, and then nothing is read. */
export function otherLinksOf(engine: Engine, links: readonly Link[]): Promise<Map<string, OtherLinks>> {
  return readOtherLinks(
    engine,
    links.filter(({ shared }) => shared),
  );
}
