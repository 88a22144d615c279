import type { Attribute } from '../../../../ports/table.ts';

export function isMap(value: Attribute | undefined): value is { readonly [name: string]: Attribute } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
}
