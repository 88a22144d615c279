import type { SyncError } from '../core/errors.ts';
import type { FieldMetadata, ListItem } from '../core/model/field.ts';
import type { Values } from '../core/values/value.ts';

/**
 * One port for both sides: the CRM and every ERP are a record system to the engine. Keys, cursors and
 * versions are opaque strings made by the adapter. The same record has the same canonical values in `listChanges`,
 * `get` and the answer of `update` (contract test). Every method may throw SyncError of kind transient, throttled,
 * unauthorised, misconfigured or defect; all but `update` are safe to repeat.
 */
export interface RecordSystem {
  capabilities(): Promise<Capabilities>;
  /** Fields of a record type (`company`, `customer` …), in the order people should see them. */
  describe(type: string): Promise<FieldMetadata[]>;
  /**
   * All items of a list; `code` is the ISO code where the list has one. `language`: a tag such as `nl` or `nb-NO`; the texts
   * are in it where the system has them, and their keys are the same in any. `misconfigured` if there is no such list.
   */
  listItems(listName: string, language?: string): Promise<ListItem[]>;
  /** The cursor of now: changes from this moment on are listed. */
  start(table: string): Promise<string>;
  /**
   * Records changed at or after the cursor, archived and merged ones too, a page at a time; may repeat records, never skips
   * one. A cursor that cannot be gone on from is thrown with a `listTrouble`.
   */
  listChanges(request: ListChangesRequest): Promise<ChangePage>;
  /**
   * Many records at once, in as few calls as the system allows; every key is in `records`, `missing` or `failed`. A key
   * that a capped answer left out is not missing.
   */
  get(type: string, keys: readonly string[], fields: readonly string[]): Promise<RecordBatch>;
  /**
   * Which of these records its list shows, archived ones too; by keys alone, in as few calls as the system allows. Every key
   * is in one of the three, and `notFound` only where an answer that could have shown it did not: what a server cut off
   * is asked for again. It may be hidden from our user all the same, so nothing follows from it without a read.
   */
  whichExist(type: string, keys: readonly string[]): Promise<KeysAnswered>;
  /** Simple text search; empty text = everything; a page at a time. */
  search(request: SearchRequest): Promise<SearchPage>;
  /**
   * Writes many records, each on condition that nobody wrote meanwhile; one answer per write, in the same order. A bad
   * record never fails its neighbours. Opens at most `callsAtOnce` calls (a few, where not told). Throws a SyncError of another kind than `unknown-outcome` and `defect` only if
   * certainly nothing was written; those two leave it open.
   */
  update(
    type: string,
    writes: readonly RecordWrite[],
    fields: readonly string[],
    callsAtOnce?: number,
  ): Promise<WriteAnswer[]>;
  /** Which rights our user has, as far as the system says: asked before a blank or a missing record is believed. */
  access(type: string): Promise<RecordAccess>;
  /**
   * Names that the system puts together from several fields, whole, by key; `fields` are those that are mapped. Reads only;
   * records that cannot be read, and types without such a name, are left out.
   */
  wholeNames(type: string, changes: readonly NameChange[], fields: readonly string[]): Promise<WholeNames>;
  /** Calls made to the remote system by this instance since it was made. */
  callCount(): number;
}

export interface Capabilities {
  readonly types: readonly RecordType[];
  /** Records that one `update` takes. */
  readonly updateBatch: number;
  /** Calls that all workers together may have open; each has its share of them (`core/timing/caps.ts`). */
  readonly callsOpen: number;
  /** `exact`: changes with every write. `coarse`: a time stamp; a write may leave it the same within the resolution, or show it late. */
  readonly version:
    | { readonly kind: 'exact' }
    | { readonly kind: 'coarse'; readonly resolutionMs: number; readonly commitLagMs: number };
  /** Resolution of `changedAtMs`, for latest-wins. */
  readonly timeResolutionMs: number;
  /** Changes that the list may not show (a child row that does not touch its parent, or is removed): a daily compare run closes that gap. */
  readonly listMayMissEdits: boolean;
  /** A record that is deleted is not listed: where nothing else reads every record, a daily sweep finds it. */
  readonly listMissesDeletes: boolean;
  /** Goes up when the adapter changes its canonical form: values agreed in another form are read anew and taken as unchanged. */
  readonly formVersion: number;
}

