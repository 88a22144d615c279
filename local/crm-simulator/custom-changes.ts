import { isJsonObject, type Json } from './json.ts';
import { isRecordType, type RecordType } from './shapes.ts';

/** What an administrator has made of a user-defined field since: another layout was published. */
type CustomChange = { gone?: true; readOnly?: true; mandatory?: true; textLength?: number };

/** By ProgId. */
export type CustomChanges = Partial<Record<RecordType, Readonly<Record<string, CustomChange>>>>;

function parseChange(value: Json): CustomChange | undefined {
  if (!isJsonObject(value)) return undefined;
  const change: CustomChange = {};
  for (const [name, set] of Object.entries(value)) {
    if ((name === 'gone' || name === 'readOnly' || name === 'mandatory') && set === true) change[name] = true;
    else if (name === 'textLength' && typeof set === 'number' && set > 0) change.textLength = set;
    else return undefined;
  }
  return change;
}

/** `{company: {"SuperOffice:1": {gone: true}}}`; nothing where it is not of that form. */
export function parseCustomChanges(value: Json): CustomChanges | undefined {
  if (!isJsonObject(value)) return undefined;
  const changes: CustomChanges = {};
  for (const [type, ofType] of Object.entries(value)) {
    if (!isRecordType(type) || !isJsonObject(ofType)) return undefined;
    const parsed: Record<string, CustomChange> = {};
    for (const [progId, one] of Object.entries(ofType)) {
      const change = parseChange(one);
      if (!change) return undefined;
      parsed[progId] = change;
    }
    changes[type] = parsed;
  }
  return changes;
}
