import { asSyncError, SyncError } from '../../core/errors.ts';
import type { FieldMetadata, ListItem } from '../../core/model/field.ts';
import { isBlank, sameValue, type Value, type Values } from '../../core/values/value.ts';
import {
  allAllowed,
  type Capabilities,
  type ChangePage,
  type KeysAnswered,
  type ListChangesRequest,
  type NameChange,
  type RecordAccess,
  type RecordBatch,
  type RecordState,
  type RecordSystem,
  type RecordWrite,
  type SearchPage,
  type SearchRequest,
  type Standing,
  type WholeNames,
  type WriteAnswer,
} from '../../ports/record-system.ts';

export interface MemoryRecordType {
  readonly type: string;
  readonly table: string;
  readonly fields: readonly FieldMetadata[];
}

export interface MemoryRecordSystemOptions {
  readonly types: readonly MemoryRecordType[];
  /** `exact`: versions count writes and guard them. `coarse`: versions are stamps of whole seconds, and the values guard writes. */
  readonly version: 'exact' | 'coarse';
  readonly nowMs: () => number;
  readonly pageSize?: number;
  /** How long a commit may stay invisible behind its stamp; the cursor overlaps by it. */
  readonly commitLagMs?: number;
  /** Whether an answer to a write says what was stored. */
  readonly answersStored?: boolean;
  /** What the server makes of a value it is sent. */
  readonly reformat?: (field: string, value: Value) => Value;
  /** Called around every call; may wait (to let others in), and throw. `sent` comes before the effect, `answered` after it. */
  readonly onCall?: (operation: string, moment: 'sent' | 'answered') => Promise<void>;
  /** Sortable marks, to tell what came after what. */
  readonly newMark?: () => string;
  readonly listMayMissEdits?: boolean;
  /** By default somebody else tells of what is deleted. */
  readonly listMissesDeletes?: boolean;
  /** The most records of one answer to `whichExist`, whatever was asked. */
  readonly answersAtMost?: () => number | undefined;
  /** Records that such an answer does not show, by key, although they are there. */
  readonly leavesOut?: (key: string) => boolean;
  /** Whether a refusal says which field it means. */
  readonly namesRefused?: boolean;
  /** Values this server refuses, by field: an explanation. */
  readonly refuses?: (field: string, value: Value) => string | undefined;
  readonly lists?: Readonly<Record<string, readonly ListItem[]>>;
  /** Texts of list items in other languages: by language, then by the item's own text. */
  readonly textsIn?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly formVersion?: number;
  readonly access?: () => RecordAccess;
  /** Fields that a record rule hides: they read as blank. */
  readonly hides?: () => readonly string[];
  /** Why a record cannot be read, by key. */
  readonly unreadable?: (key: string) => SyncError | undefined;
}

interface StoredRecord {
  values: Record<string, Value>;
  writes: number;
  stampMs: number;
  byUs: boolean;
  standing?: Standing | undefined;
  /** By field: the mark of the person's edit whose value stands there; the engine's writes have none. */
  marks: Record<string, string>;
}

interface EditOptions {
  /** Its stamp lies so far back, as after a long transaction. */
  readonly lateMs?: number;
  /** Names the edit. */
  readonly mark?: string;
}

function joinedName(parts: readonly string[], values: Values): string | undefined {
  return parts.flatMap((part) => values[part] ?? []).join(' ') || undefined;
}

/** A record system in memory: the double of both ends, with a person's hand to change records behind the engine's back. */
export class MemoryRecordSystem implements RecordSystem {
  readonly options: MemoryRecordSystemOptions;
  readonly tables = new Map<string, Map<string, StoredRecord>>();
  /** What a record is called stands in them, of whatever type it is. */
  private readonly nameFields: readonly string[];
  private calls = 0;
  /** Records and fields written by the engine. */
  written: {
    table: string;
    key: string;
    values: Values;
    replaced: Values;
    /** Marks of the edits that were replaced, by field. */
    replacedMarks: Readonly<Record<string, string>>;
    at: string;
  }[] = [];

  constructor(options: MemoryRecordSystemOptions) {
    this.options = options;
    const fields = options.types.flatMap((type) => type.fields);
    const named = fields.filter(({ group, key }) => group === 'name' || key.toLowerCase() === 'name');
    this.nameFields = [...new Set(named.map(({ key }) => key))];
    for (const { table } of options.types) this.tables.set(table, new Map());
  }

  /** A person's change (or creation). */
  edit(table: string, key: string, values: Values, { lateMs = 0, mark = '' }: EditOptions = {}): void {
    const record = this.rows(table).get(key) ?? { values: {}, writes: 0, stampMs: 0, byUs: false, marks: {} };
    const marks = Object.fromEntries(Object.keys(values).map((field) => [field, mark]));
    this.rows(table).set(key, {
      values: { ...record.values, ...values },
      writes: record.writes + 1,
      stampMs: this.options.nowMs() - lateMs,
      byUs: false,
      standing: record.standing,
      marks: { ...record.marks, ...marks },
    });
  }

