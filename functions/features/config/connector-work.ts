import { changesBetween } from '../../core/audit/changes-between.ts';
import { connectorState } from '../../core/audit/set-up-states.ts';
import { asSyncError, type FieldFault } from '../../core/errors.ts';
import type { Connector } from '../../core/model/connector.ts';
import { sameAddress } from '../../core/values/same-address.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { addConnector, changeConnector } from '../connectors/connectors.ts';
import { changedAtOnce } from '../expect-revision.ts';
import type { ConfigFile, ConnectorEntry } from './config-file.ts';
import type { EntryResult } from './config-result.ts';
import type { TenantSetUp } from './tenant-set-up.ts';

/** A connector of the file and what becomes of it. */
export interface ConnectorWork {
  readonly at: string;
  /** As it shall be; without id while it is to be made. */
  readonly connector: Connector;
  /** It stands, and shall be at another address. */
  readonly isMoved: boolean;
  readonly result: EntryResult;
}

/** A move would leave these without a secret, or stop them. */
function hinderedBy({ file, setUp }: Question, { id, name: connector }: Connector, path: string): FieldFault[] {
  const own = setUp.setups.flatMap(({ connection }) => (connection.connectorId === id ? [connection] : []));
  return own.flatMap(({ name, state }) => {
    const named = JSON.stringify(name);
    if (state === 'active') return [{ path, message: `Its connection ${named} is active: deactivate it first` }];
    if (file.connections.some((entry) => entry.name === name && entry.connector === connector)) return [];
    return [
      { path, message: `Its connection ${named} is not in the file with it, and would need its secrets entered again` },
    ];
  });
}

interface Question {
  /** No call is begun any more. */
  readonly isLate: boolean;
  readonly file: ConfigFile;
  readonly setUp: TenantSetUp;
  readonly caller: Caller;
}

async function reachFaults(app: Application, { kind, url }: ConnectorEntry, path: string): Promise<FieldFault[]> {
  try {
    await app.systems.reachErp(kind, url);
    return [];
  } catch (failure) {
    const { kind: why, message } = asSyncError(failure);
    if (why === 'defect') throw failure;
    return [{ path, message: `The test of the connector failed (${why}): ${message}` }];
  }
}

/** A new address is asked first whether an ERP of this kind is there. */
export async function connectorWork(
  app: Application,
  question: Question,
  entry: ConnectorEntry,
  place: number,
): Promise<ConnectorWork> {
  const { name, kind, url } = entry;
  const at = `connectors[${place}]`;
  const known = question.setUp.connectors.find((one) => one.name === name);
  const made = {
    tenantId: question.caller.tenantId,
    id: '',
    connections: 0,
    revision: 1,
    createdAt: app.runtime.now(),
  };
  const connector: Connector = { ...(known ?? { ...made, kind }), name, url };
  const changes = changesBetween(known && connectorState(known), connectorState(connector));
  const isMoved = known !== undefined && !sameAddress(known.url, url);
  if (isMoved && question.isLate) {
    return { at, connector, isMoved, result: { name, outcome: 'not-done', changes: [], errors: [] } };
  }
  const errors =
    known && isMoved
      ? [...hinderedBy(question, known, `${at}.url`), ...(await reachFaults(app, entry, `${at}.url`))]
      : [];
  const outcome = known ? (changes.length > 0 ? 'changed' : 'unchanged') : 'made';
  const result: EntryResult = { name, outcome: errors.length > 0 ? 'refused' : outcome, changes, errors };
  return { at, connector, isMoved, result };
}

/** The connector as it is stored; its connections are marked where it moves. */
export async function storeConnector(
  app: Application,
  caller: Caller,
  { connector, result }: ConnectorWork,
): Promise<Connector> {
  const { kind, name, url, id, revision } = connector;
  if (result.outcome === 'made') return addConnector(app, caller, { kind, name, url });
  try {
    return await changeConnector(app, { caller, id, ifMatch: [revision] }, { kind, name, url });
  } catch (error) {
    throw asSyncError(error).kind === 'precondition' ? changedAtOnce('connector') : error;
  }
}
