import { SyncError } from '../../../../core/errors.ts';
import { CrmType } from '../../../../core/model/actor-type.ts';
import { isCustomKey } from '../fields/custom-fields.ts';
import { type RecordField, type RecordType, recordTypes } from '../fields/record-types.ts';

export function recordTypeOf(type: string): RecordType {
  const known = CrmType.safeParse(type);
  if (!known.success) throw new SyncError('misconfigured', `The CRM has no record type ${type}.`);
  return recordTypes[known.data];
}

export function recordTypeOfTable(table: string): RecordType {
  const found = Object.values(recordTypes).find((candidate) => candidate.table === table);
  if (!found) throw new SyncError('misconfigured', `The CRM has no record table ${table}.`);
  return found;
}

/** The fields of those keys, each once. */
export function fieldsOf(recordType: RecordType, keys: readonly string[]): RecordField[] {
  return [...new Set(keys)].map((key) => {
    const found = recordType.fields.find((field) => field.metadata.key === key);
    if (!found) {
      // A field of the tenant's own can be taken away there: it concerns its record type alone.
      throw new SyncError('misconfigured', `The CRM's ${recordType.type} has no field ${key}.`, {
        recordType: isCustomKey(key) ? recordType.type : undefined,
        explanation: isCustomKey(key) ? `The CRM has no field ${key} any more: map another one.` : undefined,
      });
    }
    return found;
  });
}
