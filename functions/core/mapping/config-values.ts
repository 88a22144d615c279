import * as z from 'zod';
import type { FieldFault } from '../errors.ts';
import type { FieldMetadata } from '../model/field.ts';
import { lengthOf } from '../values/size.ts';

/** `{"set": true}`: a secret that is there; sent back, it keeps the stored one. */
export const SecretSet = z.strictObject({ set: z.literal(true) }).meta({
  id: 'SecretSet',
  description: 'A secret that is stored. Secrets are never shown; sent back like this, the stored one is kept.',
});

const keepsSecret = '{"set": true} to keep the stored one';

export const ConfigValue = z.union([z.string().max(10_000), z.number(), z.boolean(), SecretSet], {
  error: `Must be a text of at most 10000 characters, a number, true or false, or for a secret ${keepsSecret}`,
});

/** More than any system declares: each value is checked and each fault named, so a flood of them must not get that far. */
const mostFields = 200;

/** Values by field key, as they came. zod passes over an own `__proto__`, which would be a field accepted unseen. */
export const FieldsSent = z.unknown().superRefine((sent, { addIssue }) => {
  if (typeof sent !== 'object' || sent === null) return;
  const message =
    Object.keys(sent).length > mostFields
      ? `Has more than ${mostFields} fields`
      : Object.hasOwn(sent, '__proto__') && 'There is no field __proto__';
  if (message) addIssue({ code: 'custom', message });
});

/** What a caller sends for declared configuration fields. */
export const ConfigInput = FieldsSent.pipe(z.record(z.string().max(100), ConfigValue));
export type ConfigInput = z.infer<typeof ConfigInput>;

export interface CheckedConfig {
  /** Without passwords. */
  readonly config: Record<string, string | number | boolean>;
  /** Passwords that were sent. */
  readonly secrets: Record<string, string>;
  /** Names of passwords to keep as stored. */
  readonly kept: string[];
  readonly faults: FieldFault[];
}

type Given = ConfigInput[string] | undefined;

function typeFault(field: FieldMetadata, value: string | number | boolean): string | undefined {
  switch (field.type) {
    case 'checkbox':
      return typeof value === 'boolean' ? undefined : 'Must be true or false';
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : 'Must be a whole number';
    case 'decimal':
      return /^[+-]?\d+(\.\d+)?$/.test(String(value)) ? undefined : 'Must be a number';
    default:
      if (typeof value !== 'string')
        return field.type === 'password' ? `Must be a text, or ${keepsSecret}` : 'Must be a text';
      return field.maxLength > 0 && lengthOf(value, field.lengthUnit) > field.maxLength
        ? `Must have at most ${field.maxLength} characters`
        : undefined;
  }
}

function isBlank(value: Given): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Checks values against the fields that a connector declares, all faults at once; defaults fill what is not given. `at`: the path of the values. */
export function checkConfig(
  fields: readonly FieldMetadata[],
  given: ConfigInput,
  secretsStored: readonly string[],
  at = 'config',
): CheckedConfig {
  const checked: CheckedConfig = { config: {}, secrets: {}, kept: [], faults: [] };
  const { config, secrets, kept, faults } = checked;
  const fault = (key: string, message: string): void => {
    faults.push({ path: `${at}.${key}`, message });
  };
  for (const key of Object.keys(given)) {
    if (!fields.some((field) => field.key === key && field.type !== 'label')) fault(key, 'There is no such field');
  }
  for (const field of fields) {
    if (field.type === 'label') continue;
    const value: Given = Object.hasOwn(given, field.key) ? given[field.key] : (field.defaultValue ?? undefined);
    if (isBlank(value) || value === undefined) {
      if (field.access === 'mandatory') fault(field.key, 'Must be filled in');
      // Else the default would take its place.
      else if (field.type === 'text' && value !== undefined && field.defaultValue !== undefined) config[field.key] = '';
    } else if (typeof value === 'object') {
      if (field.type !== 'password') fault(field.key, 'Only a password can be kept as it is');
      else if (secretsStored.includes(field.key)) kept.push(field.key);
      else fault(field.key, 'There is no stored value to keep');
    } else {
      const message = typeFault(field, value);
      if (message) fault(field.key, message);
      else if (field.type === 'password') secrets[field.key] = String(value);
      else config[field.key] = value;
    }
  }
  return checked;
}

/** A merge patch (RFC 7396) over a configuration: what is absent stays, null removes. */
export type ConfigPatch = Readonly<Record<string, ConfigInput[string] | null>>;

/** What a patched configuration sends: secrets that it leaves alone are to be kept. */
export function patchedInput(
  { config, secretsSet }: { readonly config: CheckedConfig['config']; readonly secretsSet: readonly string[] },
  patch: ConfigPatch,
): ConfigInput {
  const merged = Object.entries({ ...maskedConfig(config, secretsSet), ...patch });
  return Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/** Configuration as it is read: passwords show only that they are set. */
export function maskedConfig(
  config: Readonly<Record<string, string | number | boolean>>,
  secretsSet: readonly string[],
): Record<string, string | number | boolean | { set: true }> {
  return { ...config, ...Object.fromEntries(secretsSet.map((name) => [name, { set: true as const }])) };
}
