import { withoutSlashes } from './without-slashes.ts';

/** Two spellings of one address: a slash at the end, capitals in the host or a default port make no other one. */
export function sameAddress(one: string, other: string): boolean {
  return plainForm(one) === plainForm(other);
}

export function plainForm(address: string): string {
  return withoutSlashes(URL.parse(address)?.href ?? address);
}
