import type { RecordAccess } from '../../../../ports/record-system.ts';
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
): Promise<RecordAccess> {
  const fields = fieldsOf(type);
  const tables = [...new Set([model, ...fields.map((field) => storedIn(field).model)])];
  const rights = new Map(
    await Promise.all(tables.map(async (table) => [table, await installation.access(table)] as const)),
  );
  const own = rights.get(model);
  if (own?.read !== true) return { read: false, write: false, unreadable: [], unwritable: [] };
  const locked = await lockedFields(models, fields);
  const keysOf = (those: readonly FieldSpec[]) => those.map(({ key }) => key);
  return {
    read: true,
    write: own.write,
    unreadable: keysOf(fields.filter((field) => rights.get(storedIn(field).model)?.read !== true)),
    unwritable: keysOf(
      fields.filter(
        (field) => !field.readOnly && (rights.get(storedIn(field).model)?.write !== true || locked.has(field.key)),
      ),
    ),
  };
}

/** Keys of fields that are read-only by themselves: fields_get tells a lost right on a field so. */
async function lockedFields(models: Models, fields: readonly FieldSpec[]): Promise<ReadonlySet<string>> {
  const locked = new Set<string>();
  for (const [table, those] of Map.groupBy(fields, (field) => storedIn(field).model)) {
    const known = await models.fieldsGet(table, [...new Set(those.map((field) => storedIn(field).name))]);
    for (const field of those) if (known[storedIn(field).name]?.readonly === true) locked.add(field.key);
  }
  return locked;
}
