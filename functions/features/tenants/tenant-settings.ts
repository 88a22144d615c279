/**
 * CRM settings that are stored were tested; their secrets are written before the tenant names them, and removed once it
 * names them no more. A crash in between leaves secrets that nothing names. Attacked by
 * test/features/tenants/tenant-settings.test.ts.
 */
import { tenantState } from '../../core/audit/set-up-states.ts';
import { type FieldFault, invalid, SyncError } from '../../core/errors.ts';
import { type ConfigInput, checkConfig, maskedConfig } from '../../core/mapping/config-values.ts';
import { countryList } from '../../core/mapping/list-pairing.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import { signInFailureId } from '../../core/model/failure.ts';
import { type ErpTab, everyone } from '../../core/model/scope.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import { sameContent } from '../../core/values/same-content.ts';
import { checkNamed } from '../access/named-people.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { builtInType, connectorTypeOf, kindFaults } from '../connectors/connector-types.ts';
import { expectAsRead } from '../expect-as-read.ts';
import { changedMeanwhile, expectRevision, type IfMatch } from '../expect-revision.ts';
import { keptSecretFaults, withKept } from '../systems/kept-secrets.ts';
import { type ProbedType, probeSystem, testFailed } from '../systems/probe-system.ts';
import { noCrmYet } from './no-crm-yet.ts';
import { tenantOf } from './tenant-of.ts';

/** CRM settings as sent: the values of what its kind declares; a secret is its text, or `{set: true}` to keep the stored one. */
export interface CrmInput {
  readonly kind: string;
  readonly address: string;
  readonly config: ConfigInput;
}

export interface TenantInput {
  readonly crm?: CrmInput | undefined;
  readonly defaultConflictPolicy: ConflictPolicy;
  readonly retentionDays: number;
  readonly erpTab?: ErpTab | undefined;
  /** What no request sets: as it was read, or 400. */
  readonly read?: Readonly<Record<string, unknown>>;
}

export interface TenantView extends Omit<Tenant, 'crm'> {
  readonly crm?: CrmInput;
  readonly erpTab: ErpTab;
}

/** None of a kind that is no longer built in: what it has set cannot be told. */
function passwordsOf(app: Application, kind: string): string[] {
  const settings = builtInType(app, 'crm', kind)?.settings ?? [];
  return settings.filter(({ type }) => type === 'password').map(({ key }) => key);
}

/** Secrets never come out: they show only that they are set. */
function viewOf(app: Application, tenant: Tenant): TenantView {
  const { crm, erpTab = everyone, ...others } = tenant;
  const rest = { ...others, erpTab };
  if (!crm) return rest;
  const { kind, address, config } = crm;
  return { ...rest, crm: { kind, address, config: maskedConfig(config, passwordsOf(app, kind)) } };
}

/** What only the list of CRMs can tell of settings; whether a secret to keep is stored is told when they are used. */
export function crmFaults(app: Application, { kind, config }: Pick<CrmInput, 'kind' | 'config'>): FieldFault[] {
  const faults = kindFaults(app, 'crm', kind, 'crm.kind');
  if (faults.length > 0) return [...faults, ...nothingToKeep(config)];
  return checkConfig(connectorTypeOf(app, 'crm', kind).settings, config, passwordsOf(app, kind), 'crm').faults;
}

/** Whatever is stored is of another kind. */
function nothingToKeep(config: ConfigInput): FieldFault[] {
  const kept = Object.entries(config).filter(([, value]) => typeof value === 'object');
  return kept.map(([key]) => ({ path: `crm.${key}`, message: 'There is no stored value to keep' }));
}

interface CheckedCrm {
  readonly crm: Pick<NonNullable<Tenant['crm']>, 'kind' | 'address' | 'config'>;
  /** Those that were sent and those that are kept. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where they lie already, if all of them are kept. */
  readonly secretVersion: string | undefined;
}

async function checkedCrm(app: Application, tenant: Tenant, input: CrmInput): Promise<CheckedCrm> {
  const { kind, address } = input;
  const storedVersion = tenant.crm?.kind === kind ? tenant.crm.secretVersion : undefined;
  const keeps = storedVersion !== undefined && Object.values(input.config).some((value) => typeof value === 'object');
  const stored = keeps ? await app.vault.read(tenant.id, 'crm', storedVersion) : {};
  const type = connectorTypeOf(app, 'crm', kind);
  const checked = checkConfig(type.settings, input.config, Object.keys(stored), 'crm');
  const { config, secrets, kept } = checked;
  const faults = [
    ...checked.faults,
    ...(tenant.crm ? keptSecretFaults(type, { kept, at: 'crm' }, tenant.crm, { address, config }) : []),
  ];
  if (faults.length > 0) throw invalid(faults);
  const secretVersion = Object.keys(secrets).length > 0 ? undefined : storedVersion;
  return { crm: { kind, address, config }, secrets: withKept(secrets, kept, stored), secretVersion };
}