/** Rights of our own user on a record type; a system that cannot tell answers that all is allowed. */
export interface RecordAccess {
  readonly read: boolean;
  readonly write: boolean;
  /** Fields that are hidden from us: they read as blank. */
  readonly unreadable: readonly string[];
  readonly unwritable: readonly string[];
}

export interface RecordType {
  readonly type: string;
  readonly label: string;
  /** What one list call covers; several types may share one. */
  readonly table: string;
}

export interface ListChangesRequest {
  readonly table: string;
  /** Mapped fields, for each type of the table that has any. */
  readonly fieldsByType: Readonly<Record<string, readonly string[]>>;
  readonly cursor: string;
}

/** What a system answers that cannot tell. */
export const allAllowed: RecordAccess = { read: true, write: true, unreadable: [], unwritable: [] };

/**
 * What a record is that is not live. `archived`: deactivated, retired or soft-deleted, and still readable. `merged`: it was
 * replaced by the record `into`, where the system says which. `outside`: no system says so, the engine does of a record
 * that its filter leaves out.
 */
export type Standing =
  | { readonly kind: 'archived' | 'outside' }
  | { readonly kind: 'merged'; readonly into?: string | undefined };

/** One record as read. */
export interface RecordState {
  readonly key: string;
  readonly version: string;
  readonly values: Values;
  /** What people call it, all of it, whichever fields were asked for; absent where it has no name. */
  readonly name?: string | undefined;
  /** When the record was last changed, by its server's clock, milliseconds since 1970; absent where unknown. */
  readonly changedAtMs?: number;
  /** The last writer is provably this connection's own user. */
  readonly lastWriterIsUs?: boolean;
  /** Absent = live. */
  readonly standing?: Standing | undefined;
}

export interface ChangePage {
  readonly records: readonly RecordState[];
  /** Stored only after every record of the page has been made due. */
  readonly cursor: string;
  readonly complete: boolean;
}

export interface RecordBatch {
  readonly records: readonly RecordState[];
  readonly missing: readonly string[];
  /** Keys that could not be read, each for a reason of its own; what concerns the whole call is thrown. */
  readonly failed: readonly FailedRead[];
  /** The server's clock when the read began, milliseconds since 1970. */
  readonly readAtMs: number;
}

export interface KeysAnswered {
  readonly found: readonly string[];
  readonly notFound: readonly string[];
  /** Nothing is known of them. */
  readonly unanswered: readonly string[];
}

export interface FailedRead {
  readonly key: string;
  readonly error: SyncError;
}

export interface NameChange {
  readonly key: string;
  /** What is to be written of the record. */
  readonly values: Values;
}

/** `after`: as it would be; as it is where the change would be refused. */
export type WholeNames = ReadonlyMap<string, { readonly now: string | null; readonly after: string | null }>;

export interface SearchRequest {
  readonly type: string;
  readonly text: string;
  readonly fields: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

export interface SearchPage {
  readonly records: readonly RecordState[];
  readonly cursor?: string;
}

export interface RecordWrite {
  readonly key: string;
  /** The version the plan was made on. */
  readonly version: string;
  readonly values: Values;
  /** What was read in the fields to be written and in the rest of their groups: where values guard the write, it tests all of these. */
  readonly replaces: Values;
}

/**
 * `stored`/`version`/`name` are present only where they are certainly what this write left. `failed` with kind
 * `unknown-outcome`: the write may still land; any other kind: it certainly did not.
 */
export type WriteAnswer =
  | { readonly outcome: 'ok'; readonly version?: string; readonly stored?: Values; readonly name?: string | undefined }
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'rejected'; readonly field?: string; readonly explanation?: string }
  | { readonly outcome: 'failed'; readonly error: SyncError };
