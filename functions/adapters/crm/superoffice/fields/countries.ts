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

/** All countries with their ISO 3166-1 alpha-2 codes; keys are the CRM's own ids. */
export async function readCountries(session: Session, runtime: Runtime): Promise<ListItem[]> {
  const { json } = await readJson(session, runtime, { method: 'GET', path: 'List/Country/Items' });
  const countries = z.array(Country).safeParse(json);
  if (!countries.success) throw new SyncError('transient', "The CRM's list of countries cannot be read.");
  return countries.data.map(({ CountryId, Name, EnglishName, TwoLetterISOCountry }) => {
    const code = TwoLetterISOCountry?.trim().toUpperCase() || undefined;
    const text = plainName(EnglishName || Name || String(CountryId));
    return { key: String(CountryId), text, code };
  });
}