async function probeCrm(
  app: Application,
  tenant: Tenant,
  { crm: { kind, address, config }, secrets, secretVersion }: CheckedCrm,
): Promise<ProbedType[]> {
  try {
    const site = { address, crmContext: tenant.crmContext };
    const system = await app.systems.candidateCrm(
      kind,
      site,
      { ...config, ...secrets },
      { tenantId: tenant.id, secretVersion },
    );
    const types = await probeSystem(system);
    await system.listItems(countryList);
    return types;
  } catch (failure) {
    throw testFailed('the CRM', failure);
  }
}

export async function readTenant(app: Application, tenantId: string): Promise<TenantView> {
  return viewOf(app, await tenantOf(app, tenantId));
}

/** Tests CRM settings, the given or the saved ones; 422 with the CRM's explanation if they do not work. */
export async function testTenant(app: Application, tenantId: string, crm?: CrmInput): Promise<void> {
  const tenant = await tenantOf(app, tenantId);
  if (crm) {
    await probeCrm(app, tenant, await checkedCrm(app, tenant, crm));
    return;
  }
  await probeStoredCrm(app, tenant);
}

/** The saved CRM settings, by a sign-in of their own. */
export async function probeStoredCrm(app: Application, tenant: Tenant): Promise<ProbedType[]> {
  if (!tenant.crm) throw noCrmYet();
  const { secretVersion } = tenant.crm;
  const secrets = await app.vault.read(tenant.id, 'crm', secretVersion);
  return probeCrm(app, tenant, { crm: tenant.crm, secrets, secretVersion });
}

async function refuseWhileInUse(app: Application, tenantId: string): Promise<void> {
  const connections = await app.connections.inOrder(tenantId);
  if (connections.some(({ state }) => state === 'active' || state === 'suspended')) {
    throw new SyncError('conflict', 'Deactivate every connection before removing the CRM settings.');
  }
}

/** A connection that was activated between our look and our write: it sees the settings gone, or we see it. */
async function takeBackIfInUse(app: Application, caller: Caller, saved: Tenant, crm: Tenant['crm']): Promise<void> {
  try {
    await refuseWhileInUse(app, saved.id);
  } catch (inUse) {
    await replaced(app, caller, saved, { ...saved, crm });
    throw inUse;
  }
}

/**
 * The secret is there while the settings name it. They are read again after it was changed, so of two who change both the
 * one that comes last leaves the secret that the stored settings need.
 */
async function keepCrmSecret(app: Application, tenantId: string): Promise<void> {
  const isNamed = async () => (await app.tenants.get(tenantId))?.crm !== undefined;
  let named = await isNamed();
  for (;;) {
    await (named ? app.vault.restore(tenantId, 'crm') : app.vault.remove(tenantId, 'crm'));
    const now = await isNamed();
    if (now === named) return;
    named = now;
  }
}

function replaced(app: Application, caller: Caller, before: Tenant, after: Tenant): Promise<Tenant | undefined> {
  const stateOf = (tenant: Tenant) => tenantState(tenant, tenant.crm ? passwordsOf(app, tenant.crm.kind) : [], before);
  const subject = { kind: 'tenant', id: after.id } as const;
  const act = { act: 'tenant.change', subject, before: stateOf(before), after: stateOf(after) } as const;
  return app.tenants.replace(after, trailOf(app.runtime, caller, act));
}

/** Replaces the settings; CRM settings are tested first. */
export async function saveTenant(
  app: Application,
  caller: Caller,
  ifMatch: IfMatch,
  input: TenantInput,
): Promise<TenantView> {
  const { tenantId } = caller;
  const tenant = await tenantOf(app, tenantId);
  expectRevision(tenant.revision, ifMatch);
  if (input.read) expectAsRead(input.read, tenant);
  const { crm: crmInput, defaultConflictPolicy, retentionDays, erpTab = everyone } = input;
  let crm: Tenant['crm'];
  if (crmInput) {
    const checked = await checkedCrm(app, tenant, crmInput);
    await probeCrm(app, tenant, checked);
    const secretVersion = checked.secretVersion ?? (await app.vault.write(tenantId, 'crm', checked.secrets));
    crm = { ...checked.crm, secretVersion };
  } else if (tenant.crm) {
    await refuseWhileInUse(app, tenantId);
  }
  const asked = { ...tenant, crm, defaultConflictPolicy, retentionDays };
  // The groups are those of the CRM as it shall be.
  await checkNamed(app, asked, { at: 'erpTab', before: tenant.erpTab, now: erpTab });
  const after = { ...asked, erpTab: erpTab === everyone ? undefined : erpTab };
  const saved = sameContent(after, tenant) ? tenant : await replaced(app, caller, tenant, after);
  if (!saved) throw changedMeanwhile();
  if (tenant.crm && !crm) await takeBackIfInUse(app, caller, saved, tenant.crm);
  // Whoever signs in now was tested just before.
  for (const { id } of crm ? await app.connections.inOrder(tenantId) : []) {
    await app.failures.close(tenantId, signInFailureId(id, 'crm'));
  }
  if ((tenant.crm === undefined) !== (crm === undefined)) await keepCrmSecret(app, tenantId);
  return viewOf(app, saved);
}
