import { connector as superOffice } from '../adapters/crm/superoffice/connector.ts';
import { connector as tryton } from '../adapters/erp/tryton/connector.ts';
import { withoutEchoes } from '../adapters/http/without-echoes.ts';
import { SyncError } from '../core/errors.ts';
import type { ConfigValues } from '../core/model/connector.ts';
import type { FieldMetadata } from '../core/model/field.ts';
import { fingerprint } from '../core/values/fingerprint.ts';
import { plainForm } from '../core/values/same-address.ts';
import { boundTo } from '../features/systems/kept-secrets.ts';
import type { CrmDirectories, CrmDirectory } from '../ports/crm-directory.ts';
import type { RecordSystem } from '../ports/record-system.ts';
import type {
  ConnectorType,
  CrmConnector,
  CrmSite,
  ErpConnector,
  Outside,
  RecordSystems,
} from '../ports/record-systems.ts';
import type { Vault } from '../ports/vault.ts';
import { keepLatest } from './keep-latest.ts';
import type { GuardedEnd, signInGuards } from './sign-in-guards.ts';

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

interface RecordSystemParts extends Outside {
  readonly vault: Pick<Vault, 'read'>;
  /** What all functions know together of sign-ins; without it each instance looks after its own. */
  readonly guards?: ReturnType<typeof signInGuards>;
  /** Memory of the function, in MB; as much as the smallest of ours has, if left out. */
  readonly memoryMb?: number | undefined;
}

/** An opened system with its secrets, ticket and what it has learnt is 7 KB, with the list of countries 40. */
const bytesPerSystem = 32 * 1024;
const shareOfMemory = 1 / 8;
const smallestMemoryMb = 512;
/** Asked for by administrators who say what a connection is for. */
const mostDirectories = 50;

/** How many systems stay open: of 1,000 tenants with a connection each both ends, in the smallest function. */
export function mostOpen(memoryMb: number): number {
  return Math.max(1, Math.floor((memoryMb * 1024 * 1024 * shareOfMemory) / bytesPerSystem));
}

/**
 * Opened systems stay in memory with their secrets and tickets, one per tenant and connection, until their settings or
 * credentials change, as many as the function's memory holds.
 */
export function recordSystems(
  { vault, guards, memoryMb = smallestMemoryMb, ...outside }: RecordSystemParts,
  connectors: VendorConnectors = builtInConnectors,
): RecordSystems & { readonly directories: CrmDirectories } {
  const keep = keepLatest<RecordSystem>({ maxOwners: mostOpen(memoryMb) });
  const keepDirectory = keepLatest<CrmDirectory>({ maxOwners: mostDirectories });
  type By = Pick<GuardedEnd, 'by' | 'signer'>;

  function guarded(end: By & Pick<GuardedEnd, 'side'>, type: ConnectorType, address: object, config: ConfigValues) {
    const passwords = type.settings.filter((field) => field.type === 'password');
    const valuesOf = (fields: readonly FieldMetadata[]) =>
      Object.fromEntries(fields.map(({ key }) => [key, config[key]]));
    const account = { kind: type.kind, ...address, as: valuesOf(boundTo(type)) };
    const secrets = valuesOf(passwords);
    const http = withoutEchoes(
      outside.http,
      Object.values(secrets).filter((one) => typeof one === 'string'),
    );
    return { ...outside, http, guardSignIn: guards?.({ ...end, account, secrets }) };
  }

  const outsideOfCrm = (type: CrmConnector, site: CrmSite, config: ConfigValues, by: By) =>
    guarded({ side: 'crm', ...by }, type, { ...site, address: plainForm(site.address) }, config);

  async function openCrm(kind: string, site: CrmSite, config: ConfigValues, by: By): Promise<RecordSystem> {
    const type = ofKind(connectors.crm, kind);
    return type.open(outsideOfCrm(type, site, config, by), site, config);
  }

  async function openErp(kind: string, url: string, config: ConfigValues, by: By): Promise<RecordSystem> {
    const type = ofKind(connectors.erp, kind);
    return type.open(guarded({ side: 'erp', ...by }, type, { address: plainForm(url) }, config), url, config);
  }

  return {
    async crm({ id, crmContext, crm }) {
      if (!crm) throw new SyncError('misconfigured', `Tenant ${id} has no CRM settings yet.`);
      const { kind, address, config, secretVersion } = crm;
      return keep(`crm:${id}`, fingerprint(crm), async () => {
        const secrets = await vault.read(id, 'crm', secretVersion);
        const signer = { tenantId: id, secretVersion };
        return openCrm(kind, { address, crmContext }, { ...config, ...secrets }, { by: 'engine', signer });
      });
    },

    async erp(connection) {
      const { tenantId, id, connectorKind, connectorUrl, config, secretVersion } = connection;
      const version = fingerprint({ connectorKind, connectorUrl, config, secretVersion });
      return keep(`erp:${tenantId}:${id}`, version, async () => {
        const secrets = secretVersion === undefined ? {} : await vault.read(tenantId, id, secretVersion);
        const signer = { tenantId, connectionId: id, secretVersion };
        return openErp(connectorKind, connectorUrl, { ...config, ...secrets }, { by: 'engine', signer });
      });
    },

    directories: {
      async of({ id, crmContext, crm }) {
        if (!crm) throw new SyncError('misconfigured', `Tenant ${id} has no CRM settings yet.`);
        const { kind, address, config, secretVersion } = crm;
        const type = ofKind(connectors.crm, kind);
        const { people } = type;
        if (!people) throw new SyncError('misconfigured', 'This kind of CRM does not tell who there is.');
        return keepDirectory(id, fingerprint(crm), async () => {
          const site = { address, crmContext };
          const full = { ...config, ...(await vault.read(id, 'crm', secretVersion)) };
          const by = { by: 'engine', signer: { tenantId: id, secretVersion } } as const;
          return people.openDirectory(outsideOfCrm(type, site, full, by), site, full);
        });
      },
    },

    candidateCrm: (kind, site, config, signer) => openCrm(kind, site, config, { by: 'person', signer }),
    candidateErp: (kind, url, config, signer) => openErp(kind, url, config, { by: 'person', signer }),
    reachErp: async (kind, url) => ofKind(connectors.erp, kind).reach(outside, url),
    connectorTypes: (side) => connectors[side],
  };
}
