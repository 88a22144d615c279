import type { Side } from '../../../../core/model/actor-type.ts';
import { Link } from '../../../../core/model/link.ts';
import type { Condition, Item, Key, Write } from '../../../../ports/table.ts';
import { indexPartitions, keys, sortKeys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

export function linkItem(link: Link): Item {
  const { tenantId, connectionId, id, state, actorType } = link;
  const index = {
    gsi1pk: indexPartitions.linksOfCrmRecord(tenantId, link.crmTable, link.crmKey),
    gsi1sk: sortKeys.id(id),
    gsi2pk: indexPartitions.linkByState(tenantId, connectionId, state, id),
    gsi2sk: sortKeys.link(actorType, id),
    gsi3pk: indexPartitions.link(tenantId, connectionId, id),
    gsi3sk: sortKeys.link(actorType, id),
  };
  return storedItem({ type: 'link', key: keys.link(tenantId, id), index }, link);
}

export function readLink(item: Item): Link {
  return readItem('link', Link, item);
}

/** Replaces the link, on condition that nobody wrote it since it was read. */
export function linkWrite(before: Link, after: Link): Write {
  return { put: linkItem(after), when: { equals: { revision: before.revision } } };
}

export function claimKey(link: Link, side: Side): Key {
  const { tenantId, connectionId } = link;
  return side === 'crm'
    ? keys.claim(tenantId, connectionId, side, link.crmTable, link.crmKey)
    : keys.claim(tenantId, connectionId, side, link.erpTable, link.erpKey);
}

/** The three items that make both uniqueness rules true; each names the link that holds it. */
export function holdings(
  link: Link,
): readonly { readonly by: HoldingKind; readonly key: Key; readonly type: string }[] {
  return [
    { by: 'crm-record', key: claimKey(link, 'crm'), type: 'claim' },
    { by: 'erp-actor', key: claimKey(link, 'erp'), type: 'claim' },
    { by: 'crm-record-linked', key: keys.crmRecord(link.tenantId, link.crmTable, link.crmKey), type: 'crm-record' },
  ];
}

type HoldingKind = 'crm-record' | 'erp-actor' | 'crm-record-linked';

/** Puts all three, on the condition given: free, or held by this link already. */
export function takeHoldings(link: Link, when: Condition): Write[] {
  return holdings(link).map(({ key, type }) => ({
    put: storedItem(
      { type, key },
      { linkId: link.id, connectionId: link.connectionId, ...(type === 'crm-record' && { links: 1 }) },
    ),
    when,
  }));
}

export function giveHoldingsBack(link: Link): Write[] {
  return holdings(link).map(({ key }) => ({ delete: key, when: { equals: { linkId: link.id } } }));
}
