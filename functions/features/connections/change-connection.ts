/**
 * A configuration that is stored was tested, and new passwords are a new version of the secret, written before the
 * connection names it. A crash in between leaves a version that nothing names, and metadata as the ERP answered it; the
 * connection stays as it was. Attacked by test/features/connections/connections.test.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import { type CheckedConfig, type ConfigPatch, checkConfig, patchedInput } from '../../core/mapping/config-values.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import { type ActKind, type Allowance, type Allowances, actKinds } from '../../core/model/brake.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { WholeSetup } from '../../core/model/connection-setup.ts';
import { signInFailureId } from '../../core/model/failure.ts';
import { everyone, type Scope } from '../../core/model/scope.ts';
import { sameContent } from '../../core/values/same-content.ts';
import { markMoved } from '../../sync/guards/mark-moved.ts';
import { checkNamed } from '../access/named-people.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { connectorTypeOf } from '../connectors/connector-types.ts';
import { expectAsRead } from '../expect-as-read.ts';
import { type AsRead, changedMeanwhile, expectRevision } from '../expect-revision.ts';
import { found } from '../found.ts';
import { refuseNameOf } from '../refuse-name-of.ts';
import { freshErp, secretsToUse, signerOf, testedEnds } from '../systems/connection-ends.ts';
import { keptSecretFaults } from '../systems/kept-secrets.ts';
import { liveSetup } from '../systems/live-setup.ts';
import { refreshSetup } from '../systems/refresh-setup.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { keepSchedule } from './keep-schedule.ts';
import { trailOnConnection } from './trail-on-connection.ts';

/** A merge patch (RFC 7396): what is absent stays, null removes. */
export interface ConnectionPatch {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly scope?: ScopePatch | null | undefined;
  readonly config?: ConfigPatch | undefined;
  readonly intervalMinutes?: number | undefined;
  readonly conflictPolicy?: ConflictPolicy | null | undefined;
  readonly allowances?: AllowancesPatch | null | undefined;
  /** What no patch sets: as it was read, or 400. */
  readonly read?: Readonly<Record<string, unknown>>;
}

/** What is set elsewhere, and where. */
const setElsewhere = {
  state: '`POST /v1/connections/{id}/activate`, `/deactivate` or `/restore`',
  place: '`PUT /v1/connections/order`',
};

type ScopePatch =
  | typeof everyone
  | { readonly users?: readonly string[] | null | undefined; readonly groups?: readonly string[] | null | undefined };

function patchedScope(saved: Scope = everyone, patch: ScopePatch | null): Scope {
  if (patch === null || patch === everyone) return everyone;
  const { users, groups } = saved === everyone ? { users: [], groups: [] } : saved;
  const merged = (sent: readonly string[] | null | undefined, stored: readonly string[]) => [
    ...(sent === undefined ? stored : (sent ?? [])),
  ];
  return { users: merged(patch.users, users), groups: merged(patch.groups, groups) };
}

type AllowancesPatch = Readonly<Partial<Record<ActKind, Allowance | null | undefined>>>;

function patchedAllowances(saved: Allowances | undefined, patch: AllowancesPatch | null | undefined) {
  if (patch === undefined) return saved;
  if (patch === null) return undefined;
  const merged: Allowances = {};
  for (const kind of actKinds) {
    const allowance = patch[kind] === undefined ? saved?.[kind] : patch[kind];
    if (allowance) merged[kind] = allowance;
  }
  return merged;
}

function patchedConfig(app: Application, connection: Connection, address: string, patch: ConfigPatch): CheckedConfig {
  const given = patchedInput(connection, patch);
  const type = connectorTypeOf(app, 'erp', connection.connectorKind);
  const result = checkConfig(type.settings, given, connection.secretsSet);
  const { config, kept } = result;
  const tested = { address: connection.connectorUrl, config: connection.config };
  const faults = [...result.faults, ...keptSecretFaults(type, { kept, at: 'config' }, tested, { address, config })];
  if (faults.length > 0) throw invalid(faults);
  return result;
}

export function onlyPasswords(names: readonly string[]): string {
  return `Of the configuration only passwords can be replaced while the connection is active: deactivate it to change ${names.join(', ')}.`;
}

/** A password can be replaced at any time: it changes with the person or the policy that it belongs to. */
function refuseOtherSettings({ state, config, secretsSet }: Connection, patch: ConfigPatch): void {
  const isReplaced = (key: string, value: unknown) => secretsSet.includes(key) && value !== null;
  const others = Object.entries(patch).filter(([key, value]) => !isReplaced(key, value) && config[key] !== value);
  if (state !== 'active' || others.length === 0) return;
  throw new SyncError('conflict', onlyPasswords(others.map(([key]) => key).sort()));
}

