import { checkValues } from './absorb-entity.ts';
import { notFound } from './api-error.ts';
import { defaultUserId } from './associates.ts';
import type { Crm } from './crm.ts';
import { applyFlat, blankRecord, type FlatRecord } from './flat-record.ts';
import { findRecord, putRecord, type StoredRecord } from './records.ts';
import { saveRecord } from './save-record.ts';
import type { RecordType } from './shapes.ts';

/** An edit as a user of the CRM makes it. */
export function editRecord(
  crm: Crm,
  { type, id }: { readonly type: RecordType; readonly id: number },
  changes: FlatRecord,
  by = defaultUserId,
): StoredRecord {
  const record = findRecord(crm.database, type, id);
  if (record === undefined) throw notFound(`There is no ${type} ${id}.`);
  const { values, paths } = applyFlat(record, changes, crm.countries);
  checkValues(type, values);
  return saveRecord(crm, record, values, { via: 'control', by, paths });
}

/** A new record; the seed may give its id, its times and its last user. */
export function createRecord(crm: Crm, type: RecordType, content: FlatRecord, by = defaultUserId): StoredRecord {
  const nowMs = Math.floor(crm.nowMs() / 1000) * 1000;
  const id = typeof content.id === 'number' ? content.id : crm.database.nextId[type];
  const blank = blankRecord(type, id, nowMs, by);
  const { values } = applyFlat(blank, content, crm.countries);
  checkValues(type, values);
  const updatedMs = stampOf(content.updated) ?? nowMs;
  const record: StoredRecord = {
    ...blank,
    values,
    createdMs: stampOf(content.created) ?? updatedMs,
    updatedMs,
    updatedBy: typeof content.updatedBy === 'number' ? content.updatedBy : by,
  };
  putRecord(crm.database, record);
  return record;
}

/** Merges a record into another: it is gone, the other one is touched, and only the log tells (spec 3.8). */
export function mergeRecord(
  crm: Crm,
  { type, id }: { readonly type: RecordType; readonly id: number },
  into: number,
  by = defaultUserId,
): StoredRecord {
  const { records, merges } = crm.database;
  const survivor = records[type].get(into);
  if (survivor === undefined || id === into || !records[type].delete(id)) throw notFound(`${type} ${id} or ${into}.`);
  const atMs = Math.floor(crm.nowMs() / 1000) * 1000;
  merges.push({ type, from: id, into, atMs });
  const touched = { ...survivor, updatedMs: atMs, updatedBy: by };
  putRecord(crm.database, touched);
  return touched;
}

function stampOf(value: FlatRecord[string] | undefined): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000;
}

/** Makes the edits that wait for the next write of this record. */
export function applyPendingEdits(crm: Crm, type: RecordType, id: number): void {
  const due = crm.pendingEdits.filter((edit) => edit.type === type && edit.id === id);
  crm.pendingEdits = crm.pendingEdits.filter((edit) => !due.includes(edit));
  for (const edit of due) editRecord(crm, { type, id }, edit.changes);
}
