import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { ListItem } from '../../../../core/model/field.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { readJson } from '../read/archive.ts';
import type { Session } from '../session/session.ts';
import { plainName } from './plain-name.ts';

/** The carrier of a country; without a language header names come raw, as `US:"Norway";NO:"Norge";` (spec 3.1). */
const Country = z.object({
  CountryId: z.number(),
  Name: z.string().nullish(),
  EnglishName: z.string().nullish(),
  TwoLetterISOCountry: z.string().nullish(),
});

/** An item of `MDOList/{name}` (spec 3.5). */
const Item = z.object({ Id: z.number(), Name: z.string().nullish(), Type: z.string().nullish() });

interface Asked {
  readonly session: Session;
  readonly runtime: Runtime;
  /** A tag; names come in it where the CRM has them. */
  readonly language: string | undefined;
}

function headersOf(language: string | undefined): Readonly<Record<string, string>> {
  return language === undefined ? {} : { 'Accept-Language': language };
}

function unreadable(what: string): SyncError {
  return new SyncError('transient', `The CRM's ${what} cannot be read.`);
}

/** All countries with their ISO 3166-1 alpha-2 codes; keys are the CRM's own ids. */
export async function readCountries({ session, runtime, language }: Asked): Promise<ListItem[]> {
  const headers = headersOf(language);
  const { json } = await readJson(session, runtime, { method: 'GET', path: 'List/Country/Items', headers });
  const countries = z.array(Country).safeParse(json);
  if (!countries.success) throw unreadable('list of countries');
  return countries.data.map(({ CountryId, Name, EnglishName, TwoLetterISOCountry }) => {
    const code = TwoLetterISOCountry?.trim().toUpperCase() || undefined;
    const names = language === undefined ? [EnglishName, Name] : [Name, EnglishName];
    const text = plainName(names.find((name) => name) ?? String(CountryId));
    return { key: String(CountryId), text, code };
  });
}

/** All items of a list, without the headings that order them; keys are the CRM's own ids. */
export async function readItems({ session, runtime, language }: Asked, listName: string): Promise<ListItem[]> {
  const { json } = await readJson(session, runtime, {
    method: 'GET',
    path: `MDOList/${encodeURIComponent(listName)}`,
    query: { flat: 'true' },
    headers: headersOf(language),
  });
  const items = z.array(Item).safeParse(json);
  if (!items.success) throw unreadable(`list ${listName}`);
  return items.data
    .filter(({ Type }) => Type?.toLowerCase() !== 'heading')
    .map(({ Id, Name }) => ({ key: String(Id), text: plainName(Name || String(Id)) }));
}
