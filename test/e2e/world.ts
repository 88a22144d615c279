import { randomInt } from 'node:crypto';
import path from 'node:path';
import { inject } from 'vitest';
import type { FieldMapping } from '../../functions/core/mapping/mapping.ts';
import type { ConflictPolicy } from '../../functions/core/merge/policy.ts';
import { type ApiClient, apiClient } from '../../local/api-client.ts';
import { startCrmSimulator } from '../../local/crm-simulator/start-crm-simulator.ts';
import type { Seed } from '../../local/crm-simulator/state-file.ts';
import { operatorKeys } from '../../local/operator-keys.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { type CrmDoor, crmDoor } from './crm-door.ts';
import { type ErpProxy, startErpProxy } from './erp-proxy.ts';
import type { RunningSystem } from './start-system.ts';
import { type TrytonPerson, trytonPerson } from './tryton-person.ts';

/**
 * One tenant of the deployed service with a CRM of its own and an active connection to the one Tryton, so that what a test
 * does to its CRM, its way to the ERP or its runs concerns no other test.
 */
export interface World {
  system: RunningSystem;
  api: ApiClient;
  adminKey: string;
  tenantId: string;
  crm: CrmDoor;
  crmUrl: string;
  /** Where the simulator's own door is, and what its one tenant is called. */
  crmControlUrl: string;
  crmContext: string;
  erp: TrytonPerson;
  proxy: ErpProxy;
  connectorId: string;
  connectionId: string;
}

export interface WorldOptions {
  /** The system's own tenant and CRM instead of new ones; for one test file only. */
  ownTenant?: boolean;
  seed?: Seed;
  intervalMinutes?: number;
  conflictPolicy?: ConflictPolicy;
  /** By ERP field. */
  fieldPolicies?: Record<string, ConflictPolicy>;
  /** What else is set of a row, by ERP field. */
  fieldRows?: Record<string, Partial<FieldMapping>>;
}

/** Polls come at most hourly, so that nothing happens that a test did not ask for. */
const never = 525_600;

interface Mapping {
  fields: FieldMapping[];
  options: { erpField: string; crmFields: { crmField: string; possible: FieldMapping['direction'][] }[] }[];
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const system = inject('system');
  const { adminKey, crm: site } = options.ownTenant ? system.own : await newTenant(system, options.seed);
  const api = apiClient({ apiUrl: system.apiUrl, key: adminKey });
  const crm = crmDoor(site.controlUrl);
  const tenant = await saveCrmSettings(api, site);
  const proxy = await startErpProxy(system.erp.url);
  const connector = await api.post<{ id: string }>('/v1/connectors', { kind: 'tryton', name: 'ERP', url: proxy.url });
  const connection = await api.post<{ id: string }>('/v1/connections', {
    ...{ connectorId: connector.id, name: 'Main', intervalMinutes: options.intervalMinutes ?? never },
    config: { database: system.erp.database, ...trytonAccounts.connection, dedicatedUser: true },
    ...(options.conflictPolicy && { conflictPolicy: options.conflictPolicy }),
  });
  for (const type of ['customer', 'supplier', 'person', 'project']) {
    await api.replace<Mapping>(`/v1/connections/${connection.id}/actor-types/${type}/mapping`, (mapping) => ({
      active: true,
      fields: mapping.fields.map((row) => ({
        ...bothWays(mapping, row, options.fieldPolicies?.[row.erpField]),
        ...options.fieldRows?.[row.erpField],
      })),
    }));
  }
  await api.post(`/v1/connections/${connection.id}/activate`);
  const erp = await trytonPerson(system.erp);
  return {
    ...{ system, api, adminKey, tenantId: tenant.id, crm, crmUrl: site.url, erp, proxy },
    ...{ crmControlUrl: site.controlUrl, crmContext: site.tenant },
    ...{ connectorId: connector.id, connectionId: connection.id },
  };
}

/** Makes a tenant's CRM known to the service. */
export async function saveCrmSettings(
  api: ApiClient,
  { url: address, controlUrl }: { url: string; controlUrl: string },
) {
  const { clientId, clientSecret, systemToken, privateKeyPem } = await crmDoor(controlUrl).credentials();
  return api.replace<{ id: string }>('/v1/tenant', () => ({
    crm: { kind: 'superoffice', address, clientId, clientSecret, systemToken, privateKey: privateKeyPem },
    defaultConflictPolicy: { kind: 'crm-wins' },
    retentionDays: 30,
  }));
}

export async function newTenant(system: RunningSystem, seed: Seed | undefined) {
  // Among so many no two tests of a system draw the same.
  const crmContext = `Cust${randomInt(10 ** 9, 10 ** 10)}`;
  const crm = await startCrmSimulator({ tenant: crmContext, ...(seed && { seed }) });
  const { apiUrl, awsEndpoint } = system;
  const folder = path.join(system.folder, 'tenants', crmContext);
  return { crm, ...(await operatorKeys({ folder, apiUrl, awsEndpoint, crmContext })) };
}

/** Both ways where both systems allow it, else the one way that is possible. */
function bothWays(mapping: Mapping, row: FieldMapping, conflictPolicy: ConflictPolicy | undefined): FieldMapping {
  const erp = mapping.options.find((option) => option.erpField === row.erpField);
  const possible = erp?.crmFields.find((option) => option.crmField === row.crmField)?.possible ?? [];
  const direction = possible.includes('both') ? 'both' : (possible[0] ?? 'none');
  return { ...row, direction, ...(conflictPolicy && { conflictPolicy }) };
}
