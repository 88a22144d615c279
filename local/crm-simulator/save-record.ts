import { isDeepStrictEqual } from 'node:util';
import type { Crm } from './crm.ts';
import { logWrite } from './journal.ts';
import { reformattedPhone } from './phone-text.ts';
import { elementsValue, putRecord, type StoredRecord, type StoredValue } from './records.ts';
import { isChildField, shapes } from './shapes.ts';

const wholeSecondMs = (ms: number): number => Math.floor(ms / 1000) * 1000;

type Save = { via: 'api' | 'control'; by: number; paths: string[] };

/**
 * Stores new values of a record and logs the save. `updated` moves, in whole seconds, when something changed; with
 * `childEditsBumpUpdated` off, only when a field of the record's own row did. A late commit stamps users' edits older.
 */
export function saveRecord(
  crm: Crm,
  record: StoredRecord,
  values: Record<string, StoredValue>,
  save: Save,
): StoredRecord {
  const { fields } = shapes[record.type];
  const changedKeys = Object.keys(values).filter((key) => !isDeepStrictEqual(values[key], record.values[key]));
  const stored = { ...values };
  for (const key of changedKeys) {
    const field = fields[key];
    const value = stored[key];
    if (crm.faults.reformatPhones && field?.kind === 'elements' && field.holds === 'phone' && Array.isArray(value)) {
      const old = elementsValue(record, key).map((element) => element.value);
      stored[key] = value.map((element) =>
        old.includes(element.value) ? element : { ...element, value: reformattedPhone(element.value) },
      );
    }
  }
  const bumps = changedKeys.some((key) => {
    const field = fields[key];
    return crm.faults.childEditsBumpUpdated || (field !== undefined && !isChildField(field));
  });
  const nowMs = crm.nowMs();
  const lateMs = save.via === 'control' ? crm.faults.lateCommitSeconds * 1000 : 0;
  const saved: StoredRecord = {
    ...record,
    values: stored,
    updatedMs: bumps ? wholeSecondMs(nowMs - lateMs) : record.updatedMs,
    updatedBy: bumps ? save.by : record.updatedBy,
  };
  putRecord(crm.database, saved);
  logWrite(crm.journal, {
    at: new Date(nowMs).toISOString(),
    via: save.via,
    type: record.type,
    id: record.id,
    by: save.by,
    paths: save.paths,
    changed: changedKeys.length > 0,
  });
  return saved;
}

/** Deletes as the CRM does: the record stays with its marker (spec 3.2). */
export function softDelete(crm: Crm, record: StoredRecord, save: Omit<Save, 'paths'>): void {
  const nowMs = wholeSecondMs(crm.nowMs());
  putRecord(crm.database, { ...record, deletedMs: nowMs, updatedMs: nowMs, updatedBy: save.by });
  logWrite(crm.journal, {
    at: new Date(nowMs).toISOString(),
    via: save.via,
    type: record.type,
    id: record.id,
    by: save.by,
    paths: ['/Deleted'],
    changed: true,
  });
}
