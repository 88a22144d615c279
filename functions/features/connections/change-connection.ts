/**
 * A configuration that is stored was tested, and new passwords are a new version of the secret, written before the
 * connection names it. A crash in between leaves a version that nothing names, and metadata as the ERP answered it; the
 * connection stays as it was. Attacked by test/features/connections/connections.test.ts.
 */
import { invalid, SyncError } from '../../core/errors.ts';
import { type CheckedConfig, type ConfigInput, checkConfig, maskedConfig } from '../../core/mapping/config-values.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import { type ActKind, type Allowance, type Allowances, actKinds } from '../../core/model/brake.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { Application } from '../application.ts';
import { connectorTypeOf } from '../connectors/connector-types.ts';
import { type AsRead, changedMeanwhile, expectRevision } from '../expect-revision.ts';
import { found } from '../found.ts';
import { crmOf, freshErp, probeEnds, storedSecrets } from '../systems/connection-ends.ts';
import { liveSetup } from '../systems/live-setup.ts';
import { refreshSetup } from '../systems/refresh-setup.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { schedulePolls } from './schedule-polls.ts';

/** A merge patch (RFC 7396): what is absent stays, null removes. */
export interface ConnectionPatch {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly config?: Readonly<Record<string, ConfigInput[string] | null>> | undefined;
  readonly intervalMinutes?: number | undefined;
  readonly conflictPolicy?: ConflictPolicy | null | undefined;
  readonly allowances?: AllowancesPatch | null | undefined;
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

function patchedConfig(app: Application, connection: Connection, patch: ConnectionPatch['config']): CheckedConfig {
  const merged = { ...maskedConfig(connection.config, connection.secretsSet), ...patch };
  const given = Object.fromEntries(
    Object.entries(merged).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  const fields = connectorTypeOf(app, 'erp', connection.connectorKind).settings;
  const result = checkConfig(fields, given, connection.secretsSet);
  const { faults } = result;
  if (faults.length > 0) throw invalid(faults);
  return result;
}

/** Tests the new configuration with what the connection is made of, then stores its passwords and what the ERP offers. */
async function reconfigured(
  app: Application,
  setup: ConnectionSetup,
  patch: ConnectionPatch['config'],
): Promise<Pick<Connection, 'config' | 'secretsSet' | 'secretVersion'>> {
  const { connection } = setup;
  if (connection.state !== 'inactive') {
    throw new SyncError('conflict', 'Configuration fields can be changed only while the connection is inactive.');
  }
  const { config, secrets: sent, kept } = patchedConfig(app, connection, patch);
  const stored = kept.length > 0 ? await storedSecrets(app, connection) : {};
  const secrets = { ...Object.fromEntries(kept.map((name) => [name, stored[name] ?? ''])), ...sent };
  const { tenantId, id, connectorKind: kind, connectorUrl: url } = connection;
  const tenant = found(await app.tenants.get(tenantId), 'tenant', tenantId);
  const systems = { erp: freshErp(app, { kind, url }, config, secrets), crm: await crmOf(app, tenant) };
  const ends = await probeEnds(systems.erp, systems.crm);
  await refreshSetup(app, setup, ends, systems);
  const secretsSet = Object.keys(secrets);
  const same = Object.keys(sent).length === 0 && secretsSet.length === connection.secretsSet.length;
  if (same) return { config, secretsSet, secretVersion: connection.secretVersion };
  if (secretsSet.length === 0) return { config, secretsSet, secretVersion: undefined };
  return { config, secretsSet, secretVersion: await app.vault.write(tenantId, id, secrets) };
}

/** Name, description, interval and policy at any time; configuration fields only while inactive, and tested first. */
export async function changeConnection(
  app: Application,
  { tenantId, id, ifMatch }: AsRead,
  patch: ConnectionPatch,
): Promise<ConnectionView> {
  const setup = await liveSetup(app, tenantId, id);
  const { connection } = setup;
  expectRevision(connection.revision, ifMatch);
  const { name, description, config, intervalMinutes, conflictPolicy, allowances } = patch;
  const merged = <Value>(sent: Value | null | undefined, saved: Value | undefined): Value | undefined =>
    sent === undefined ? saved : (sent ?? undefined);
  const saving = config ? await reconfigured(app, setup, config) : connection;
  const changed: Connection = {
    ...connection,
    name: name ?? connection.name,
    description: merged(description, connection.description),
    intervalMinutes: intervalMinutes ?? connection.intervalMinutes,
    conflictPolicy: merged(conflictPolicy, connection.conflictPolicy),
    allowances: patchedAllowances(connection.allowances, allowances),
    config: saving.config,
    secretsSet: saving.secretsSet,
    secretVersion: saving.secretVersion,
  };
  const saved = await app.connections.replace(changed);
  if (!saved) throw changedMeanwhile();
  if (saved.state !== 'inactive' && intervalMinutes !== undefined) await schedulePolls(app, saved);
  return connectionView(saved);
}