/** A configuration that was read and sent back: it was tested as it is. */
function isAsItWas({ config, secretsSet, secretNeeded }: Connection, patch: ConfigPatch): boolean {
  const stands = ([key, value]: [string, unknown]) =>
    secretsSet.includes(key) ? sameContent(value, { set: true }) : sameContent(value, config[key]);
  return secretNeeded === undefined && Object.entries(patch).every(stands);
}

/** What was tested together. */
type Reconfigured = Pick<Connection, 'config' | 'secretsSet' | 'secretVersion' | 'connectorUrl' | 'secretNeeded'>;

/** Tests the new configuration with what the connection is made of, then stores its passwords and what the ERP offers. */
async function reconfigured(
  app: Application,
  caller: Caller,
  setup: WholeSetup,
  patch: ConfigPatch,
): Promise<Reconfigured> {
  const { connection } = setup;
  refuseOtherSettings(connection, patch);
  const { tenantId, id, connectorId, connectorKind: kind } = connection;
  const { url } = found(await app.connectors.get(tenantId, connectorId), 'connector', connectorId);
  const checked = patchedConfig(app, connection, url, patch);
  const { config, secrets: sent } = checked;
  const secrets = await secretsToUse(app, connection, checked);
  const tenant = await tenantOf(app, tenantId);
  const same = Object.keys(sent).length === 0 && Object.keys(secrets).length === connection.secretsSet.length;
  const signer = same ? signerOf(connection) : { tenantId, connectionId: id };
  const ends = await testedEnds(app, tenant, await freshErp(app, { kind, url }, { config, secrets }, signer));
  // Its mappings stay as they were activated.
  if (connection.state !== 'active') await refreshSetup(app, caller, setup, ends);
  const secretsSet = Object.keys(secrets);
  const tested = { config, secretsSet, connectorUrl: url, secretNeeded: undefined };
  if (same) return { ...tested, secretVersion: connection.secretVersion };
  if (secretsSet.length === 0) return { ...tested, secretVersion: undefined };
  return { ...tested, secretVersion: await app.vault.write(tenantId, id, secrets) };
}

/** As it is to be stored, and whom the CRM no longer has of those that were named before. */
async function scoped(
  app: Application,
  { tenantId, scope: before }: Connection,
  patch: ConnectionPatch['scope'],
): Promise<Pick<ConnectionView, 'unknownInScope'> & Pick<Connection, 'scope'>> {
  if (patch === undefined) return { scope: before };
  const now = patchedScope(before, patch);
  if (now === everyone) return { scope: undefined };
  const tenant = await tenantOf(app, tenantId);
  return { scope: now, unknownInScope: await checkNamed(app, tenant, { at: 'scope', before, now }) };
}

/** Name, description, scope, interval, policy and passwords at any time, other configuration while not active; it is tested first. */
export async function changeConnection(
  app: Application,
  { caller, id, ifMatch }: AsRead,
  patch: ConnectionPatch,
): Promise<ConnectionView> {
  const { tenantId } = caller;
  const setup = await liveSetup(app, tenantId, id);
  const { connection } = setup;
  expectRevision(connection.revision, ifMatch);
  if (patch.read) expectAsRead(patch.read, connection, setElsewhere);
  const { name, description, intervalMinutes, conflictPolicy, allowances } = patch;
  const isRenamed = name !== undefined && name !== connection.name;
  if (isRenamed) refuseNameOf('connection', await app.connections.inOrder(tenantId), { id, name });
  const { scope, unknownInScope } = await scoped(app, connection, patch.scope);
  const merged = <Value>(sent: Value | null | undefined, saved: Value | undefined): Value | undefined =>
    sent === undefined ? saved : (sent ?? undefined);
  const config = patch.config && isAsItWas(connection, patch.config) ? undefined : patch.config;
  const before = connection.intervalMinutes;
  const tested = config ? await reconfigured(app, caller, setup, config) : {};
  const changed: Connection = {
    ...connection,
    name: name ?? connection.name,
    description: merged(description, connection.description),
    scope,
    intervalMinutes: intervalMinutes ?? connection.intervalMinutes,
    polledSince: (intervalMinutes ?? before) === before ? connection.polledSince : app.runtime.now(),
    conflictPolicy: merged(conflictPolicy, connection.conflictPolicy),
    allowances: patchedAllowances(connection.allowances, allowances),
    ...tested,
  };
  const trail = trailOnConnection(app, caller, 'connection.change', { before: connection, after: changed });
  const saved = sameContent(changed, connection)
    ? connection
    : await app.connections.replace(changed, trail, isRenamed ? { gives: connection.name, takes: name } : {});
  if (!saved) throw changedMeanwhile();
  // Whoever signs in now was tested just before.
  if (config) await app.failures.close(tenantId, signInFailureId(id, 'erp'));
  if (saved.state !== 'inactive' && intervalMinutes !== undefined) await keepSchedule(app, tenantId, id);
  // The connector may have moved since it was read.
  return { ...connectionView(patch.config ? await markMoved(app, saved) : saved), unknownInScope };
}
