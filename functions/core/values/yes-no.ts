/** How people and systems write yes and no where there is no box to tick; a word that means both in two languages is left out. */
const words: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'ja', 'oui', 'si', 'sí', 'sì', 'sim', 'da', 'tak', 'kyllä'].map(
    (word) => [word, true] as const,
  ),
  ...['false', '0', 'no', 'nee', 'nein', 'nej', 'nei', 'non', 'não', 'nie', 'ei'].map((word) => [word, false] as const),
]);

/** A value as a box to tick; nothing where it does not plainly say yes or no. */
export function yesOrNo(value: string | number | boolean): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return words.get(String(value).normalize('NFC').trim().toLowerCase());
}
