/**
 * A Tryton party has one name. A person's last name is its last word with the lower-case words right before it
 * (`Anna de Vries`: Anna, de Vries; `A B C`: A B, C); the first word is never part of it unless it stands alone. Last
 * names that this rule would not read back the same (`García Lopez`) cannot be written.
 */
export interface PersonName {
  readonly firstName: string | null;
  readonly lastName: string | null;
}

const startsLowerCase = (word: string): boolean => /^['’]?\p{Ll}/u.test(word);

export function splitName(name: string): PersonName {
  const words = name.trim().split(/\s+/);
  if (words.length < 2) return { firstName: null, lastName: words[0] === '' ? null : (words[0] ?? null) };
  let start = words.length - 1;
  while (start > 1 && startsLowerCase(words[start - 1] ?? '')) start -= 1;
  return { firstName: words.slice(0, start).join(' '), lastName: words.slice(start).join(' ') };
}

/** The one name, or undefined where reading it would give other parts. */
export function joinName({ firstName, lastName }: PersonName): string | undefined {
  const name = [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
  const back = splitName(name);
  const same = (one: string | null, other: string | null) => (one ?? '').trim() === (other ?? '');
  return same(firstName, back.firstName) && same(lastName, back.lastName) ? name : undefined;
}
