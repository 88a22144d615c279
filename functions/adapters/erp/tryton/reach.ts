import { asSyncError, type ErrorKind, SyncError } from '../../../core/errors.ts';
import type { Outside } from '../../../ports/record-systems.ts';
import { isAddressRefusal } from '../../http/checked-lookup.ts';
import { type JsonRpc, jsonRpc } from './wire/json-rpc.ts';

/** Something answers, and not with a version; below a database it asks for a session. */
const somethingElse: ReadonlySet<ErrorKind> = new Set(['misconfigured', 'defect', 'unauthorised']);

/** The series that answers at a path (`"8.2"`; `"6.0.29"` before 8); undefined where something else does. */
async function versionAt(rpc: JsonRpc, path: string): Promise<string | undefined> {
  try {
    const { result } = await rpc({ path, method: 'common.server.version', params: [], effect: 'probe' });
    return typeof result === 'string' ? result : undefined;
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (somethingElse.has(error.kind) && !isAddressRefusal(error)) return undefined;
    throw error;
  }
}

const notTryton = (explanation: string): SyncError =>
  new SyncError('misconfigured', 'There is no Tryton 8 server at the address.', { explanation });

/** Whether a Tryton 8 is at the address; SyncError with the explanation otherwise. */
export async function reach(outside: Outside, url: string): Promise<void> {
  const rpc = jsonRpc({ ...outside, url });
  // Series 8 answers below /rpc/, older ones at the root.
  const version = (await versionAt(rpc, '/rpc/')) ?? (await versionAt(rpc, '/'));
  if (version === undefined) {
    throw notTryton('No Tryton answers at this address. Give the address of the server, without the database name.');
  }
  if (!version.startsWith('8.')) throw notTryton(`This is Tryton ${version}. The connector works with Tryton 8.`);
}
