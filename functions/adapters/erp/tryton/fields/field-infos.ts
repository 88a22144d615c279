import type { FieldInfo, Models } from '../wire/models.ts';
import { type FieldSpec, storedIn } from './field-spec.ts';

/** What Tryton says of the fields that values are named after and lie in, by table and name; one call a table. */
export type FieldInfos = ReadonlyMap<string, Readonly<Record<string, FieldInfo>>>;

export async function fieldInfos(models: Models, fields: readonly FieldSpec[]): Promise<FieldInfos> {
  const places = fields.flatMap((field) => [{ model: field.model, name: field.name }, storedIn(field)]);
  const asked = [...Map.groupBy(places, ({ model }) => model)].map(async ([model, those]) => {
    const names = [...new Set(those.map(({ name }) => name))];
    return [model, await models.fieldsGet(model, names)] as const;
  });
  return new Map(await Promise.all(asked));
}
