import { connector as superOffice } from '../adapters/crm/superoffice/connector.ts';
import { connector as tryton } from '../adapters/erp/tryton/connector.ts';
import { SyncError } from '../core/errors.ts';
import { fingerprint } from '../core/values/fingerprint.ts';
import type { RecordSystem } from '../ports/record-system.ts';
import type { ConnectorType, CrmConnector, ErpConnector, Outside, RecordSystems } from '../ports/record-systems.ts';
import type { Vault } from '../ports/vault.ts';
import { keepLatest } from './keep-latest.ts';

export interface VendorConnectors {
  readonly crm: readonly CrmConnector[];
  readonly erp: readonly ErpConnector[];
}

/** What is built in: a new system is a folder and an entry here. Nothing else knows a kind. */
export const builtInConnectors: VendorConnectors = {
  crm: [superOffice],
  erp: [tryton],
};

function ofKind<T extends ConnectorType>(connectors: readonly T[], kind: string): T {
  const known = connectors.find((connector) => connector.kind === kind);
  if (!known) throw new SyncError('misconfigured', 'There is no connector of this kind.');
  return known;
}

/** Opened systems stay in memory, one per tenant and connection, until their settings or credentials change. */
export function recordSystems(
  { vault, ...outside }: Outside & { readonly vault: Pick<Vault, 'read'> },
  connectors: VendorConnectors = builtInConnectors,
): RecordSystems {
  const keep = keepLatest<RecordSystem>({ maxOwners: 200 });
  return {
    async crm({ id, crmContext, crm }) {
      if (!crm) throw new SyncError('misconfigured', `Tenant ${id} has no CRM settings yet.`);
      const { kind, address, config, secretVersion } = crm;
      return keep(`crm:${id}`, fingerprint(crm), async () => {
        const secrets = await vault.read(id, 'crm', secretVersion);
        return ofKind(connectors.crm, kind).open(outside, { address, crmContext }, { ...config, ...secrets });
      });
    },

    async erp(connection) {
      const { tenantId, id, connectorKind, connectorUrl, config, secretVersion } = connection;
      const version = fingerprint({ connectorKind, connectorUrl, config, secretVersion });
      return keep(`erp:${tenantId}:${id}`, version, async () => {
        const secrets = secretVersion === undefined ? {} : await vault.read(tenantId, id, secretVersion);
        return ofKind(connectors.erp, connectorKind).open(outside, connectorUrl, { ...config, ...secrets });
      });
    },

    candidateCrm: (kind, site, config) => ofKind(connectors.crm, kind).open(outside, site, config),
    candidateErp: (kind, url, config) => ofKind(connectors.erp, kind).open(outside, url, config),
    reachErp: async (kind, url) => ofKind(connectors.erp, kind).reach(outside, url),
    connectorTypes: (side) => connectors[side],
  };
}
