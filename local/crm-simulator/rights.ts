import { ApiError } from './api-error.ts';
import { systemUserId } from './associates.ts';
import type { Conditions } from './conditions.ts';
import type { Crm } from './crm.ts';
import type { JsonObject } from './json.ts';
import { emptyValues, type StoredRecord } from './records.ts';
import type { RecordType } from './shapes.ts';

type Named = { type: RecordType; id: number };

/** What stands of the tenant's conditions for whoever asks: a user's rights are their own, the system user's are faults. */
export function conditionsFor({ faults, people }: Pick<Crm, 'faults' | 'people'>, associateId: number): Conditions {
  if (associateId === systemUserId) return faults;
  return { ...faults, forbidden: people.get(associateId)?.hidden ?? [], unreadableTypes: [] };
}

export function isForbidden({ forbidden, unreadableTypes }: Conditions, { type, id }: Named): boolean {
  if (unreadableTypes.includes(type)) return true;
  return forbidden.some((one) => one.type === type && one.id === id);
}

export const noAccess = (): ApiError => new ApiError(403, 'SoSecurityException', 'You have no access to this record.');

/** The record as the system user may see it: what is hidden is blank. */
export function visible({ hiddenFields }: Conditions, record: StoredRecord): StoredRecord {
  const hidden = hiddenFields[record.type] ?? [];
  if (hidden.length === 0) return record;
  const blank = emptyValues(record.type);
  const values = Object.entries(record.values).map(([key, value]) => [
    key,
    hidden.includes(key) ? (blank[key] ?? '') : value,
  ]);
  return { ...record, values: Object.fromEntries(values) };
}

/** What an entity says of the caller's rights (spec 3.3; enumerations as in the vendor's package). */
export function rightsOf({ readOnlyTypes, hiddenFields }: Conditions, type: RecordType): JsonObject {
  const hidden = hiddenFields[type] ?? [];
  const none = { FieldRight: { Mask: 'None', Reason: '' }, FieldType: 'None', FieldLength: 0 };
  return {
    TableRight: { Mask: readOnlyTypes.includes(type) ? 'Select' : 'FULL', Reason: '' },
    FieldProperties: Object.fromEntries(hidden.map((name) => [name, none])),
  };
}
