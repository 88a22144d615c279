import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Value, Values } from '../../functions/core/values/value.ts';
import type { RecordState, RecordSystem, RecordWrite, WriteAnswer } from '../../functions/ports/record-system.ts';

/** A record type as the suite uses it; field keys are those of the system's own `describe`. */
interface SampleType {
  readonly type: string;
  readonly table: string;
  /** Two plain text fields that anybody may write. */
  readonly text: string;
  readonly otherText: string;
  /** A field that can be blanked. */
  readonly blankable: string;
  /** Two fields of one address, where the type has one. */
  readonly address?: readonly [string, string];
  /** False where the system has no archive for the type. */
  readonly archivable?: false;
  /** A value that the system refuses. */
  readonly refused?: { readonly field: string; readonly value: Value };
}

/** Somebody else who works in the system, and the faults that the system can show. */
export interface PersonsHand {
  /** Makes a record with as many fields filled as the person can; `mark` is in its name. Answers its key. */
  create(type: string, mark: string): Promise<string>;
  createMany(type: string, marks: readonly string[]): Promise<string[]>;
  edit(type: string, key: string, values: Values): Promise<void>;
  remove(type: string, key: string): Promise<void>;
  /** Takes the record out of use, where the system knows that for the type. */
  archive?(type: string, key: string): Promise<void>;
  /** The person saves just before the system handles our next write of that record. */
  editBeforeNextWrite?(type: string, key: string, values: Values): Promise<void>;
  /** Saves with a stamp that much older than the moment it becomes visible; where the suite is told `lateEdits`. */
  editLate?(type: string, key: string, values: Values, lateMs: number): Promise<void>;
  /** The person merges the record away, where the system knows that. */
  merge?(type: string, key: string): Promise<void>;
  /** From now on answers have so many records at most; without a number as many as were asked for. */
  capAnswers?(most?: number): Promise<void>;
  /** The next answers come, but the one after so many does not. */
  failAfterAnswers?(count: number): Promise<void>;
  /** Our next write is carried out, and its answer is lost. */
  loseNextWriteAnswer?(): Promise<void>;
  /** The server's clock goes on by that much; where the suite is told `movableClock`. */
  letTimePass?(ms: number): Promise<void>;
}

interface RecordSystemFixture {
  readonly system: RecordSystem;
  readonly hand: PersonsHand;
  close(): Promise<void>;
}

export interface RecordSystemSuite {
  readonly types: readonly [SampleType, ...SampleType[]];
  /** Enough records for more than one page of changes. */
  readonly manyRecords: number;
  /** The person's hand can save late; a real server cannot be made to. */
  readonly lateEdits: boolean;
  /** The server's clock can be moved on. */
  readonly movableClock: boolean;
  /** A write tests the values that it replaces, not the record's version: an edit of another field does not stop it. */
  readonly testsValues: boolean;
  open(): Promise<RecordSystemFixture>;
}

interface Drained {
  readonly records: ReadonlyMap<string, RecordState>;
  readonly cursor: string;
  readonly pages: number;
}

