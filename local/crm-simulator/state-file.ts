import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Country, defaultCountries } from './countries.ts';
import { type Credentials, newCredentials } from './credentials.ts';
import type { Crm } from './crm.ts';
import { noFaults } from './faults.ts';
import type { FlatRecord } from './flat-record.ts';
import { emptyJournal } from './journal.ts';
import { newPeople } from './person.ts';
import { allRecords, emptyDatabase, type Merge, putRecord, type StoredRecord } from './records.ts';
import { type RecordType, recordTypes } from './shapes.ts';
import { createRecord } from './user-edits.ts';

/** What a CRM starts with: flat records; `countries` replaces the built-in list. */
export type Seed = {
  companies?: FlatRecord[];
  persons?: FlatRecord[];
  projects?: FlatRecord[];
  countries?: Country[];
};

type SavedState = {
  tenant: string;
  credentials: Credentials;
  countries: Country[];
  hostMoves: number;
  nextId: Record<RecordType, number>;
  records: StoredRecord[];
  merges?: Merge[];
};

type LoadOptions = { tenant: string; dataFile?: string; seed?: Seed; nowMs: () => number };

/** The tenant of the data file if there is one, else a new one from the seed. */
export function loadCrm({ tenant, dataFile, seed, nowMs }: LoadOptions): Crm {
  const saved =
    dataFile !== undefined && existsSync(dataFile)
      ? (JSON.parse(readFileSync(dataFile, 'utf8')) as SavedState)
      : undefined;
  const crm: Crm = {
    tenant: saved?.tenant ?? tenant,
    credentials: saved?.credentials ?? newCredentials(),
    countries: saved?.countries ?? seed?.countries ?? defaultCountries,
    database: emptyDatabase(),
    hostMoves: saved?.hostMoves ?? 0,
    tickets: new Map(),
    faults: noFaults(),
    journal: emptyJournal(),
    pendingEdits: [],
    people: newPeople(),
    accessTokens: new Map(),
    loginUrl: undefined,
    recentCallsMs: [],
    nowMs: () => nowMs() + crm.faults.clockOffsetSeconds * 1000,
  };
  if (saved === undefined) {
    plant(crm, 'company', seed?.companies);
    plant(crm, 'person', seed?.persons);
    plant(crm, 'project', seed?.projects);
  } else {
    for (const record of saved.records) putRecord(crm.database, record);
    crm.database.nextId = saved.nextId;
    crm.database.merges = saved.merges ?? [];
  }
  return crm;
}

function plant(crm: Crm, type: RecordType, contents: FlatRecord[] = []): void {
  for (const [index, content] of contents.entries()) {
    try {
      createRecord(crm, type, content);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'unreadable';
      throw new Error(`The seed's ${type} number ${index + 1} is refused: ${reason}`, { cause });
    }
  }
}

/** Replaces the file in one step; faults, counts, tickets and the log of writes are not kept. */
export function saveCrm(crm: Crm, dataFile: string): void {
  const state: SavedState = {
    tenant: crm.tenant,
    credentials: crm.credentials,
    countries: [...crm.countries],
    hostMoves: crm.hostMoves,
    nextId: crm.database.nextId,
    records: recordTypes.flatMap((type) => allRecords(crm.database, type)),
    merges: crm.database.merges,
  };
  mkdirSync(dirname(dataFile), { recursive: true });
  writeFileSync(`${dataFile}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${dataFile}.new`, dataFile);
}