  /** A person archives or merges the record, or (`undefined`) takes it back into use. */
  setStanding(table: string, key: string, standing: Standing | undefined): void {
    this.edit(table, key, {});
    const record = this.rows(table).get(key);
    if (record) record.standing = standing;
  }

  removeRecord(table: string, key: string): void {
    this.rows(table).delete(key);
  }

  valuesOf(table: string, key: string): Values {
    return { ...(this.rows(table).get(key)?.values ?? {}) };
  }

  /** The mark of the edit whose value stands in the field; none where the engine wrote last. */
  markOf(table: string, key: string, field: string): string | undefined {
    return this.rows(table).get(key)?.marks[field];
  }

  async capabilities(): Promise<Capabilities> {
    await this.options.onCall?.('capabilities', 'sent');
    const lag = this.options.commitLagMs ?? 0;
    return {
      types: this.options.types.map(({ type, table }) => ({ type, label: type, table })),
      updateBatch: 10,
      callsOpen: 8,
      version:
        this.options.version === 'exact' ? { kind: 'exact' } : { kind: 'coarse', resolutionMs: 1000, commitLagMs: lag },
      timeResolutionMs: 1000,
      listMayMissEdits: this.options.listMayMissEdits ?? false,
      listMissesDeletes: this.options.listMissesDeletes ?? false,
      formVersion: this.options.formVersion ?? 1,
    };
  }

  async describe(type: string): Promise<FieldMetadata[]> {
    return this.call('describe', () => [...this.typeOf(type).fields]);
  }

  async listItems(listName: string, language?: string): Promise<ListItem[]> {
    const { lists = {} } = this.options;
    const items = Object.hasOwn(lists, listName) ? lists[listName] : undefined;
    if (!items) throw new SyncError('misconfigured', `There is no list ${listName}.`);
    const texts = language === undefined ? undefined : this.options.textsIn?.[language];
    return items.map((item) => ({ ...item, text: texts?.[item.text] ?? item.text }));
  }

  async start(_table: string): Promise<string> {
    return this.call('start', () => JSON.stringify({ since: this.options.nowMs() - this.lag() }));
  }

  async listChanges(request: ListChangesRequest): Promise<ChangePage> {
    return this.call('listChanges', () => {
      const { since, after, began } = JSON.parse(request.cursor) as { since: number; after?: string; began?: number };
      const size = this.options.pageSize ?? 200;
      const rows = [...this.rows(request.table)]
        .filter(([key, record]) => record.stampMs >= since && (after === undefined || key > after))
        .sort(([one], [other]) => (one < other ? -1 : 1));
      const page = rows.slice(0, size);
      const complete = rows.length <= size;
      const readStart = began ?? this.options.nowMs();
      const fields = Object.entries(request.fieldsByType).flatMap(([type, asked]) => this.known(type, asked));
      const cursor = complete
        ? { since: Math.max(since, readStart - this.lag()) }
        : { since, after: page.at(-1)?.[0], began: readStart };
      return {
        records: page.map(([key, record]) => this.stateOf(key, record, fields)),
        cursor: JSON.stringify(cursor),
        complete,
      };
    });
  }

  async get(type: string, keys: readonly string[], fields: readonly string[]): Promise<RecordBatch> {
    return this.call('get', () => {
      this.known(type, fields);
      const rows = this.rows(this.typeOf(type).table);
      return {
        records: keys.flatMap((key) => {
          const record = rows.get(key);
          return record && !this.options.unreadable?.(key) ? [this.stateOf(key, record, fields)] : [];
        }),
        missing: keys.filter((key) => !rows.has(key)),
        failed: keys.flatMap((key) => {
          const error = rows.has(key) ? this.options.unreadable?.(key) : undefined;
          return error ? [{ key, error }] : [];
        }),
        readAtMs: this.options.nowMs(),
      };
    });
  }

  /** A server that caps its answers is asked again for what it left out. */
  async whichExist(type: string, keys: readonly string[]): Promise<KeysAnswered> {
    const rows = this.rows(this.typeOf(type).table);
    const unanswered = keys.filter((key) => this.options.unreadable?.(key));
    const found: string[] = [];
    let left = keys.filter((key) => !unanswered.includes(key));
    for (;;) {
      const shown = await this.call('whichExist', () =>
        left.filter((key) => rows.has(key) && !this.options.leavesOut?.(key)).slice(0, this.options.answersAtMost?.()),
      );
      found.push(...shown);
      left = left.filter((key) => !shown.includes(key));
      if (shown.length === 0 || left.length === 0) break;
    }
    return { found, notFound: left, unanswered };
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    return this.call('search', () => {
      const wanted = request.text.toLowerCase();
      this.known(request.type, request.fields);
      const rows = [...this.rows(this.typeOf(request.type).table)]
        .filter(([key]) => request.cursor === undefined || key > request.cursor)
        .filter(([, record]) =>
          Object.values(record.values).some((value) => String(value).toLowerCase().includes(wanted)),
        )
        .sort(([one], [other]) => (one < other ? -1 : 1));
      const page = rows.slice(0, request.limit);
      const last = page.at(-1)?.[0];
      return {
        records: page.map(([key, record]) => this.stateOf(key, record, request.fields)),
        cursor: rows.length > page.length ? last : undefined,
      };
    });
  }

