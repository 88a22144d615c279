import { ConnectionActivity } from '../../../../core/model/connection.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, readItem } from '../table/stored-item.ts';

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
