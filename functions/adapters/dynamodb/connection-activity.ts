import { ConnectionActivity } from '../../core/connection.ts';
import type { Item, Table, Write } from '../../ports/table.ts';
import { keys } from './keys.ts';
import { attributesOf, readItem, textIn } from './stored-item.ts';

const type = 'activity';

export async function getActivity(table: Table, tenantId: string, connectionId: string): Promise<ConnectionActivity> {
  const item = await table.get(keys.activity(tenantId, connectionId));
  return item ? readItem(type, ConnectionActivity, item) : {};
}

export async function noteActivity(
  table: Table,
  { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
  noted: ConnectionActivity,
): Promise<void> {
  await table.write({ update: keys.activity(tenantId, connectionId), set: { type, v: 1, ...attributesOf(noted) } });
}

/** Days only go forward; of two callers that read the same day one is refused. */
export async function claimCompareDay(
  table: Table,
  tenantId: string,
  connectionId: string,
  day: string,
): Promise<boolean> {
  const key = keys.activity(tenantId, connectionId);
  const before = lastDay(await table.get(key));
  if (before !== undefined && before >= day) return false;
  const claim: Write = {
    update: key,
    set: { type, v: 1, lastComparedDay: day },
    when: before === undefined ? { absent: ['lastComparedDay'] } : { equals: { lastComparedDay: before } },
  };
  const { ok } = await table.transact([claim]);
  return ok;
}

function lastDay(item: Item | undefined): string | undefined {
  return item && textIn(item, 'lastComparedDay');
}
