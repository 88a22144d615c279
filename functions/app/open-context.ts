import { SyncError } from '../core/errors.ts';
import type { Engine } from './engine.ts';
import type { LookContext } from './look-context.ts';

/** Both ends of a connection, or nothing while it is not active: cursors and due items then stay where they are. */
export async function openContext(
  engine: Engine,
  tenantId: string,
  connectionId: string,
  states: readonly string[] = ['active'],
): Promise<LookContext | undefined> {
  const [tenant, setup] = await Promise.all([
    engine.tenants.get(tenantId),
    engine.connections.getSetup(tenantId, connectionId),
  ]);
  if (!setup || !states.includes(setup.connection.state)) return undefined;
  if (!tenant) throw new SyncError('defect', `Connection ${connectionId} has no tenant.`);
  const [crm, erp] = await Promise.all([engine.systems.crm(tenant), engine.systems.erp(setup.connection)]);
  const [crmCapabilities, erpCapabilities] = await Promise.all([crm.capabilities(), erp.capabilities()]);
  return {
    setup,
    policy: setup.connection.conflictPolicy ?? tenant.defaultConflictPolicy,
    crm,
    erp,
    capabilities: { crm: crmCapabilities, erp: erpCapabilities },
  };
}
