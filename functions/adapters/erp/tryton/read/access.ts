import type { RecordAccess } from '../../../../ports/record-system.ts';
import { type FieldInfos, fieldInfos } from '../fields/field-infos.ts';
import { type FieldSpec, storedIn } from '../fields/field-spec.ts';
import { fieldsOf } from '../fields/fields-of.ts';
import type { Installation } from '../wire/installation.ts';
import type { Models } from '../wire/models.ts';

/**
 * The rights that Tryton gives our user on whole tables and fields. A record rule cannot be asked about: what it hides is
 * simply not there. A table or field that may not be read makes every read fail, so that none of it is taken for a blank.
 */
export async function accessTo(
  { models, installation }: { models: Models; installation: Installation },
  { type, model }: { type: string; model: string },
  known?: FieldInfos,
): Promise<RecordAccess> {
  const fields = fieldsOf(type);
  const rights = await installation.access([...new Set([model, ...fields.map((field) => storedIn(field).model)])]);
  const own = rights[model];
  if (own?.read !== true) return { read: false, write: false, unreadable: [], unwritable: [] };
  const infos = known ?? (await fieldInfos(models, fields));
  const isLocked = (field: FieldSpec): boolean => {
    const { model: table, name } = storedIn(field);
    // A lost right on a field makes it read-only in what Tryton says of it.
    return rights[table]?.write !== true || infos.get(table)?.[name]?.readonly === true;
  };
  const unreadable = fields.filter((field) => rights[storedIn(field).model]?.read !== true);
  const unwritable = fields.filter((field) => field.readOnly !== true && isLocked(field));
  return {
    read: true,
    write: own.write,
    unreadable: unreadable.map(({ key }) => key),
    unwritable: unwritable.map(({ key }) => key),
  };
}
