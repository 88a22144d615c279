import { type FieldFault, SyncError } from '../../core/errors.ts';
import { countryList } from '../../core/mapping/list-pairing.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { Application } from '../application.ts';
import { changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { found } from '../found.ts';
import { type ProbedType, probeSystem, testFailed } from '../systems/probe-system.ts';

const secretNames = ['systemToken', 'clientSecret', 'privateKey'] as const;
type SecretName = (typeof secretNames)[number];

/** CRM settings as sent: a secret is its text, or `{set: true}` to keep the stored one. */
export interface CrmInput extends Record<SecretName, string | { readonly set: true }> {
  readonly kind: 'superoffice';
  readonly address: string;
  readonly clientId: string;
}

export interface TenantInput {
  readonly crm?: CrmInput | undefined;
  readonly defaultConflictPolicy: ConflictPolicy;
  readonly retentionDays: number;
}

export interface TenantView extends Omit<Tenant, 'crm'> {
  readonly crm?: CrmInput;
}

/** Secrets never come out: they show only that they are set. */
function viewOf(tenant: Tenant): TenantView {
  const { crm, ...rest } = tenant;
  if (!crm) return rest;
  const { kind, address, clientId } = crm;
  const set = { set: true } as const;
  return { ...rest, crm: { kind, address, clientId, systemToken: set, clientSecret: set, privateKey: set } };
}

async function secretsOf(app: Application, tenant: Tenant, crm: CrmInput): Promise<Record<SecretName, string>> {
  const keeps = secretNames.filter((name) => typeof crm[name] !== 'string');
  const stored: Readonly<Record<string, string>> =
    keeps.length > 0 && tenant.crm ? await app.vault.read(tenant.id, 'crm', tenant.crm.secretVersion) : {};
  const faults: FieldFault[] = [];
  const secretOf = (name: SecretName): string => {
    const sent = crm[name];
    const secret = typeof sent === 'string' ? sent : stored[name];
    if (secret === undefined) faults.push({ path: `crm.${name}`, message: 'There is no stored value to keep' });
    return secret ?? '';
  };
  const secrets = {
    systemToken: secretOf('systemToken'),
    clientSecret: secretOf('clientSecret'),
    privateKey: secretOf('privateKey'),
  };
  if (faults.length > 0) throw new SyncError('invalid', 'The request has faults; each is listed.', { faults });
  return secrets;
}

async function probeCrm(
  app: Application,
  tenant: Tenant,
  crm: { address: string; clientId: string },
  secrets: Readonly<Record<string, string>>,
): Promise<ProbedType[]> {
  const { address, clientId } = crm;
  try {
    const system = app.systems.candidateCrm({ address, clientId, crmContext: tenant.crmContext }, secrets);
    const types = await probeSystem(system);
    await system.listItems(countryList);
    return types;
  } catch (failure) {
    throw testFailed('the CRM', failure);
  }
}

export async function readTenant(app: Application, tenantId: string): Promise<TenantView> {
  return viewOf(found(await app.tenants.get(tenantId), 'tenant', tenantId));
}

/** Tests CRM settings, the given or the saved ones; 422 with the CRM's explanation if they do not work. */
export async function testTenant(app: Application, tenantId: string, crm?: CrmInput): Promise<void> {
  const tenant = found(await app.tenants.get(tenantId), 'tenant', tenantId);
  if (crm) {
    await probeCrm(app, tenant, crm, await secretsOf(app, tenant, crm));
    return;
  }
  await probeStoredCrm(app, tenant);
}

/** The saved CRM settings, by a sign-in of their own. */
export async function probeStoredCrm(app: Application, tenant: Tenant): Promise<ProbedType[]> {
  if (!tenant.crm) throw new SyncError('conflict', 'The tenant has no CRM settings yet.');
  return probeCrm(app, tenant, tenant.crm, await app.vault.read(tenant.id, 'crm', tenant.crm.secretVersion));
}

async function refuseWhileInUse(app: Application, tenantId: string): Promise<void> {
  const connections = await app.connections.inOrder(tenantId);
  if (connections.some(({ state }) => state === 'active' || state === 'suspended')) {
    throw new SyncError('conflict', 'Deactivate every connection before removing the CRM settings.');
  }
}

/** Replaces the settings; CRM settings are tested first, and their secrets stored only after that. */
export async function saveTenant(
  app: Application,
  tenantId: string,
  ifMatch: IfMatch,
  input: TenantInput,
): Promise<TenantView> {
  const tenant = found(await app.tenants.get(tenantId), 'tenant', tenantId);
  expectRevision(tenant.revision, ifMatch);
  const { crm: crmInput, defaultConflictPolicy, retentionDays } = input;
  let crm: Tenant['crm'];
  if (crmInput) {
    const { kind, address, clientId } = crmInput;
    const secrets = await secretsOf(app, tenant, crmInput);
    await probeCrm(app, tenant, crmInput, secrets);
    const sent = secretNames.some((name) => typeof crmInput[name] === 'string');
    const kept = sent ? undefined : tenant.crm?.secretVersion;
    crm = { kind, address, clientId, secretVersion: kept ?? (await app.vault.write(tenantId, 'crm', secrets)) };
  } else if (tenant.crm) {
    await refuseWhileInUse(app, tenantId);
  }
  const { crm: _before, ...rest } = tenant;
  const saved = await app.tenants.replace({ ...rest, ...(crm && { crm }), defaultConflictPolicy, retentionDays });
  if (!saved) throw changedMeanwhile();
  if (tenant.crm && !crm) await app.vault.remove(tenantId, 'crm');
  return viewOf(saved);
}
