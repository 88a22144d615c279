import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ListItem } from '../../../../core/model/field.ts';
import { listOf } from '../fields/lists.ts';
import { answerAs } from '../wire/answer-as.ts';
import type { Models } from '../wire/models.ts';

const ItemRow = z.looseObject({
  id: z.number(),
  name: z.string().nullish(),
  rec_name: z.string().nullish(),
  code: z.string().nullish(),
});

const LanguageRow = z.looseObject({ code: z.string() });

/** The language as this Tryton calls it, where its texts are translated to that: `nl` for `nl-BE`, if there is no other. */
async function translatedTo(models: Models, language: string | undefined): Promise<string | undefined> {
  if (language === undefined) return undefined;
  const { rows } = await models.searchRead('ir.lang', { domain: [['translatable', '=', true]], fields: ['code'] });
  const codes = rows.map((row) => answerAs(LanguageRow, row).code);
  const wanted = language.replaceAll('-', '_').toLowerCase();
  const called = (name: string | undefined) => codes.find((code) => code.toLowerCase() === name);
  return called(wanted) ?? called(wanted.split('_')[0]);
}

/** A standard code as others write it: of a country in capitals, of a language with a hyphen. */
function codeOf(code: string | null | undefined): string | undefined {
  return code?.replaceAll('_', '-').toUpperCase();
}

/**
 * Items of a list, inactive ones too (a record may still have one). `roles`: names of the categories that make a party a
 * customer, supplier or person; those are no items.
 */
export async function listItems(
  models: Models,
  listName: string,
  { roles, language }: { readonly roles: readonly string[]; readonly language: string | undefined },
): Promise<ListItem[]> {
  const list = listOf(listName);
  if (!list) throw new SyncError('misconfigured', `Tryton has no list ${listName}.`);
  const { model, text, code } = list;
  const translated = await translatedTo(models, language);
  const fields = ['name', ...(text === 'name' ? [] : [text]), ...(code ? [code] : [])];
  const { rows } = await models.searchRead(model, { domain: [], fields, language: translated });
  return rows
    .map((row) => answerAs(ItemRow, row))
    .filter(({ name }) => listName !== 'category' || !roles.includes(name ?? ''))
    .map((row) => ({
      key: String(row.id),
      text: row[text] ?? String(row.id),
      ...(code && row.code ? { code: codeOf(row.code) } : {}),
    }))
    .sort((one, other) => one.text.localeCompare(other.text));
}
