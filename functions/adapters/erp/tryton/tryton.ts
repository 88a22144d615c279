import { SyncError } from '../../../core/errors.ts';
import type { ConfigValues } from '../../../core/model/connector.ts';
import type { HttpClient } from '../../../ports/http.ts';
import type { RecordSystem } from '../../../ports/record-system.ts';
import type { Outside } from '../../../ports/record-systems.ts';
import { configuredTypes, type TrytonType } from './configuration.ts';
import { describeType } from './fields/describe-type.ts';
import { fieldsOf } from './fields/fields-of.ts';
import { partyModel, partyTable, rowModels } from './fields/party-table.ts';
import { projectModel, projectTable } from './fields/project-table.ts';
import { accessTo } from './read/access.ts';
import { listChanges, startCursor } from './read/list-changes.ts';
import { listItems } from './read/list-items.ts';
import { readByKeys, stateOf } from './read/read-records.ts';
import type { RecordTable } from './read/record.ts';
import { searchActors } from './read/search-actors.ts';
import { whichExist } from './read/which-exist.ts';
import { wholeNames } from './read/whole-names.ts';
import { type Installation, installation } from './wire/installation.ts';
import { jsonRpc } from './wire/json-rpc.ts';
import { models } from './wire/models.ts';
import { type Session, session } from './wire/session.ts';
import { missingItems } from './write/missing-items.ts';
import { recordsPerWrite, updateRecords } from './write/update-records.ts';

export interface TrytonOptions extends Outside {
  /** Address of the server, without the database. */
  readonly url: string;
  readonly config: ConfigValues;
  readonly password: string;
}

function setting(config: ConfigValues, key: string): string {
  const value = config[key];
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new SyncError('misconfigured', `The setting ${key} is missing.`, {
    faults: [{ path: key, message: 'Required.' }],
  });
}

function knownFields(type: string, fields: readonly string[]): readonly string[] {
  const unknown = fields.find((field) => !fieldsOf(type).some(({ key }) => key === field));
  if (unknown === undefined) return fields;
  throw new SyncError('misconfigured', `Tryton offers no field ${unknown} for ${type}.`);
}

/** The session, heard for refusals: they tell that the installation may have changed. */
function heeding(own: Session, installed: Installation): Session {
  return {
    ...own,
    async call(method, params, effect) {
      try {
        return await own.call(method, params, effect);
      } catch (error) {
        if (error instanceof SyncError && (error.kind === 'misconfigured' || error.kind === 'forbidden'))
          installed.forget();
        throw error;
      }
    },
  };
}

/** One Tryton 8 database as a record system; the session and what was learnt of the installation live in the instance. */
export function tryton({ http, runtime, guardSignIn, url, config, password }: TrytonOptions): RecordSystem {
  let calls = 0;
  const counted: HttpClient = {
    send(request) {
      calls += 1;
      return http.send(request);
    },
  };
  const rpc = jsonRpc({ http: counted, runtime, url });
  const credentials = () => ({ database: setting(config, 'database'), user: setting(config, 'user'), password });
  const own = session({ rpc, runtime, guardSignIn, credentials });
  // What it asks itself is not heeded: a name that is not there is its answer.
  const installed = installation({ models: models(own), runtime });
  const model = models(heeding(own, installed));
  const types = configuredTypes(config);

  function typeOf(type: string): TrytonType {
    const known = types.find((one) => one.type === type);
    if (known === undefined) throw new SyncError('misconfigured', `The connection does not offer the type ${type}.`);
    return known;
  }

  /** Categories that make a party a customer, a supplier or a person. */
  const roles = [...new Set(types.flatMap(({ categories }) => categories))];

  async function tableOf(name: string, fields: readonly string[] = []): Promise<RecordTable> {
    if (name === projectModel) return projectTable;
    if (name === partyModel) return partyTable({ uses: await installed.addressUses(), roles }, fields);
    throw new SyncError('misconfigured', `Tryton has no table ${name}.`);
  }

  /** What the calls about records need; `ownUserId` only where it tells our writes from others'. */
  async function on(name: string, fields: readonly string[]) {
    const table = await tableOf(name, fields);
    return { models: model, table, ownUserId: config.dedicatedUser === true ? await own.userId() : undefined };
  }

  const accessOf = (type: TrytonType) => accessTo({ models: model, installation: installed }, type);

  return {
    async capabilities() {
      await installed.addressUses();
      const projects = await installed.hasProjects();
      const offered = types.filter(({ model: name }) => name !== projectModel || projects);
      return {
        types: offered.map(({ type, label, model: table }) => ({ type, label, table })),
        updateBatch: recordsPerWrite,
        // A server of few processes on one database; each `update` has one call open at a time.
        callsOpen: 8,
        version: { kind: 'exact' },
        timeResolutionMs: 1,
        listMayMissEdits: true,
        listMissesDeletes: true,
        // 2: particles in capitals, and before a last name that stands alone, belong to the last name.
        formVersion: 2,
      };
    },
    describe: async (type) => describeType({ models: model, installation: installed }, typeOf(type)),
    listItems: async (listName, language) => listItems(model, listName, { roles, language }),
    start: async (table) => startCursor(model, await tableOf(table)),
    async listChanges({ table, fieldsByType, cursor }) {
      const fields = new Set(Object.entries(fieldsByType).flatMap(([type, keys]) => knownFields(type, keys)));
      return listChanges(await on(table, [...fields]), { fields: [...fields], cursor });
    },
    async get(type, keys, fields) {
      const asked = knownFields(type, fields);
      const { table, ownUserId } = await on(typeOf(type).model, asked);
      const { found, missing, failed, beganAtMs } = await readByKeys(model, table, keys);
      return {
        records: [...found.values()].map((record) => stateOf(record, asked, ownUserId)),
        missing,
        failed: [...failed].map(([key, error]) => ({ key, error })),
        readAtMs: beganAtMs,
      };
    },
    whichExist: async (type, keys) => whichExist(model, typeOf(type).model, keys),
    async wholeNames(type, changes, fields) {
      if (!fieldsOf(type).some(({ key }) => key === 'FIRSTNAME')) return new Map();
      return wholeNames(await on(typeOf(type).model, []), changes, knownFields(type, fields));
    },
    async search(request) {
      const type = typeOf(request.type);
      const fields = knownFields(request.type, request.fields);
      return searchActors({ ...(await on(type.model, fields)), type }, request);
    },
    async update(type, changes, fields) {
      const readOnly = fieldsOf(type).flatMap((field) => (field.readOnly ? [field.key] : []));
      const known = typeOf(type);
      const deps = {
        ...(await on(known.model, [...fields, ...changes.flatMap(({ values }) => Object.keys(values))])),
        noItem: await missingItems(model, type, changes),
        type,
        readOnly,
        access: () => accessOf(known),
        rowAccess: () => installed.access(rowModels),
      };
      return updateRecords(deps, changes, knownFields(type, fields));
    },
    access: async (type) => accessOf(typeOf(type)),
    callCount: () => calls,
  };
}
