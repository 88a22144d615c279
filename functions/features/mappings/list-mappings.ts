import { fieldToErp, type ListsInUse, listsInUse } from '../../core/mapping/lists-in-use.ts';
import { type Proposal, proposePairs } from '../../core/mapping/propose-pairs.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { ListItem } from '../../core/model/field.ts';
import type { Application } from '../application.ts';
import { liveCompactSetup } from '../systems/live-setup.ts';
import { bothLists, type ReadList } from './both-lists.ts';

/** A pair as people see it; a side on which the item is gone keeps its pair until that is changed. */
interface PairView {
  readonly erpItem: string;
  readonly erpText: string | undefined;
  readonly erpGone: true | undefined;
  readonly crmItem: string;
  readonly crmText: string | undefined;
  readonly crmGone: true | undefined;
}

interface UnmappedView {
  readonly erpItem: string;
  readonly erpText: string;
  /** Taken over by a person, and never by itself. */
  readonly proposal: (Proposal & { readonly crmText: string | undefined }) | undefined;
}

interface ListMappingView extends Pick<ListsInUse, 'erpList' | 'crmList' | 'fields'> {
  /** Whether several ERP items may be one CRM item. */
  readonly shared: boolean;
  readonly paired: boolean;
  readonly pairs: readonly PairView[];
  readonly unmapped: readonly UnmappedView[];
}

export interface ListMappingsView {
  readonly lists: readonly ListMappingView[];
  readonly revision: number;
}

function byKey(items: readonly ListItem[]): ReadonlyMap<string, ListItem> {
  return new Map(items.map((item) => [item.key, item]));
}

async function viewOf(lists: ListsInUse, readList: ReadList): Promise<ListMappingView> {
  const { erpList, crmList, fields, pairing } = lists;
  const [erpItems, crmItems] = await Promise.all([readList('erp', erpList), readList('crm', crmList)]);
  const [erpByKey, crmByKey] = [byKey(erpItems), byKey(crmItems)];
  const pairs = Object.entries(pairing?.pairs ?? {});
  const mapped = new Set(pairs.map(([erpItem]) => erpItem));
  const taken = new Set(pairs.map(([, crmItem]) => crmItem));
  const shared = fieldToErp(lists) === undefined;
  const unmapped = erpItems.filter(({ key }) => !mapped.has(key));
  const offered = shared ? crmItems : crmItems.filter(({ key }) => !taken.has(key));
  const proposals = proposePairs(unmapped, offered);
  return {
    erpList,
    crmList,
    fields,
    shared,
    paired: pairing !== undefined,
    pairs: pairs.map(([erpItem, crmItem]) => ({
      erpItem,
      erpText: erpByKey.get(erpItem)?.text,
      erpGone: erpByKey.has(erpItem) ? undefined : true,
      crmItem,
      crmText: crmByKey.get(crmItem)?.text,
      crmGone: crmByKey.has(crmItem) ? undefined : true,
    })),
    unmapped: unmapped.map(({ key, text }) => {
      const proposal = proposals.get(key);
      const crmText = proposal && crmByKey.get(proposal.crmItem)?.text;
      return { erpItem: key, erpText: text, proposal: proposal && { ...proposal, crmText } };
    }),
  };
}

/** All that mapped fields join, or those of one ERP list. */
export async function listMappingsOf(
  setup: ConnectionSetup,
  readList: ReadList,
  erpList?: string,
): Promise<ListMappingsView> {
  const used = listsInUse(setup, setup.actorTypes).filter((one) => erpList === undefined || one.erpList === erpList);
  const lists = await Promise.all(used.map((one) => viewOf(one, readList)));
  return { lists, revision: setup.lists.revision };
}

/** Pairs, what is not mapped, and what may be mapped to what; no list before a list field is mapped. */
export async function readListMappings(
  app: Application,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  { language, erpList }: { readonly language: string | undefined; readonly erpList: string | undefined },
): Promise<ListMappingsView> {
  const setup = await liveCompactSetup(app, tenantId, connectionId);
  return listMappingsOf(setup, bothLists(app, setup, language), erpList);
}
