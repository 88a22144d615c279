/**
 * The list of a CRM record's links, one a connection, and what each last sent to it. Always true: every link that is not
 * disconnected is in its record's list; whoever joins it makes those that are there `shared` and one revision higher in the
 * same transaction, so a look that does not know of the newcomer cannot record. What an earlier version stored names its
 * only link in attributes of its own. A crash leaves all of a move or nothing. Attacked by test/contract/stores-shared-suite.ts.
 */
import {
  type CrmRecordLinks,
  type LinkOfCrmRecord,
  mostLinksOfCrmRecord,
  type SentValues,
} from '../../../../core/model/crm-record.ts';
import type { Link, LinkHead } from '../../../../core/model/link.ts';
import type { Attribute, Condition, Item, Key, Table, Write } from '../../../../ports/table.ts';
import { keys, lastPart } from '../table/keys.ts';
import { membersIn, numberIn, storedItem, textIn } from '../table/stored-item.ts';
import { isMap } from './attribute-map.ts';

/** No id has it. */
const between = '~';

const sentPrefix = 'sent-';

function sentAttribute(connectionId: string): string {
  return `${sentPrefix}${connectionId}`;
}

function memberOf({ connectionId, id }: Pick<Link, 'connectionId' | 'id'>): string {
  return `${connectionId}${between}${id}`;
}

export function crmRecordKey({ tenantId, ends: { crm } }: Pick<Link, 'tenantId' | 'ends'>): Key {
  return keys.crmRecord(tenantId, crm.table, crm.key);
}

function linksIn(item: Item): LinkOfCrmRecord[] {
  const listed = [...membersIn(item, 'members')].sort().map((member) => {
    const [connectionId = '', linkId = ''] = member.split(between);
    return { connectionId, linkId };
  });
  const [connectionId, linkId] = [textIn(item, 'connectionId'), textIn(item, 'linkId')];
  return connectionId === undefined || linkId === undefined ? listed : [{ connectionId, linkId }, ...listed];
}

function sentIn(item: Item): Record<string, SentValues> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, sent]) => {
      if (!name.startsWith(sentPrefix) || !isMap(sent)) return [];
      const marks = Object.entries(sent).map(([field, mark]) => [field, String(mark)]);
      return [[name.slice(sentPrefix.length), Object.fromEntries(marks)]];
    }),
  );
}

export async function readCrmRecords(
  table: Table,
  tenantId: string,
  crmTable: string,
  crmKeys: readonly string[],
): Promise<ReadonlyMap<string, CrmRecordLinks>> {
  const items = await table.getMany(crmKeys.map((key) => keys.crmRecord(tenantId, crmTable, key)));
  return new Map(items.map((item) => [lastPart(item.pk), { links: linksIn(item), sent: sentIn(item) }]));
}

/** As it was read, as far as its links go: `revision` goes up with each that comes or leaves. */
function asRead(item: Item): Condition {
  const revision = numberIn(item, 'revision');
  return revision > 0 ? { equals: { revision } } : { exists: true, absent: ['revision'] };
}

/** Changes a link from outside: one revision higher, so that whoever has it in hand reads it again. */
function tellLink(tenantId: string, linkId: string, set: Readonly<Record<string, Attribute>>): Write {
  return { update: keys.linkOf(tenantId)(linkId), set, add: { revision: 1 }, when: { exists: true } };
}

/** At its next look the CRM's values win. */
export function resyncWrite(
  tenantId: string,
  linkId: string,
  { noBlanks, fields, at }: NonNullable<Link['resyncsFromCrm']>,
): Write {
  return tellLink(tenantId, linkId, { resyncsFromCrm: { noBlanks, fields, at } });
}

/** `shared`: others are there. The link's own writes are to say so, too. */
export interface Joining {
  readonly writes: readonly Write[];
  readonly shared: boolean;
  /** There is no place for another one: one of those that have one. */
  readonly fullBy?: string | undefined;
}

/** To join the list as it was read; nothing was there where none was. */
export function joinCrmRecord(link: Link, found: Item | undefined): Joining {
  const key = crmRecordKey(link);
  const member = memberOf(link);
  if (!found) {
    const item = storedItem({ type: 'crm-record', key }, { links: 1, members: new Set([member]), revision: 1 });
    return { writes: [{ put: item, when: { exists: false } }], shared: false };
  }
  const others = linksIn(found).filter(({ linkId }) => linkId !== link.id);
  const joined: Write = {
    update: key,
    add: { links: 1, revision: 1 },
    addMembers: { members: [member] },
    when: asRead(found),
  };
  const told = others.map(({ linkId }) => tellLink(link.tenantId, linkId, { shared: true }));
  const fullBy = others.length >= mostLinksOfCrmRecord ? others[0]?.linkId : undefined;
  return { writes: [joined, ...told], shared: others.length > 0, fullBy };
}

/** To leave the list; of a link that nobody shares the record with, it need not be read. */
export function leaveCrmRecord(link: LinkHead, found: Item | undefined): Write[] {
  const key = crmRecordKey(link);
  if (!link.shared) return [{ delete: key, when: { equals: { links: 1 } } }];
  if (!found) return [];
  if (linksIn(found).every(({ linkId }) => linkId === link.id)) return [{ delete: key, when: asRead(found) }];
  const isNamed = textIn(found, 'linkId') === link.id;
  return [
    {
      update: key,
      add: { links: -1, revision: 1 },
      remove: [sentAttribute(link.connectionId), ...(isNamed ? ['linkId', 'connectionId'] : [])],
      ...(!isNamed && { dropMembers: { members: [memberOf(link)] } }),
      when: asRead(found),
    },
  ];
}

/** What the link's connection last sent to the record. */
export function sentWrite(link: Link, sent: SentValues): Write {
  return { update: crmRecordKey(link), set: { [sentAttribute(link.connectionId)]: sent }, when: { exists: true } };
}
