import { tenantsStore } from '../adapters/aws/dynamodb/set-up/tenants.ts';
import { wireTable } from './base.ts';

/** For operators' commands: region and credentials are those of their shell. */
export function wireTenants({
  tableName,
  endpointUrl,
}: {
  readonly tableName: string;
  readonly endpointUrl?: string | undefined;
}) {
  const { runtime, table } = wireTable(tableName, endpointUrl);
  return { runtime, tenants: tenantsStore({ table }) };
}
