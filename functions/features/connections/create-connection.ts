/**
 * A connection that is stored was tested, and names no secret that is not there: its passwords are written before it
 * (with-its-secret.ts). Attacked by test/features/connections/connections.test.ts.
 */
import { listPairsState } from '../../core/audit/set-up-states.ts';
import { invalid, type SyncError } from '../../core/errors.ts';
import { type ConfigInput, checkConfig } from '../../core/mapping/config-values.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import type { Connection } from '../../core/model/connection.ts';
import { type ListPairing, noListMappings, type WholeActorType } from '../../core/model/connection-setup.ts';
import type { ConfigValues, Connector } from '../../core/model/connector.ts';
import { everyone, type Scope } from '../../core/model/scope.ts';
import { defaultIntervalOf } from '../../core/model/tenant.ts';
import type { Trail } from '../../ports/audit.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import { markMoved } from '../../sync/guards/mark-moved.ts';
import { checkNamed } from '../access/named-people.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { connectorTypeOf } from '../connectors/connector-types.ts';
import { trailOnActorType } from '../mappings/change-actor-type.ts';
import { refuseNameOf } from '../refuse-name-of.ts';
import { freshErp, probeEnds, secretsToUse, testedEnds } from '../systems/connection-ends.ts';
import { keptSecretFaults } from '../systems/kept-secrets.ts';
import { refreshedTypes } from '../systems/refresh-setup.ts';
import { refuseFieldless } from '../systems/refuse-fieldless.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { trailOnConnection, trailOnPart } from './trail-on-connection.ts';
import { withItsSecret } from './with-its-secret.ts';

export interface NewConnection {
  readonly connectorId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly scope?: Scope | undefined;
  readonly config: ConfigInput;
  readonly intervalMinutes?: number | undefined;
  readonly conflictPolicy?: ConflictPolicy | undefined;
}

async function connectorOf(app: Application, tenantId: string, connectorId: string): Promise<Connector> {
  const connector = await app.connectors.get(tenantId, connectorId);
  if (!connector) throw noConnector();
  return connector;
}

function noConnector(): SyncError {
  return invalid([{ path: 'connectorId', message: 'There is no such connector' }]);
}

/** Tests a configuration that is not saved; 422 with the connector's explanation if it does not work. */
export async function testConfiguration(
  app: Application,
  tenantId: string,
  input: { readonly connectorId: string; readonly config: ConfigInput },
): Promise<{ ok: true; actorTypes: string[] }> {
  const connector = await connectorOf(app, tenantId, input.connectorId);
  const { config, secrets } = await configured(app, connector, input.config, undefined);
  const ends = await probeEnds(await freshErp(app, connector, { config, secrets }, { tenantId }), undefined);
  return { ok: true, actorTypes: ends.erp.map((type) => type.type) };
}

/** What a new connection starts from. */
export interface Origin {
  readonly connection: Connection;
  readonly types: readonly WholeActorType[];
  /** Its list pairs, as far as they hold in the ERP of the new one. */
  pairsFor(erp: RecordSystem, config: ConfigValues): Promise<readonly ListPairing[]>;
}

/** A mapping that is copied is saved as it is: where the other ERP differs, activation says so. */
function withoutDrift(type: WholeActorType): WholeActorType {
  return { ...type, drift: undefined };
}

/** The trail of what a copy is given of its original: mappings with default values and order, and list pairs. */
function trailOnCopied(
  app: Application,
  caller: Caller,
  connection: Connection,
  { types, lists }: { readonly types: readonly WholeActorType[]; readonly lists: readonly ListPairing[] },
): Trail {
  const none = { active: false, fields: [], filter: undefined, defaults: undefined, fieldOrder: undefined };
  const act = 'connection.copy';
  const pairs = { before: listPairsState([]), after: listPairsState(lists) };
  return [
    ...types.flatMap((type) =>
      trailOnActorType(app, caller, connection, { act, before: { ...type, ...none }, after: type }),
    ),
    ...trailOnPart(app, caller, connection, { act, ...pairs }),
  ];
}

