import * as z from 'zod';
import { SyncError } from '../../../core/errors.ts';
import type { ListItem } from '../../../core/model/field.ts';
import { withoutSlashes } from '../../../core/values/without-slashes.ts';
import type { Capabilities, RecordSystem } from '../../../ports/record-system.ts';
import { customFieldsReader } from './fields/custom-fields.ts';
import { readCountries, readItems } from './fields/lists.ts';
import { type RecordType, recordTypes } from './fields/record-types.ts';
import { readAccess } from './read/access.ts';
import { readJson } from './read/archive.ts';
import { fieldsOf, recordTypeOf, recordTypeOfTable } from './read/find-record-type.ts';
import { listChanges, overlapMs } from './read/list-changes.ts';
import { readRecords } from './read/read-records.ts';
import type { Reading } from './read/record-rows.ts';
import { searchRecords } from './read/search-records.ts';
import { startCursor } from './read/start-cursor.ts';
import { whichExist } from './read/which-exist.ts';
import { wholeNames } from './read/whole-names.ts';
import { session as openSession } from './session/session.ts';
import type { SuperOfficeParts } from './settings.ts';
import { updateRecords } from './write/update-records.ts';

/**
 * `UpdatedDate` has whole seconds and shows a save as late as it commits. Whether an edit of a phone, an e-mail or an
 * address touches it is undocumented (spec 7), so a list of changes may miss one.
 */
const capabilities: Capabilities = {
  types: Object.values(recordTypes).map(({ type, label, table }) => ({ type, label, table })),
  updateBatch: 100,
  // Undocumented; a rate of some 10 calls a second is what the community counts on (spec 1.5).
  callsOpen: 32,
  version: { kind: 'coarse', resolutionMs: 1_000, commitLagMs: overlapMs },
  timeResolutionMs: 1_000,
  listMayMissEdits: true,
  listMissesDeletes: true,
  formVersion: 2,
};

const Principal = z.object({ Associate: z.string().nullish() });
/** No longer: whoever has just made an item is about to map it. */
const listsKeptMs = 30_000;
/** Of one tenant, in some languages. */
const mostListsKept = 50;

/** SuperOffice CRM as a record system: companies, contact persons and projects of one tenant, as its system user. */
export function superOffice(given: SuperOfficeParts): RecordSystem {
  const address = withoutSlashes(given.settings.address);
  const parts: SuperOfficeParts = { ...given, settings: { ...given.settings, address } };
  const { runtime } = parts;
  const session = openSession(parts);
  const { withCustom, withCustomNow } = customFieldsReader(session, runtime);
  let principal: Promise<string | undefined> | undefined;
  const lists = new Map<string, { readonly items: Promise<ListItem[]>; readonly untilMs: number }>();

  async function readPrincipal(): Promise<string | undefined> {
    const { json } = await readJson(session, runtime, { method: 'GET', path: 'User/currentPrincipal' });
    const known = Principal.safeParse(json);
    return known.success ? (known.data.Associate ?? undefined) : undefined;
  }

  /** Only lists of fields that we offer: others may name users. */
  async function readList(listName: string, language: string | undefined): Promise<ListItem[]> {
    const asked = { session, runtime, language };
    if (listName === 'country') return readCountries(asked);
    const types = Object.values(recordTypes);
    const isOffered = (offering: readonly RecordType[]) =>
      offering.some(({ fields }) => fields.some(({ metadata }) => metadata.listName === listName));
    if (isOffered(types) || isOffered(await Promise.all(types.map((type) => withCustom(type)))))
      return readItems(asked, listName);
    throw new SyncError('misconfigured', `The CRM offers no list ${listName}.`);
  }

  const reading: Reading = {
    session,
    runtime,
    ownName() {
      principal ??= readPrincipal().catch((error: unknown) => {
        principal = undefined;
        throw error;
      });
      return principal;
    },
  };

  return {
    capabilities: async () => capabilities,
    describe: async (type) => (await withCustomNow(recordTypeOf(type))).fields.map((field) => field.metadata),

    async listItems(listName, language) {
      const kept = `${listName} ${language ?? ''}`;
      const known = lists.get(kept);
      if (known && runtime.nowMs() < known.untilMs) return known.items;
      if (lists.size >= mostListsKept) lists.clear();
      const items = readList(listName, language);
      lists.set(kept, { items, untilMs: runtime.nowMs() + listsKeptMs });
      items.catch(() => lists.delete(kept));
      return items;
    },

    start: async (table) => startCursor(reading, recordTypeOfTable(table)),

    async listChanges(request) {
      const recordType = recordTypeOfTable(request.table);
      const fields = request.fieldsByType[recordType.type] ?? [];
      return listChanges(reading, await withCustom(recordType, fields), request);
    },

    async get(type, keys, fields) {
      const recordType = await withCustom(recordTypeOf(type), fields);
      const read = await readRecords(reading, recordType, keys, fieldsOf(recordType, fields));
      return { ...read, readAtMs: read.readAtMs ?? runtime.nowMs() };
    },

    whichExist: (type, keys) => whichExist({ session, runtime }, recordTypeOf(type), keys),
    async search(request) {
      return searchRecords(reading, await withCustom(recordTypeOf(request.type), request.fields), request);
    },
    async update(type, changes, fields, callsAtOnce) {
      const used = [...fields, ...changes.flatMap(({ values, replaces }) => Object.keys({ ...values, ...replaces }))];
      const recordType = await withCustom(recordTypeOf(type), used);
      return updateRecords({ session, runtime }, recordType, changes, fields, callsAtOnce);
    },
    wholeNames: (type, changes) => wholeNames(reading, recordTypeOf(type), changes),
    access: (type) => readAccess(session, runtime, recordTypeOf(type)),
    callCount: () => session.callCount(),
  };
}
