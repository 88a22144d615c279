import type { FieldFault } from '../../core/errors.ts';
import type { ConfigValues } from '../../core/model/connector.ts';
import { sameAddress } from '../../core/values/same-address.ts';
import type { ConnectorType } from '../../ports/record-systems.ts';

/** What secrets were tested with, or are to be sent with. */
export interface SecretUse {
  readonly address: string;
  /** Without passwords. */
  readonly config: ConfigValues;
}

/** What a kind's secrets are good for: who signs in where. All settings but passwords, unless the kind says which. */
export function boundTo({ settings, secretsBoundTo }: ConnectorType) {
  return settings.filter(({ key, type }) => secretsBoundTo?.includes(key) ?? (type !== 'password' && type !== 'label'));
}

/** What is signed in with: the secrets that were sent, and of the stored ones those that are kept. */
export function withKept(
  sent: Readonly<Record<string, string>>,
  kept: readonly string[],
  stored: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...Object.fromEntries(kept.map((name) => [name, stored[name] ?? ''])), ...sent };
}

/** Secrets that must not be kept: they were tested at another address, in another tenant of it or for another user. */
export function keptSecretFaults(
  type: ConnectorType,
  { kept, at }: { readonly kept: readonly string[]; readonly at: string },
  tested: SecretUse,
  wanted: SecretUse,
): FieldFault[] {
  const other = boundTo(type).find(({ key }) => tested.config[key] !== wanted.config[key]);
  const changed = sameAddress(tested.address, wanted.address) ? other?.label : 'address';
  if (changed === undefined) return [];
  const message = `Must be entered again: the stored one was tested with another value of "${changed}"`;
  return kept.map((name) => ({ path: `${at}.${name}`, message }));
}