  async update(type: string, writes: readonly RecordWrite[], fields: readonly string[]): Promise<WriteAnswer[]> {
    this.calls += 1;
    await this.options.onCall?.('update', 'sent');
    const answers = writes.map((write) => this.updateOne(type, write, fields));
    try {
      await this.options.onCall?.('update', 'answered');
    } catch (failure) {
      const error = asSyncError(failure);
      return writes.map(() => ({ outcome: 'failed', error }));
    }
    return answers;
  }

  /** A name is put together from the fields of a group `name`, in their order. */
  async wholeNames(type: string, changes: readonly NameChange[]): Promise<WholeNames> {
    const { table, fields } = this.typeOf(type);
    const parts = fields.filter(({ group }) => group === 'name').map(({ key }) => key);
    const joined = (values: Values) => joinedName(parts, values) ?? null;
    return new Map(
      changes.flatMap(({ key, values }) => {
        const now = this.rows(table).get(key)?.values;
        return now && parts.length > 0
          ? [[key, { now: joined(now), after: joined({ ...now, ...values }) }] as const]
          : [];
      }),
    );
  }

  async access(_type: string): Promise<RecordAccess> {
    return this.call('access', () => this.options.access?.() ?? allAllowed);
  }

  callCount(): number {
    return this.calls;
  }

  private updateOne(type: string, write: RecordWrite, fields: readonly string[]): WriteAnswer {
    const { table } = this.typeOf(type);
    const record = this.rows(table).get(write.key);
    if (!record) return { outcome: 'missing' };
    const replaced = Object.fromEntries(
      Object.keys(write.values).map((field) => [field, record.values[field] ?? null]),
    );
    const stale =
      this.options.version === 'exact'
        ? this.versionOf(record) !== write.version
        : Object.entries(write.replaces).some(([field, value]) => !sameValue(record.values[field], value));
    if (stale) return { outcome: 'stale' };
    for (const [field, value] of Object.entries(write.values)) {
      const explanation = this.options.refuses?.(field, value);
      if (explanation) {
        return { outcome: 'rejected', field: this.options.namesRefused === false ? undefined : field, explanation };
      }
    }
    const values: Record<string, Value> = {};
    for (const [field, value] of Object.entries(write.values)) {
      values[field] = this.options.reformat?.(field, value) ?? value;
    }
    const after = {
      values: { ...record.values, ...values },
      writes: record.writes + 1,
      stampMs: this.options.nowMs(),
      byUs: true,
      standing: record.standing,
      marks: Object.fromEntries(Object.entries(record.marks).filter(([field]) => !(field in values))),
    };
    this.rows(table).set(write.key, after);
    const replacedMarks = Object.fromEntries(Object.entries(record.marks).filter(([field]) => field in values));
    const at = this.options.newMark?.() ?? '';
    this.written.push({ table, key: write.key, values, replaced, replacedMarks, at });
    if (this.options.answersStored === false) return { outcome: 'ok' };
    const now = this.stateOf(write.key, after, fields);
    return { outcome: 'ok', version: this.versionOf(after), stored: now.values, name: now.name };
  }

  private async call<Answer>(operation: string, effect: () => Answer): Promise<Answer> {
    this.calls += 1;
    await this.options.onCall?.(operation, 'sent');
    const answer = effect();
    await this.options.onCall?.(operation, 'answered');
    return answer;
  }

  private stateOf(key: string, record: StoredRecord, fields: readonly string[]): RecordState {
    const hidden = this.options.hides?.() ?? [];
    const named = this.nameFields.filter((field) => !hidden.includes(field));
    const values = Object.fromEntries(
      fields.map((field) => {
        const value = hidden.includes(field) ? null : (record.values[field] ?? null);
        return [field, isBlank(value) ? null : value];
      }),
    );
    return {
      key,
      version: this.versionOf(record),
      values,
      name: joinedName(named, record.values),
      changedAtMs: Math.floor(record.stampMs / 1000) * 1000,
      lastWriterIsUs: record.byUs,
      standing: record.standing,
    };
  }

  private versionOf(record: StoredRecord): string {
    return this.options.version === 'exact' ? `w${record.writes}` : `s${Math.floor(record.stampMs / 1000)}`;
  }

  private lag(): number {
    return (this.options.commitLagMs ?? 0) + (this.options.version === 'coarse' ? 1000 : 0);
  }

  private rows(table: string): Map<string, StoredRecord> {
    const rows = this.tables.get(table);
    if (!rows) throw new Error(`no table ${table}`);
    return rows;
  }

  private typeOf(type: string): MemoryRecordType {
    const found = this.options.types.find((candidate) => candidate.type === type);
    if (!found) throw new Error(`no type ${type}`);
    return found;
  }

  private known(type: string, fields: readonly string[]): readonly string[] {
    const unknown = fields.find((field) => !this.typeOf(type).fields.some(({ key }) => key === field));
    if (unknown === undefined) return fields;
    throw new SyncError('misconfigured', `There is no field ${unknown} of ${type}.`);
  }
}
