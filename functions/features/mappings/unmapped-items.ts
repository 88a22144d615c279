import { type AwaitedItem, awaitedItems } from '../../core/mapping/awaited-items.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import { otherSide, type Side } from '../../core/model/side.ts';
import type { WaitingLink } from '../../core/model/waiting-link.ts';
import { itemText } from '../../core/values/several-items.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { pageOf } from '../page-of.ts';
import { liveCompactSetup } from '../systems/live-setup.ts';
import { bothLists, type ReadList } from './both-lists.ts';

interface FieldWaiting {
  readonly actorType: ActorType;
  readonly erpField: string;
  readonly crmField: string;
  readonly links: number;
}

/** A list item that was met in a sync and has no counterpart, with the links that wait for it. */
export interface UnmappedItem {
  readonly erpList: string;
  readonly crmList: string;
  /** Whose item it is. */
  readonly side: Side;
  readonly item: string;
  /** Of several that one record has, those of all; absent where its system does not say. */
  readonly text: string | undefined;
  readonly links: number;
  /** There may be more: not all links that wait were counted. */
  readonly atLeast?: true;
  readonly fields: readonly FieldWaiting[];
}

/** A wait of a link, for an item that is still not mapped. */
interface Wait extends Pick<AwaitedItem, 'side' | 'item' | 'mapped'> {
  readonly linkId: string;
  readonly actorType: ActorType;
}

function waitsOf(setup: ConnectionSetup, link: WaitingLink): Wait[] {
  const { linkId, actorType } = link;
  return awaitedItems(setup, link).flatMap(({ isMapped, side, item, mapped }) =>
    isMapped ? [] : [{ linkId, actorType, side, item, mapped }],
  );
}

function fieldsOf(waits: readonly Wait[]): FieldWaiting[] {
  const byField = Map.groupBy(waits, ({ actorType, mapped: { erpField, crmField } }) =>
    JSON.stringify([actorType, erpField, crmField]),
  );
  return [...byField.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { actorType, mapped } = first;
    return [{ actorType, erpField: mapped.erpField, crmField: mapped.crmField, links: 1 + others.length }];
  });
}

/** Most waited for first. */
function itemsOf(waits: readonly Wait[], more: boolean): Omit<UnmappedItem, 'text'>[] {
  const listsOf = ({ mapped }: Wait) => ({ erp: mapped.erp.listName ?? '', crm: mapped.crm.listName ?? '' });
  const byItem = Map.groupBy(waits, (wait) => JSON.stringify([listsOf(wait), wait.side, wait.item]));
  const items = [...byItem.values()].flatMap((ofItem) => {
    const [first] = ofItem;
    if (!first) return [];
    const lists = listsOf(first);
    const side = otherSide(first.side);
    return [
      {
        erpList: lists.erp,
        crmList: lists.crm,
        side,
        item: first.item,
        links: new Set(ofItem.map(({ linkId }) => linkId)).size,
        ...(more && { atLeast: true as const }),
        fields: fieldsOf(ofItem),
      },
    ];
  });
  return items.toSorted((one, other) => other.links - one.links || (one.item < other.item ? -1 : 1));
}

/** The text of an item; a system that does not answer leaves its items without. */
function textsOf(readList: ReadList) {
  const texts = new Map<string, Promise<ReadonlyMap<string, string>>>();
  return async (side: Side, list: string, item: string): Promise<string | undefined> => {
    const key = JSON.stringify([side, list]);
    const known =
      texts.get(key) ??
      readList(side, list).then(
        (items) => new Map(items.map((one) => [one.key, one.text])),
        () => new Map<string, string>(),
      );
    texts.set(key, known);
    return itemText(await known, item);
  };
}

/** Items that were met and are not mapped, most waited for first; counted from the links that wait, as each remembers it. */
export async function listUnmappedItems(
  app: Application,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  language: string | undefined,
  page: PageRequest,
): Promise<Page<UnmappedItem>> {
  const [setup, { links, more }] = await Promise.all([
    liveCompactSetup(app, tenantId, connectionId),
    app.waitingLinks.all(tenantId, connectionId),
  ]);
  const waits = links.flatMap((link) => waitsOf(setup, link));
  const textOf = textsOf(bothLists(app, setup, language));
  const { items, cursor } = pageOf(itemsOf(waits, more), page);
  const told = items.map(async (one) => ({
    ...one,
    text: await textOf(one.side, one.side === 'erp' ? one.erpList : one.crmList, one.item),
  }));
  return { items: await Promise.all(told), cursor };
}
