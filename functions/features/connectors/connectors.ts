import { connectorState } from '../../core/audit/set-up-states.ts';
import { invalid, SyncError } from '../../core/errors.ts';
import type { AuditAct } from '../../core/model/audit.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { Connector } from '../../core/model/connector.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Trail } from '../../ports/audit.ts';
import type { PageRequest } from '../../ports/page.ts';
import { markMoved } from '../../sync/guards/mark-moved.ts';
import { allPages } from '../all-pages.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { type AsRead, changedMeanwhile, expectRevision } from '../expect-revision.ts';
import { found } from '../found.ts';
import { refuseNameOf } from '../refuse-name-of.ts';
import { testFailed } from '../systems/probe-system.ts';

export interface ConnectorInput {
  readonly kind: string;
  readonly name: string;
  readonly url: string;
}

interface ConnectorChange {
  readonly act: AuditAct;
  readonly before?: Connector;
  readonly after?: Connector;
}

/** The trail of what is done to a connector. */
function trailOn(app: Application, caller: Caller, { act, before, after }: ConnectorChange): Trail {
  const { id = '', name } = after ?? before ?? {};
  const subject = { kind: 'connector', id, name } as const;
  const states = { before: before && connectorState(before), after: after && connectorState(after) };
  return trailOf(app.runtime, caller, { act, subject, ...states });
}

export async function addConnector(app: Application, caller: Caller, input: ConnectorInput): Promise<Connector> {
  const connector: Connector = {
    ...input,
    tenantId: caller.tenantId,
    id: app.runtime.newId(),
    connections: 0,
    revision: 1,
    createdAt: app.runtime.now(),
  };
  refuseNameOf('connector', await connectorsOf(app, caller.tenantId), input);
  await app.connectors.create(connector, trailOn(app, caller, { act: 'connector.add', after: connector }));
  return connector;
}

export async function readConnector(app: Application, tenantId: string, id: string): Promise<Connector> {
  return found(await app.connectors.get(tenantId, id), 'connector', id);
}

export async function connectorsOf(app: Application, tenantId: string): Promise<Connector[]> {
  const connectors: Connector[] = [];
  for await (const { items } of allPages((page) => app.connectors.list(tenantId, page))) connectors.push(...items);
  return connectors;
}

async function connectionsOf(app: Application, connector: Connector): Promise<Connection[]> {
  const connections: Connection[] = [];
  const read = (page: PageRequest) => app.connections.list(connector.tenantId, { ...page, includeDeleted: true });
  for await (const { items } of allPages(read)) {
    connections.push(...items.filter((connection) => connection.connectorId === connector.id));
  }
  return connections;
}

/**
 * The kind of a connector never changes. Its connections keep the address that their secrets were tested with, and are
 * marked where that is another one now; a repeat after a crash completes it (mark-moved.ts).
 */
export async function changeConnector(
  app: Application,
  { caller, id, ifMatch }: AsRead,
  input: ConnectorInput,
): Promise<Connector> {
  const connector = await readConnector(app, caller.tenantId, id);
  if (input.kind !== connector.kind) {
    throw invalid([{ path: 'kind', message: 'Cannot be changed' }], 'The kind of a connector cannot be changed.');
  }
  expectRevision(connector.revision, ifMatch);
  const changed = { ...connector, name: input.name, url: input.url };
  const isRenamed = changed.name !== connector.name;
  if (isRenamed) refuseNameOf('connector', await connectorsOf(app, caller.tenantId), changed);
  const trail = trailOn(app, caller, { act: 'connector.change', before: connector, after: changed });
  const named = isRenamed ? { gives: connector.name, takes: changed.name } : {};
  const saved = sameContent(changed, connector) ? connector : await app.connectors.replace(changed, trail, named);
  if (!saved) throw changedMeanwhile();
  for (const connection of await connectionsOf(app, saved)) await markMoved(app, connection);
  return saved;
}

export async function removeConnector(app: Application, { caller, id, ifMatch }: AsRead): Promise<void> {
  const connector = await readConnector(app, caller.tenantId, id);
  expectRevision(connector.revision, ifMatch);
  const trail = trailOn(app, caller, { act: 'connector.remove', before: connector });
  const result = await app.connectors.remove(connector, trail);
  if (result === 'in-use') {
    throw new SyncError('conflict', 'Connections of this connector exist (deleted ones can be restored, and count).');
  }
  if (result === 'superseded') throw changedMeanwhile();
}

/** Is something of this kind there? 422 with the explanation if not. */
export async function testConnector(app: Application, tenantId: string, id: string): Promise<void> {
  const connector = await readConnector(app, tenantId, id);
  try {
    await app.systems.reachErp(connector.kind, connector.url);
  } catch (failure) {
    throw testFailed('the connector', failure);
  }
}
