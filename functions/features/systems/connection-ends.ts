import type { CheckedConfig } from '../../core/mapping/config-values.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ConfigValues, Connector } from '../../core/model/connector.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Signer } from '../../ports/record-systems.ts';
import type { Application } from '../application.ts';
import { withKept } from './kept-secrets.ts';
import { type ProbedEnds, probeSystem, testFailed } from './probe-system.ts';
import type { TestedEnds } from './refresh-setup.ts';

/** The ERP as its configuration says, by a sign-in of its own: nothing remembered from earlier calls. */
export function freshErp(
  app: Application,
  connector: Pick<Connector, 'kind' | 'url'>,
  { config, secrets }: { readonly config: ConfigValues; readonly secrets: Readonly<Record<string, string>> },
  signer: Signer,
): Promise<RecordSystem> {
  return app.systems.candidateErp(connector.kind, connector.url, { ...config, ...secrets }, signer);
}

/** The passwords that a saved connection was tested with. */
export async function storedSecrets(
  app: Application,
  connection: Connection,
): Promise<Readonly<Record<string, string>>> {
  const { tenantId, id, secretVersion } = connection;
  return secretVersion === undefined ? {} : app.vault.read(tenantId, id, secretVersion);
}

/** The passwords that were sent, and those of the connection that are kept; nothing is read where none is. */
export async function secretsToUse(
  app: Application,
  connection: Connection | undefined,
  { secrets, kept }: Pick<CheckedConfig, 'secrets' | 'kept'>,
): Promise<Readonly<Record<string, string>>> {
  const stored = connection && kept.length > 0 ? await storedSecrets(app, connection) : {};
  return withKept(secrets, kept, stored);
}

export async function savedErp(app: Application, connection: Connection): Promise<RecordSystem> {
  const { connectorKind: kind, connectorUrl: url, config } = connection;
  const secrets = await storedSecrets(app, connection);
  return freshErp(app, { kind, url }, { config, secrets }, signerOf(connection));
}

export function signerOf({ tenantId, id, secretVersion }: Connection): Signer {
  return { tenantId, connectionId: id, secretVersion };
}

/** The tenant's CRM, or nothing while it has no settings. */
async function crmOf(app: Application, tenant: Tenant): Promise<RecordSystem | undefined> {
  return tenant.crm ? app.systems.crm(tenant) : undefined;
}

/** Tests both ends at once and answers what they say of themselves; 422 with the explanation of the one that refuses. */
export async function probeEnds(erp: RecordSystem, crm: RecordSystem | undefined): Promise<ProbedEnds> {
  const probe = async (system: RecordSystem, what: string) => {
    try {
      return await probeSystem(system);
    } catch (failure) {
      throw testFailed(what, failure);
    }
  };
  const [erpTypes, crmTypes] = await Promise.allSettled([probe(erp, 'the connection'), crm && probe(crm, 'the CRM')]);
  if (erpTypes.status === 'rejected') throw erpTypes.reason;
  if (crmTypes.status === 'rejected') throw crmTypes.reason;
  return { erp: erpTypes.value, crm: crmTypes.value };
}

/** The ERP, and the tenant's CRM where it has one, both tested. */
export async function testedEnds(app: Application, tenant: Tenant, erp: RecordSystem): Promise<TestedEnds> {
  const crm = await crmOf(app, tenant);
  return { erp, crm, probed: await probeEnds(erp, crm) };
}
