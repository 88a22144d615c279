import { hash } from 'node:crypto';

/** No order of keys to settle: values, and lists of such. */
function hasOneText(value: unknown): boolean {
  return value === null || typeof value !== 'object' || (Array.isArray(value) && value.every(hasOneText));
}

/** Keys sorted at every level, so that equal contents have one text whatever order they were made in. */
function canonicalJson(value: unknown): string {
  if (hasOneText(value)) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const content = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(content).sort()) {
    const inner = content[key];
    if (inner === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** A short, stable digest (SHA-256, 132 bits, base64url) of any JSON-like content: equal contents, equal fingerprint. */
export function fingerprint(content: unknown): string {
  return hash('sha256', canonicalJson(content), 'base64url').slice(0, 22);
}
