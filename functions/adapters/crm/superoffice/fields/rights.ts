import { SyncError } from '../../../../core/errors.ts';
import type { RecordAccess } from '../../../../ports/record-system.ts';
import { type Entity, isEntity } from './canonical.ts';
import type { RecordField, RecordType } from './record-types.ts';

/** One reason for all records of the type; an administrator of the CRM mends it. */
export function lostRight({ type }: RecordType, what: string): SyncError {
  return new SyncError('misconfigured', `The CRM does not let our user ${what}.`, {
    recordType: type,
    explanation: `The CRM does not let the user of this service ${what} any more. Give the right back, or map nothing there.`,
  });
}

/** Rights that name no update (`TableRight.Mask`); what is unknown here is taken for allowed. */
const tableReadOnly = ['none', 'select', 'filtering', 'insert', 'r', 'ri', 'rf', 'f', 'fi'];
const tableUnreadable = ['none', 'insert'];
const fieldReadOnly = ['none', 'read'];
const fieldUnreadable = ['none'];

/** What an entity says of our user's rights, if it says anything (`TableRight`, `FieldProperties`). */
export function rightsIn(entity: Entity, { fields }: RecordType): RecordAccess {
  const table = masksOf(entity.TableRight);
  const properties = isEntity(entity.FieldProperties) ? entity.FieldProperties : {};
  const byName = new Map(Object.entries(properties).map(([name, said]) => [name.toLowerCase(), said]));
  const keysWith = (masks: readonly string[]) =>
    fields
      .filter((field) =>
        propertiesOf(field).some((property) => {
          const said = byName.get(property.toLowerCase());
          return isEntity(said) && isOnly(masksOf(said.FieldRight), masks);
        }),
      )
      .map((field) => field.metadata.key);
  return {
    read: !isOnly(table, tableUnreadable),
    write: !isOnly(table, tableReadOnly),
    unreadable: keysWith(fieldUnreadable),
    unwritable: keysWith(fieldReadOnly),
  };
}

function masksOf(right: unknown): string[] {
  const mask = isEntity(right) && typeof right.Mask === 'string' ? right.Mask : '';
  return mask
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
}

function isOnly(masks: readonly string[], known: readonly string[]): boolean {
  return masks.length > 0 && masks.every((mask) => known.includes(mask));
}

/** Of the tenant's own fields each may be named, or all at once: how the CRM tells it is undocumented. */
function propertiesOf({ spot }: RecordField): string[] {
  if (spot.at === 'address') return ['Address'];
  if (spot.at === 'custom') return [spot.progId, 'CustomFields'];
  return [spot.at === 'country' ? 'Country' : spot.property];
}
