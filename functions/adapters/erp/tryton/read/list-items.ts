import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ListItem } from '../../../../core/model/field.ts';
import { answerAs } from '../wire/answer-as.ts';
import type { Models } from '../wire/models.ts';

const CountryRow = z.looseObject({ id: z.number(), name: z.string(), code: z.string().nullable() });

/** Countries, inactive ones too (an address may still have one), with their ISO 3166-1 code. */
export async function listItems(models: Models, listName: string): Promise<ListItem[]> {
  if (listName !== 'country') throw new SyncError('misconfigured', `Tryton has no list ${listName}.`);
  const { rows } = await models.searchRead('country.country', { domain: [], fields: ['name', 'code'] });
  return rows
    .map((row) => answerAs(CountryRow, row))
    .map(({ id, name, code }) => ({ key: String(id), text: name, code: code?.toUpperCase() }))
    .sort((one, other) => one.text.localeCompare(other.text));
}
