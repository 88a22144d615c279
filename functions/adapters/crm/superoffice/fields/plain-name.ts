/** Without a language header names come raw, as `US:"Norway";NO:"Norge";` (spec 3.1): then the first of them. */
export function plainName(text: string): string {
  return /^\w{2}:"([^"]+)"/.exec(text)?.[1] ?? text;
}
