import type { Country } from './countries.ts';
import type { Json, JsonObject } from './json.ts';
import type { ListName } from './shapes.ts';

type ListItem = { id: number; name: string };

const items = (...names: string[]): ListItem[] => names.map((name, index) => ({ id: index + 1, name }));

export const lists: Readonly<Record<ListName, readonly ListItem[]>> = {
  category: items('Customer', 'Supplier', 'Partner', 'Prospect', 'Other'),
  business: items('Agriculture', 'Construction', 'Finance', 'IT', 'Manufacturing', 'Retail', 'Transport'),
  projecttype: items('Delivery', 'Implementation', 'Internal'),
  projectstatus: items('Planned', 'Running', 'Finished', 'Stopped'),
  udlist7: items('Key account', 'Small business', 'Public sector'),
  perspos: items('Management', 'Finance', 'Purchase', 'Sales', 'Technical'),
};

export function listItemName(list: ListName, id: number): string {
  return lists[list].find((item) => item.id === id)?.name ?? '';
}

/** Names that this CRM has in Norwegian too. */
const norwegian: Readonly<Record<string, string>> = {
  Customer: 'Kunde',
  Supplier: 'Leverandør',
  'Key account': 'Nøkkelkunde',
  Netherlands: 'Nederland',
};

/** Without a language header (`*`) the CRM gives the raw multi-language text (spec 3.1). */
function nameIn(name: string, language: string): string {
  const translated = norwegian[name] ?? name;
  if (language === '*') return `US:"${name}";NO:"${translated}";`;
  return /^(no|nb|nn)\b/i.test(language) ? translated : name;
}

function mdoItem(item: ListItem, rank: number, type: string, language: string): JsonObject {
  return {
    Id: item.id,
    Name: nameIn(item.name, language),
    ToolTip: '',
    Deleted: false,
    Rank: rank,
    Type: type,
    FullName: nameIn(item.name, language),
    StyleHint: '',
    ExtraInfo: '',
    ChildItems: [],
  };
}

/** The items of `MDOList/{name}`, or undefined when there is no such list. */
export function mdoListItems(name: string, countries: readonly Country[], language: string): Json | undefined {
  const wanted = name.toLowerCase();
  if (wanted === 'country') return countries.map((item, index) => mdoItem(item, index + 1, 'country', language));
  const entry = Object.entries(lists).find(([key]) => key === wanted);
  return entry?.[1].map((item, index) => mdoItem(item, index + 1, wanted, language));
}

/** The vendor's Country carrier, as an entity holds it and as `List/Country/Items` lists it. */
export function countryCarrier(country: Country | undefined, language = 'en'): Json {
  if (country === undefined) return null;
  return {
    CountryId: country.id,
    Name: nameIn(country.name, language),
    EnglishName: country.name,
    TwoLetterISOCountry: country.iso2,
    ThreeLetterISOCountry: country.iso3,
    OrgNrText: country.orgNrText,
    DialInPrefix: country.dialIn,
    Rank: 1,
    Tooltip: '',
    Deleted: false,
  };
}