/** What every record system must keep to (`ports/record-system.ts`); each test makes records of its own. */
export function recordSystemSuite(suite: RecordSystemSuite): void {
  const { types, manyRecords, lateEdits, movableClock, open } = suite;
  const [main] = types;
  let fixture: RecordSystemFixture;
  let marks = 0;

  beforeAll(async () => {
    fixture = await open();
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const mark = () => {
    marks += 1;
    return `Suite ${marks} of ${process.pid}`;
  };
  const create = (sample = main) => fixture.hand.create(sample.type, mark());

  const described = new Map<string, string[]>();

  async function allFields(sample = main): Promise<string[]> {
    const known = described.get(sample.type);
    const keys = known ?? (await fixture.system.describe(sample.type)).map((field) => field.key);
    described.set(sample.type, keys);
    return keys;
  }

  async function read(key: string, sample = main): Promise<RecordState> {
    const { records } = await fixture.system.get(sample.type, [key], await allFields(sample));
    const [record] = records;
    if (!record) throw new Error(`${sample.type} ${key} is missing`);
    return record;
  }

  async function drain(cursor: string, sample = main, betweenPages?: () => Promise<void>): Promise<Drained> {
    const fieldsByType = { [sample.type]: await allFields(sample) };
    const records = new Map<string, RecordState>();
    let at = cursor;
    for (let pages = 1; ; pages += 1) {
      const page = await fixture.system.listChanges({ table: sample.table, fieldsByType, cursor: at });
      for (const record of page.records) records.set(record.key, record);
      at = page.cursor;
      if (page.complete) return { records, cursor: at, pages };
      await betweenPages?.();
    }
  }

  function change(record: RecordState, values: Values): RecordWrite {
    const replaces = Object.fromEntries(Object.keys(values).map((key) => [key, record.values[key] ?? null]));
    return { key: record.key, version: record.version, values, replaces };
  }

  async function update(record: RecordState, values: Values, sample = main): Promise<WriteAnswer> {
    const fields = await allFields(sample);
    const [outcome] = await fixture.system.update(sample.type, [change(record, values)], fields);
    if (!outcome) throw new Error('no outcome');
    return outcome;
  }

  for (const sample of types) {
    test('a field that there is not is misconfigured, in every way of reading', async () => {
      const { system } = fixture;
      const key = await create();
      const fields = [main.text, '='];
      const misconfigured = { kind: 'misconfigured' };
      await expect(system.get(main.type, [key], fields)).rejects.toMatchObject(misconfigured);
      const cursor = await system.start(main.table);
      const fieldsByType = { [main.type]: fields };
      await expect(system.listChanges({ table: main.table, fieldsByType, cursor })).rejects.toMatchObject(
        misconfigured,
      );
      const search = { type: main.type, text: 'Suite', fields, limit: 1 };
      await expect(system.search(search)).rejects.toMatchObject(misconfigured);
    });

    test(`${sample.type}: fields are described once each, and every one can be read`, async () => {
      const fields = await allFields(sample);
      expect(new Set(fields).size).toBe(fields.length);
      const record = await read(await create(sample), sample);
      expect(Object.keys(record.values).sort()).toEqual([...fields].sort());
      expect(record.values[sample.text]).not.toBeNull();
    });

    test(`${sample.type}: a record has the same values, name and version in get, in a list of changes, in a search and in the answer of a write`, async () => {
      const cursor = await fixture.system.start(sample.table);
      const name = mark();
      const [key = ''] = await fixture.hand.createMany(sample.type, [name]);
      const fields = await allFields(sample);
      const expectSame = async (got: RecordState, text: string) => {
        const listed = (await drain(cursor, sample)).records.get(key);
        const search = { type: sample.type, text, fields, limit: 10 };
        const found = (await fixture.system.search(search)).records.find((record) => record.key === key);
        for (const other of [listed, found]) {
          expect(other?.values).toEqual(got.values);
          expect(other?.version).toBe(got.version);
          expect(other?.name).toBe(got.name);
          expect(other?.standing).toEqual(got.standing);
        }
      };
      const got = await read(key, sample);
      expect(got.name).toContain(name);
      await expectSame(got, name);
      const outcome = await update(got, { [sample.text]: `${name} é` }, sample);
      const after = await read(key, sample);
      await expectSame(after, name);
      expect(outcome).toMatchObject({ outcome: 'ok' });
      if (outcome.outcome !== 'ok') return;
      if (outcome.stored) expect(outcome.stored).toEqual(after.values);
      if (outcome.version !== undefined) expect(outcome.version).toBe(after.version);
      if (outcome.name !== undefined) expect(outcome.name).toBe(after.name);
      if (fields.length > 1)
        expect((await fixture.system.get(sample.type, [key], [])).records[0]?.name).toBe(after.name);
    });

    test(`${sample.type}: a text is written, and a blank goes round and back`, async () => {
      const key = await create(sample);
      const before = await read(key, sample);
      expect(before.values[sample.blankable]).not.toBeNull();
      expect(await update(before, { [sample.blankable]: null }, sample)).toMatchObject({ outcome: 'ok' });
      const blank = await read(key, sample);
      expect(blank.values).toEqual({ ...before.values, [sample.blankable]: null });
      const again = before.values[sample.blankable] ?? null;
      expect(await update(blank, { [sample.blankable]: again }, sample)).toMatchObject({ outcome: 'ok' });
      expect((await read(key, sample)).values).toEqual(before.values);
    });

    test(`${sample.type}: a removed record is missing, in reads, in writes and in a list of changes`, async () => {
      const cursor = await fixture.system.start(sample.table);
      const key = await create(sample);
      const record = await read(key, sample);
      await fixture.hand.remove(sample.type, key);
      expect(await fixture.system.get(sample.type, [key], [sample.text])).toMatchObject({
        records: [],
        missing: [key],
      });
      expect(await update(record, { [sample.text]: 'too late' }, sample)).toEqual({ outcome: 'missing' });
      expect((await drain(cursor, sample)).records.has(key)).toBe(false);
    });

    test(`${sample.type}: an archived record is read and listed as such, and stays what it was`, async ({ skip }) => {
      const { archive } = fixture.hand;
      if (!archive || sample.archivable === false) return skip();
      const key = await create(sample);
      const before = await read(key, sample);
      expect(before.standing).toBeUndefined();
      const cursor = await fixture.system.start(sample.table);
      await fixture.hand.letTimePass?.(10_000);
      await archive(sample.type, key);
      const after = await read(key, sample);
      expect(after).toMatchObject({ standing: { kind: 'archived' }, values: before.values });
      expect(after.version).not.toBe(before.version);
      expect((await drain(cursor, sample)).records.get(key)).toMatchObject({ standing: { kind: 'archived' } });
    });

    test(`${sample.type}: a search finds a record by a part of its name, and pages lose none`, async () => {
      const name = mark();
      const keys = await fixture.hand.createMany(
        sample.type,
        ['a', 'b', 'c'].map((letter) => `${name} ${letter}`),
      );
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const request = { type: sample.type, text: name, fields: [sample.text], limit: 2, cursor };
        const page = await fixture.system.search(request);
        found.push(...page.records.map((record) => record.key));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(found.sort()).toEqual([...keys].sort());
    });
  }

  test('start lists what is made and edited later', async () => {
    const edited = await create();
    const cursor = await fixture.system.start(main.table);
    const made = await create();
    await fixture.hand.edit(main.type, edited, { [main.text]: 'Edited later' });
    const { records } = await drain(cursor);
    expect(records.get(edited)?.values[main.text]).toBe('Edited later');
    expect(records.has(made)).toBe(true);
    await fixture.hand.edit(main.type, made, { [main.text]: 'Edited last' });
    const next = await drain((await drain(cursor)).cursor);
    expect(next.records.get(made)?.values[main.text]).toBe('Edited last');
  });

  test('a list of changes loses nothing when records are edited between its pages, many with equal stamps', async () => {
    const { hand, system } = fixture;
    const cursor = await system.start(main.table);
    const name = mark();
    const keys = await hand.createMany(
      main.type,
      Array.from({ length: manyRecords }, (_unused, at) => `${name} ${at}`),
    );
    const edits = new Map<string, string>();
    const first = await drain(cursor, main, async () => {
      for (const key of [keys[0], keys.at(-1), keys[edits.size + 1]]) {
        if (key === undefined) continue;
        edits.set(key, `Between pages ${edits.size}`);
        await hand.edit(main.type, key, { [main.text]: edits.get(key) ?? null });
      }
      await hand.letTimePass?.(90_000);
    });
    expect(first.pages).toBeGreaterThan(1);
    const second = await drain(first.cursor);
    expect(keys.filter((key) => !first.records.has(key) && !second.records.has(key))).toEqual([]);
    for (const [key, text] of edits) {
      const last = second.records.get(key) ?? first.records.get(key);
      expect(last?.values[main.text]).toBe(text);
    }
  }, 120_000);

  const testLate = lateEdits ? test : undefined;
  testLate?.(
    'a save that becomes visible later than its stamp is listed, within the lag that the system tells',
    async () => {
      const { version } = await fixture.system.capabilities();
      if (version.kind === 'exact') throw new Error('an exact version has no lag');
      const key = await create();
      await fixture.hand.letTimePass?.(3 * version.commitLagMs);
      const { cursor } = await drain(await fixture.system.start(main.table));
      await fixture.hand.editLate?.(
        main.type,
        key,
        { [main.text]: 'Committed late' },
        version.commitLagMs - version.resolutionMs,
      );
      expect((await drain(cursor)).records.get(key)?.values[main.text]).toBe('Committed late');
    },
  );

  const testIdle = movableClock ? test : undefined;
  testIdle?.('a poll that finds nothing costs one call, and its cursor still moves', async () => {
    await create();
    await fixture.hand.letTimePass?.(600_000);
    const { cursor } = await drain(await fixture.system.start(main.table));
    await fixture.hand.letTimePass?.(120_000);
    const before = fixture.system.callCount();
    const idle = await drain(cursor);
    expect(fixture.system.callCount() - before).toBe(1);
    expect(idle.records.size).toBe(0);
    expect(idle.cursor).not.toBe(cursor);
  });

  test('a version changes with an edit', async () => {
    const { version } = await fixture.system.capabilities();
    const key = await create();
    const before = await read(key);
    if (version.kind === 'coarse') await fixture.hand.letTimePass?.(2 * version.resolutionMs);
    await fixture.hand.edit(main.type, key, { [main.text]: 'A new version' });
    expect((await read(key)).version).not.toBe(before.version);
  });

  test('a read of many keys takes calls by the page, and tells the missing ones apart', async () => {
    const keys = await fixture.hand.createMany(
      main.type,
      Array.from({ length: 130 }, () => mark()),
    );
    const gone = ['999999901', '999999902'];
    const before = fixture.system.callCount();
    const { records, missing } = await fixture.system.get(main.type, [...gone, ...keys], await allFields());
    expect(records.map((record) => record.key).sort()).toEqual([...keys].sort());
    expect([...missing].sort()).toEqual(gone);
    expect(fixture.system.callCount() - before).toBeLessThan(13);
  }, 60_000);

  for (const sample of types) {
    test(`${sample.type}: which records exist is told of every key, and an archived or merged one is not gone`, async () => {
      const { hand, system } = fixture;
      const [live = '', gone = '', away = '', merged = ''] = await hand.createMany(sample.type, [1, 2, 3, 4].map(mark));
      await hand.remove(sample.type, gone);
      if (sample.archivable !== false) await hand.archive?.(sample.type, away);
      if (sample.type === main.type) await hand.merge?.(sample.type, merged);
      const keys = [live, gone, away, merged, '999999903'];
      const { found, notFound, unanswered } = await system.whichExist(sample.type, keys);
      expect([...found, ...notFound, ...unanswered].sort()).toEqual([...keys].sort());
      expect(found).toEqual(expect.arrayContaining([live, away]));
      expect(notFound).toEqual(expect.arrayContaining([gone, '999999903']));
      // What a read shows as merged may be shown by a list or not.
      expect((await system.get(sample.type, [...notFound], [sample.text])).missing).not.toContain(merged);
    });
  }

  test('which of many records exist takes calls by the page, and nothing else is asked', async () => {
    const { hand, system } = fixture;
    const keys = await hand.createMany(
      main.type,
      Array.from({ length: 130 }, () => mark()),
    );
    const before = system.callCount();
    const { found, notFound } = await system.whichExist(main.type, ['999999904', ...keys, '999999905']);
    expect([...found].sort()).toEqual([...keys].sort());
    expect([...notFound].sort()).toEqual(['999999904', '999999905']);
    expect(system.callCount() - before).toBeLessThan(6);
    expect(await system.whichExist(main.type, [])).toEqual({ found: [], notFound: [], unanswered: [] });
  }, 60_000);

  for (const most of [4, 30, 100]) {
    test(`no record counts as not found because a server gives ${most} at most`, async ({ skip }) => {
      const { hand, system } = fixture;
      if (!hand.capAnswers) return skip();
      const keys = await hand.createMany(
        main.type,
        Array.from({ length: 105 }, () => mark()),
      );
      const [gone = '', ...others] = keys;
      await hand.remove(main.type, gone);
      await hand.capAnswers(most);
      const { found, notFound, unanswered } = await system.whichExist(main.type, keys);
      await hand.capAnswers();
      expect([...found].sort()).toEqual([...others].sort());
      expect({ notFound, unanswered }).toEqual({ notFound: [gone], unanswered: [] });
    }, 60_000);
  }

  test('where an answer in the middle does not come, nothing is said of any record', async ({ skip }) => {
    const { hand, system } = fixture;
    if (!hand.capAnswers || !hand.failAfterAnswers) return skip();
    const keys = await hand.createMany(
      main.type,
      Array.from({ length: 20 }, () => mark()),
    );
    await hand.capAnswers(8);
    await hand.failAfterAnswers(1);
    await expect(system.whichExist(main.type, keys)).rejects.toMatchObject({ kind: 'transient' });
    await hand.capAnswers();
    expect((await system.whichExist(main.type, keys)).found).toHaveLength(20);
  }, 60_000);

  test('a write on a field that somebody edited meanwhile is stale, and theirs stays', async () => {
    const key = await create();
    const seen = await read(key);
    await fixture.hand.edit(main.type, key, { [main.text]: 'Theirs' });
    expect(await update(seen, { [main.text]: 'Ours' })).toEqual({ outcome: 'stale' });
    expect((await read(key)).values[main.text]).toBe('Theirs');
  });

  test('an edit of another field meanwhile is never overwritten', async () => {
    const key = await create();
    const seen = await read(key);
    await fixture.hand.edit(main.type, key, { [main.otherText]: 'Theirs' });
    const outcome = await update(seen, { [main.text]: 'Ours' });
    const after = await read(key);
    expect(after.values[main.otherText]).toBe('Theirs');
    expect(after.values[main.text]).toBe(outcome.outcome === 'ok' ? 'Ours' : seen.values[main.text]);
    expect(outcome.outcome).toBe(suite.testsValues ? 'ok' : 'stale');
  });

  const { address } = main;
  const testAddress = address ? test : undefined;
  testAddress?.('an edit of the address alone meanwhile is seen: theirs stays', async () => {
    const [ours, theirs] = address ?? ['', ''];
    const key = await create();
    const seen = await read(key);
    await fixture.hand.edit(main.type, key, { [ours]: 'Theirs' });
    expect(await update(seen, { [ours]: 'Ours' })).toEqual({ outcome: 'stale' });
    expect((await read(key)).values[ours]).toBe('Theirs');
    const again = await read(key);
    await fixture.hand.edit(main.type, key, { [theirs]: 'Beside' });
    await update(again, { [ours]: 'Ours' });
    expect((await read(key)).values[theirs]).toBe('Beside');
  });

  test('an edit in the last moment before a write makes it stale, in a field and in an address', async ({ skip }) => {
    const { editBeforeNextWrite } = fixture.hand;
    if (!editBeforeNextWrite) return skip();
    for (const field of [main.text, ...(main.address ?? [])]) {
      const key = await create();
      const seen = await read(key);
      await editBeforeNextWrite(main.type, key, { [field]: 'Theirs' });
      expect(await update(seen, { [main.address?.[0] ?? main.text]: 'Ours', [main.text]: 'Ours' })).toEqual({
        outcome: 'stale',
      });
      expect((await read(key)).values).toEqual({ ...seen.values, [field]: 'Theirs' });
    }
  });

  test('one refused record leaves its neighbours written, answers stand in the order of the changes', async ({
    skip,
  }) => {
    const { refused } = main;
    if (!refused) return skip();
    const keys = await fixture.hand.createMany(main.type, [mark(), mark(), mark(), mark()]);
    const records = await Promise.all(keys.map((key) => read(key)));
    await fixture.hand.remove(main.type, keys[3] ?? '');
    const changes = records.map((record, at) =>
      change(record, at === 1 ? { [refused.field]: refused.value } : { [main.text]: `Written ${at}` }),
    );
    const outcomes = await fixture.system.update(main.type, changes, [main.text]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ok', 'rejected', 'ok', 'missing']);
    expect((await read(keys[0] ?? '')).values[main.text]).toBe('Written 0');
    expect((await read(keys[1] ?? '')).values).toEqual(records[1]?.values);
    expect((await read(keys[2] ?? '')).values[main.text]).toBe('Written 2');
  });

  test('a write whose answer is lost has an unknown outcome, and is settled by reading', async ({ skip }) => {
    const { loseNextWriteAnswer } = fixture.hand;
    if (!loseNextWriteAnswer) return skip();
    const key = await create();
    const seen = await read(key);
    await loseNextWriteAnswer();
    const outcome = await update(seen, { [main.text]: 'Landed' });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { kind: 'unknown-outcome' } });
    expect((await read(key)).values[main.text]).toBe('Landed');
  });
}
