/**
 * What a file wants of a connection's configuration, beside what is stored. Secrets that it leaves out stay, only for the
 * address, tenant context and user name that they were tested with; those it brings are compared with the stored ones, so
 * that the same file twice changes nothing, and never leave here but to the test and the vault.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FieldFault } from '../../core/errors.ts';
import { type ConfigInput, checkConfig, maskedConfig } from '../../core/mapping/config-values.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ConfigValues, Connector } from '../../core/model/connector.ts';
import { sameAddress } from '../../core/values/same-address.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Application } from '../application.ts';
import { onlyPasswords } from '../connections/change-connection.ts';
import { connectorTypeOf } from '../connectors/connector-types.ts';
import { secretsToUse, storedSecrets } from '../systems/connection-ends.ts';
import { keptSecretFaults } from '../systems/kept-secrets.ts';
import { isPlaceholder } from './placeholders.ts';

export interface WantedConfig {
  readonly config: ConfigValues;
  /** All that the connection shall have, kept ones too. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of those that differ from what is stored. */
  readonly anew: readonly string[];
  /** They are those of the version that is stored. */
  readonly keepsSecrets: boolean;
  /** It is to be tested: something of it is new, or is to be sent to another address. */
  readonly differs: boolean;
  readonly faults: readonly FieldFault[];
}

function same(one: string, other: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return other !== undefined && timingSafeEqual(digest(one), digest(other));
}

function unfilled(given: ConfigInput, at: string): FieldFault[] {
  return Object.entries(given).flatMap(([key, value]) =>
    isPlaceholder(value) ? [{ path: `${at}.${key}`, message: 'Send the value of the variable in its place' }] : [],
  );
}

/** What may not change while the connection is active. */
function activeFaults(connection: Connection | undefined, wanted: ConfigValues, path: string): FieldFault[] {
  if (connection?.state !== 'active') return [];
  const keys = [...new Set([...Object.keys(connection.config), ...Object.keys(wanted)])];
  const others = keys.filter((key) => connection.config[key] !== wanted[key]).sort();
  return others.length > 0 ? [{ path, message: onlyPasswords(others) }] : [];
}

interface Question {
  readonly connector: Connector;
  /** The file takes its connector to another address. */
  readonly isMoved: boolean;
  readonly connection: Connection | undefined;
  readonly given: ConfigInput;
  /** The path of the configuration in the file. */
  readonly at: string;
}

export async function wantedConfig(
  app: Application,
  { connector, isMoved, connection, given, at }: Question,
): Promise<WantedConfig> {
  const { secretsSet = [], config: configured = {} } = connection ?? {};
  const type = connectorTypeOf(app, 'erp', connector.kind);
  const checked = checkConfig(type.settings, { ...maskedConfig({}, secretsSet), ...given }, secretsSet, at);
  const { config, secrets: sent, kept } = checked;
  const isSent = Object.keys(sent).length > 0;
  const stored = connection && isSent ? await storedSecrets(app, connection) : {};
  const anew = Object.entries(sent).flatMap(([name, value]) => (same(value, stored[name]) ? [] : [name]));
  const isElsewhere = connection !== undefined && !sameAddress(connection.connectorUrl, connector.url);
  // One that was elsewhere before waits for its secrets, until they are sent.
  const isToGo = isElsewhere && (isMoved || isSent || secretsSet.length === 0);
  const differs = !connection || anew.length > 0 || !sameContent(configured, config) || isToGo;
  const tested = { address: connection?.connectorUrl ?? '', config: configured };
  const faults = [
    ...unfilled(given, at),
    ...checked.faults,
    ...(differs && connection ? keptSecretFaults(type, { kept, at }, tested, { address: connector.url, config }) : []),
    ...activeFaults(connection, config, at),
  ];
  if (faults.length > 0 || !differs) return { config, secrets: {}, anew, keepsSecrets: true, differs, faults };
  const secrets = await secretsToUse(app, connection, checked);
  const keepsSecrets = anew.length === 0 && Object.keys(secrets).length === connection?.secretsSet.length;
  return { config, secrets, anew, keepsSecrets, differs, faults };
}
