import { SyncError } from '../../../../core/errors.ts';
import type { FieldMetadata } from '../../../../core/model/field.ts';
import type { TrytonType } from '../configuration.ts';
import { accessTo } from '../read/access.ts';
import type { Installation } from '../wire/installation.ts';
import type { FieldInfo, Models } from '../wire/models.ts';
import { streetFollowsPostal } from '../write/address-choice.ts';
import { fieldInfos } from './field-infos.ts';
import type { FieldSpec } from './field-spec.ts';
import { fieldsOf } from './fields-of.ts';

async function checkCategories(models: Models, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { rows } = await models.searchRead('party.category', { domain: [['name', 'in', names]], fields: ['name'] });
  const found = rows.map((row) => (typeof row === 'object' && row !== null && 'name' in row ? row.name : undefined));
  const missing = names.filter((name) => !found.includes(name));
  if (missing.length === 0) return;
  throw new SyncError('misconfigured', 'A configured party category does not exist.', {
    explanation: `Tryton has no party category "${missing.join('", "')}". Create it, or change the connection's settings.`,
  });
}

interface Known {
  readonly info: FieldInfo | undefined;
  readonly mayWrite: boolean;
  /** A field of the record itself; that a child row needs its text is no demand on the record. */
  readonly own: boolean;
}

function metadata(field: FieldSpec, { info, mayWrite, own }: Known): FieldMetadata {
  const readOnly = field.readOnly === true || info?.readonly === true || !mayWrite;
  return {
    key: field.key,
    label: field.ownLabel ? field.label : (info?.string ?? field.label),
    description: field.description,
    type: field.type,
    format: field.format,
    listName: field.listName,
    maxLength: typeof info?.size === 'number' ? info.size : 0,
    access: readOnly ? 'read-only' : own && info?.required === true ? 'mandatory' : 'normal',
    searchable: field.searchable === true,
    group: field.group,
  };
}

const sameAddress = 'Same as the postal address: this Tryton has one address for every use.';

/** Labels, sizes and rights as this Tryton and this user have them. */
export async function describeType(
  { models, installation }: { models: Models; installation: Installation },
  { type, model, categories }: TrytonType,
): Promise<FieldMetadata[]> {
  await checkCategories(models, categories);
  const all = fieldsOf(type);
  const infos = await fieldInfos(models, all);
  const fields = all.filter((field) => !field.ofModule || infos.get(field.model)?.[field.name] !== undefined);
  const access = await accessTo({ models, installation }, { type, model }, infos);
  if (!access.read) {
    throw new SyncError('misconfigured', 'The user may not read the records of a type.', {
      explanation: `The Tryton user may not read ${model}.`,
      recordType: type,
    });
  }
  const following = model === 'party.party' && streetFollowsPostal(await installation.addressUses());
  return fields.map((field) => {
    const follows = following && field.key.startsWith('STREET');
    const described = metadata(field, {
      info: infos.get(field.model)?.[field.name],
      mayWrite: !follows && access.write && !access.unwritable.includes(field.key),
      own: field.model === model,
    });
    return follows ? { ...described, description: sameAddress } : described;
  });
}
