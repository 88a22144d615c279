/**
 * The stored form of a link and of what it owns. Always true: what an earlier version stored is read in the words of this
 * one, and the attributes keep their first names. Nothing is written here, so a crash leaves nothing. Attacked by
 * test/adapters/aws/dynamodb/links/link-items.test.ts.
 */

import { type Intent, Link } from '../../../../core/model/link.ts';
import type { Side } from '../../../../core/model/side.ts';
import type { Attribute, Condition, Item, Key, Write } from '../../../../ports/table.ts';
import { indexPartitions, keys, sortKeys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

export function linkItem(link: Link): Item {
  const { tenantId, connectionId, id, state, ends } = link;
  const index = {
    gsi1pk: indexPartitions.linksOfCrmRecord(tenantId, ends.crm.table, ends.crm.key),
    gsi1sk: sortKeys.id(id),
    gsi2pk: indexPartitions.linkByState(tenantId, connectionId, state, id),
    gsi2sk: sortKeys.link(ends.erp.type, id),
    gsi3pk: indexPartitions.link(tenantId, connectionId, id),
    gsi3sk: sortKeys.link(ends.erp.type, id),
  };
  return storedItem({ type: 'link', key: keys.link(tenantId, id), index }, asStored(link));
}

/** The ends are stored flat, one attribute a part; field states and intended writes both under the name `fields`. */
function asStored({ ends: { crm, erp }, fieldStates, intent, ...rest }: Link): object {
  return {
    ...rest,
    fields: fieldStates,
    intent: intent && storedIntent(intent),
    crmType: crm.type,
    crmTable: crm.table,
    crmKey: crm.key,
    actorType: erp.type,
    erpTable: erp.table,
    erpKey: erp.key,
  };
}

function storedIntent({ writes, ...rest }: Intent): object {
  return { ...rest, fields: writes };
}

function isMap(value: Attribute | undefined): value is { readonly [name: string]: Attribute } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
}

/** An overtaken write that may be theirs or ours was once called `unproven`. */
function upgraded(state: Attribute): Attribute {
  return isMap(state) && state.overtaken === 'unproven' ? { ...state, overtaken: 'unclear' } : state;
}

function asRead(item: Item): unknown {
  const { crmType, crmTable, crmKey, actorType, erpTable, erpKey, fields, intent, ...rest } = item;
  return {
    ...rest,
    fieldStates: isMap(fields)
      ? Object.fromEntries(Object.entries(fields).map(([field, state]) => [field, upgraded(state)]))
      : fields,
    intent: isMap(intent) ? { ...intent, writes: intent.fields } : intent,
    ends: {
      crm: { type: crmType, table: crmTable, key: crmKey },
      erp: { type: actorType, table: erpTable, key: erpKey },
    },
  };
}

export function readLink(item: Item): Link {
  return readItem('link', Link, item, asRead);
}

/** Replaces the link, on condition that nobody wrote it since it was read. */
export function linkWrite(before: Link, after: Link): Write {
  return { put: linkItem(after), when: { equals: { revision: before.revision } } };
}

function claimKey(link: Link, side: Side): Key {
  const { table, key } = link.ends[side];
  return keys.claim(link.tenantId, link.connectionId, side, table, key);
}

interface UniqueItem {
  readonly by: 'crm-record' | 'erp-actor' | 'crm-record-linked';
  readonly side: Side;
  readonly key: Key;
  readonly type: string;
}

/** The three items that make both uniqueness rules true; each names the link that has it. */
export function uniqueItems(link: Link): readonly UniqueItem[] {
  const record = keys.crmRecord(link.tenantId, link.ends.crm.table, link.ends.crm.key);
  return [
    { by: 'crm-record', side: 'crm', key: claimKey(link, 'crm'), type: 'claim' },
    { by: 'erp-actor', side: 'erp', key: claimKey(link, 'erp'), type: 'claim' },
    { by: 'crm-record-linked', side: 'crm', key: record, type: 'crm-record' },
  ];
}

/** Puts them, on the condition given: free, or this link's already. */
export function takeUniqueItems(link: Link, when: Condition, items = uniqueItems(link)): Write[] {
  return items.map(({ key, type }) => ({
    put: storedItem(
      { type, key },
      { linkId: link.id, connectionId: link.connectionId, links: type === 'crm-record' ? 1 : undefined },
    ),
    when,
  }));
}

export function giveUniqueItemsBack(link: Link, items = uniqueItems(link)): Write[] {
  return items.map(({ key }) => ({ delete: key, when: { equals: { linkId: link.id } } }));
}
