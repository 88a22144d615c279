/**
 * A Tryton party has one name. Its last word is the last name, the particles right before it (`van den`, `de`) are the
 * middle name, all words before those the first name. Without a middle name of its own the particles belong to the last
 * name. No word is ever left out: the parts in their order are the name again.
 */
export interface PersonName {
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly lastName: string | null;
}

/** Particles that are known in capitals too (`Van den Berg`); in small letters any word may be one (`'t`, `zu`). */
const particles: ReadonlySet<string> = new Set([
  ...['van', 'den', 'der', 'de', 'het', 'ter', 'ten', 'te', 'von', 'zu', 'zum', 'zur', 'vom'],
  ...['di', 'da', 'do', 'dos', 'das', 'del', 'della', 'du', 'des', 'la', 'le', 'af', 'av'],
]);

const startsLowerCase = (word: string): boolean => /^['’]?\p{Ll}/u.test(word);
const isParticle = (word: string): boolean => startsLowerCase(word) || particles.has(word.toLowerCase());
/** The first word is somebody's own name, unless it is plainly none. */
const opensLastName = (word: string): boolean => startsLowerCase(word) && particles.has(word);

export function wordsOf(...texts: readonly (string | null)[]): string[] {
  return texts.flatMap((text) => (text ?? '').split(/\s+/)).filter((word) => word !== '');
}

const textOf = (words: readonly string[]): string | null => (words.length === 0 ? null : words.join(' '));

/** `middle`: whether the middle name is a part of its own. */
export function splitName(name: string, { middle }: { readonly middle: boolean }): PersonName {
  const words = wordsOf(name);
  const last = words.length - 1;
  let start = Math.max(last, 0);
  while (start > 1 && isParticle(words[start - 1] ?? '')) start -= 1;
  if (start === 1 && opensLastName(words[0] ?? '')) start = 0;
  return {
    firstName: textOf(words.slice(0, start)),
    middleName: middle ? textOf(words.slice(start, last)) : null,
    lastName: textOf(words.slice(middle ? Math.max(last, 0) : start)),
  };
}

/** The one name; blank where all parts are. */
export function joinName({ firstName, middleName, lastName }: PersonName): string {
  return wordsOf(firstName, middleName, lastName).join(' ');
}
