import { z } from 'zod';
import { superOffice } from '../adapters/crm/superoffice/superoffice.ts';
import { tryton } from '../adapters/erp/tryton/tryton.ts';
import { trytonConnectorType } from '../adapters/erp/tryton/tryton-connector-type.ts';
import { SyncError } from '../core/errors.ts';
import { ConnectorKind } from '../core/model/connector.ts';
import { fingerprint } from '../core/values/fingerprint.ts';
import type { HttpClient } from '../ports/http.ts';
import type { RecordSystem } from '../ports/record-system.ts';
import type { ConfigValues, ConnectorType, RecordSystems } from '../ports/record-systems.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Vault } from '../ports/vault.ts';
import { keepLatest } from './keep-latest.ts';

export interface RecordSystemsParts {
  readonly http: HttpClient;
  readonly runtime: Runtime;
  readonly vault: Vault;
}

type Reach = Pick<RecordSystemsParts, 'http' | 'runtime'>;

interface ErpKind {
  connectorType(reach: Reach): ConnectorType;
  /** `config` holds the secrets too. */
  open(reach: Reach, url: string, config: ConfigValues): RecordSystem;
}

/** The built-in connectors: a new ERP is one more line. */
const erpKinds: Readonly<Record<ConnectorKind, ErpKind>> = {
  tryton: {
    connectorType: trytonConnectorType,
    open: (reach, url, { password, ...config }) => tryton({ ...reach, url, config, password: String(password ?? '') }),
  },
};

const CrmSecrets = z.object({
  systemToken: z.string().min(1),
  clientSecret: z.string().min(1),
  privateKey: z.string().min(1),
});

function crmSecrets(secrets: Readonly<Record<string, string>>): z.infer<typeof CrmSecrets> {
  const parsed = CrmSecrets.safeParse(secrets);
  // What zod says of a secret stays here.
  if (!parsed.success) throw new SyncError('misconfigured', 'The credentials of the CRM are not complete.');
  return parsed.data;
}

function kindOf(kind: string): ErpKind {
  const known = ConnectorKind.safeParse(kind);
  if (!known.success) throw new SyncError('misconfigured', 'There is no connector of this kind.');
  return erpKinds[known.data];
}

/** Opened systems stay in memory, one per tenant and connection, until their settings or credentials change. */
export function recordSystems({ http, runtime, vault }: RecordSystemsParts): RecordSystems {
  const reach = { http, runtime };
  const keep = keepLatest<RecordSystem>({ maxOwners: 200 });
  return {
    async crm({ id, crmContext, crm }) {
      if (!crm) throw new SyncError('misconfigured', `Tenant ${id} has no CRM settings yet.`);
      return keep(`crm:${id}`, fingerprint(crm), async () => {
        const secrets = crmSecrets(await vault.read(id, 'crm', crm.secretVersion));
        const settings = { address: crm.address, clientId: crm.clientId, crmContext };
        return superOffice({ ...reach, settings, secrets });
      });
    },

    async erp(connection) {
      const { tenantId, id, connectorKind, connectorUrl, config, secretVersion } = connection;
      const version = fingerprint({ connectorKind, connectorUrl, config, secretVersion });
      return keep(`erp:${tenantId}:${id}`, version, async () => {
        const secrets = secretVersion === undefined ? {} : await vault.read(tenantId, id, secretVersion);
        return kindOf(connectorKind).open(reach, connectorUrl, { ...config, ...secrets });
      });
    },

    candidateErp: (kind, url, config) => kindOf(kind).open(reach, url, config),
    candidateCrm: (settings, secrets) => superOffice({ ...reach, settings, secrets: crmSecrets(secrets) }),
    connectorTypes: () => Object.values(erpKinds).map((kind) => kind.connectorType(reach)),
  };
}
