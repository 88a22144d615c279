import { ConnectionActivity } from '../../../../core/model/connection.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, readItem } from '../table/stored-item.ts';
import { sweepIn } from './sweeps.ts';

const type = 'activity';

export async function getActivity(table: Table, tenantId: string, connectionId: string): Promise<ConnectionActivity> {
  const item = await table.get(keys.activity(tenantId, connectionId));
  return item
    ? readItem(type, ConnectionActivity, item, (stored) => ({ ...withChains(stored), sweep: sweepIn(stored) }))
    : {};
}

type Noted = Omit<ConnectionActivity, 'chainsWaiting' | 'sweep'>;

const chainPrefix = 'waits-';

/** Each chain that waits is an attribute of its own, so that it is set and removed without being read. */
function withChains(item: Item): object {
  const waits = Object.entries(item).filter(([name]) => name.startsWith(chainPrefix));
  if (waits.length === 0) return item;
  return {
    ...item,
    chainsWaiting: Object.fromEntries(waits.map(([name, until]) => [name.slice(chainPrefix.length), until])),
  };
}

export async function noteChainWait(
  table: Table,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  chain: string,
  notBefore: string | undefined,
): Promise<void> {
  const name = `${chainPrefix}${chain}`;
  const set = { type, v: 1, ...attributesOf({ [name]: notBefore }) };
  const remove = notBefore === undefined ? [name] : [];
  await table.write({ update: keys.activity(tenantId, connectionId), set, remove });
}

export async function noteActivity(
  table: Table,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  noted: Noted,
): Promise<void> {
  await table.write(activityWrite({ tenantId, connectionId }, noted));
}

export function activityWrite(
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  noted: Noted,
): Write {
  return { update: keys.activity(tenantId, connectionId), set: { type, v: 1, ...attributesOf(noted) } };
}
