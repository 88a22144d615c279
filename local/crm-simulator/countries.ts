/** A row of the country list; ids look like ISO numerics, as Norway's 578 does in the vendor's samples (spec 3.3). */
export type Country = { id: number; name: string; iso2: string; iso3: string; orgNrText: string; dialIn: string };

const country = (id: number, name: string, iso2: string, iso3: string, orgNrText: string, dialIn: string): Country => ({
  id,
  name,
  iso2,
  iso3,
  orgNrText,
  dialIn,
});

export const defaultCountries: readonly Country[] = [
  country(40, 'Austria', 'AT', 'AUT', 'UID', '43'),
  country(56, 'Belgium', 'BE', 'BEL', 'BTW', '32'),
  country(208, 'Denmark', 'DK', 'DNK', 'CVR', '45'),
  country(233, 'Estonia', 'EE', 'EST', 'KMKR', '372'),
  country(246, 'Finland', 'FI', 'FIN', 'Y-tunnus', '358'),
  country(250, 'France', 'FR', 'FRA', 'TVA', '33'),
  country(276, 'Germany', 'DE', 'DEU', 'USt-IdNr', '49'),
  country(352, 'Iceland', 'IS', 'ISL', 'VSK', '354'),
  country(372, 'Ireland', 'IE', 'IRL', 'VAT', '353'),
  country(380, 'Italy', 'IT', 'ITA', 'P.IVA', '39'),
  country(428, 'Latvia', 'LV', 'LVA', 'PVN', '371'),
  country(440, 'Lithuania', 'LT', 'LTU', 'PVM', '370'),
  country(442, 'Luxembourg', 'LU', 'LUX', 'TVA', '352'),
  country(528, 'Netherlands', 'NL', 'NLD', 'BTW', '31'),
  country(578, 'Norway', 'NO', 'NOR', 'Org.nr', '47'),
  country(616, 'Poland', 'PL', 'POL', 'NIP', '48'),
  country(620, 'Portugal', 'PT', 'PRT', 'NIF', '351'),
  country(724, 'Spain', 'ES', 'ESP', 'NIF', '34'),
  country(752, 'Sweden', 'SE', 'SWE', 'Org.nr', '46'),
  country(756, 'Switzerland', 'CH', 'CHE', 'UID', '41'),
  country(826, 'United Kingdom', 'GB', 'GBR', 'VAT', '44'),
  country(840, 'United States', 'US', 'USA', 'EIN', '1'),
];