interface Wanted extends Omit<NewConnection, 'connectorId'>, Pick<Connection, 'allowances'> {
  readonly connector: Connector;
  readonly origin?: Origin;
}

/** The configuration with what is kept of the origin's secrets: only where they were tested. */
async function configured(
  app: Application,
  connector: Connector,
  input: ConfigInput,
  origin: Connection | undefined,
): Promise<{ readonly config: ConfigValues; readonly secrets: Readonly<Record<string, string>> }> {
  const type = connectorTypeOf(app, 'erp', connector.kind);
  const checked = checkConfig(type.settings, input, origin?.secretsSet ?? []);
  const { config, kept, faults } = checked;
  const tested = origin && { address: origin.connectorUrl, config: origin.config };
  const wanted = { address: connector.url, config };
  const all = [...faults, ...(tested ? keptSecretFaults(type, { kept, at: 'config' }, tested, wanted) : [])];
  if (all.length > 0) throw invalid(all);
  return { config, secrets: await secretsToUse(app, origin, checked) };
}

/** Tests first; only what works is saved, with the mappings and list pairs of its origin if it has one. */
export async function createFrom(
  app: Application,
  caller: Caller,
  { connector, origin, ...input }: Wanted,
): Promise<ConnectionView> {
  const { tenantId } = caller;
  refuseNameOf('connection', await app.connections.inOrder(tenantId), input);
  const { config, secrets } = await configured(app, connector, input.config, origin?.connection);
  const tenant = await tenantOf(app, tenantId);
  const { scope = everyone } = input;
  await checkNamed(app, tenant, { at: 'scope', before: origin?.connection.scope, now: scope });
  const erp = await freshErp(app, connector, { config, secrets }, { tenantId });
  const { probed } = await testedEnds(app, tenant, erp);
  // Before its secrets are written.
  refuseFieldless(origin?.types ?? [], probed);
  const pairs = (await origin?.pairsFor(erp, config)) ?? [];
  const id = app.runtime.newId();
  const secretsSet = Object.keys(secrets);
  const places = (await app.connections.inOrder(tenantId)).map((one) => one.place);
  const connection: Connection = {
    tenantId,
    id,
    connectorId: connector.id,
    connectorKind: connector.kind,
    connectorUrl: connector.url,
    name: input.name,
    description: input.description,
    scope: scope === everyone ? undefined : scope,
    state: 'inactive',
    config,
    secretsSet,
    secretVersion: secretsSet.length > 0 ? await app.vault.write(tenantId, id, secrets) : undefined,
    place: Math.max(-1, ...places) + 1,
    intervalMinutes: input.intervalMinutes ?? defaultIntervalOf(tenant),
    conflictPolicy: input.conflictPolicy,
    allowances: input.allowances,
    activatedBefore: false,
    revision: 1,
    createdAt: app.runtime.now(),
  };
  const act = origin ? 'connection.copy' : 'connection.create';
  const types = refreshedTypes(connection, origin?.types ?? [], probed, connection.createdAt).map(withoutDrift);
  const after = pairs.map((pairing) => ({ ...pairing, connectionId: id }));
  const trail = [
    ...trailOnConnection(app, caller, act, { after: connection }),
    ...(origin ? trailOnCopied(app, caller, connection, { types, lists: after }) : []),
  ];
  const lists = { tenantId, connectionId: id, revision: noListMappings.revision, before: [], after };
  const along = after.length > 0 ? { lists } : undefined;
  const create = () => app.connections.create(connection, types, trail, along);
  if (!(await withItsSecret(app, connection, create))) throw noConnector();
  // The connector may have moved since it was read.
  return connectionView(await markMoved(app, connection));
}

export async function createConnection(
  app: Application,
  caller: Caller,
  { connectorId, ...input }: NewConnection,
): Promise<ConnectionView> {
  const connector = await connectorOf(app, caller.tenantId, connectorId);
  return createFrom(app, caller, { ...input, connector, allowances: undefined });
}
