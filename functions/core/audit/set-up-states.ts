/** States of set-up as its trail tells them: what people set, without what the service keeps for itself. */

import { maskedConfig } from '../mapping/config-values.ts';
import { fieldsInUse } from '../mapping/fields-in-use.ts';
import type { ActorTypeMapping, FieldMapping } from '../mapping/mapping.ts';
import { constantSource } from '../mapping/transform.ts';
import type { ActorType } from '../model/actor-type.ts';
import type { ApiKey } from '../model/api-key.ts';
import type { Connection } from '../model/connection.ts';
import { type ActorTypeSetup, type ListPairing, setAsideView } from '../model/connection-setup.ts';
import type { Connector } from '../model/connector.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { FieldDrift, FieldShape } from '../model/field-drift.ts';
import { everyone } from '../model/scope.ts';
import { defaultIntervalOf, isEngineStopped, type Tenant } from '../model/tenant.ts';

type State = Readonly<Record<string, unknown>>;

/** A secret that another one took the place of is told by this, for both read `{set: true}`. */
const setAnew = { set: true, anew: true };

/** `secrets`: their names. Those stored under another version than before were set anew. */
function configState(
  now: { readonly config: Connection['config']; readonly secretVersion?: string | undefined },
  secrets: readonly string[],
  before: { readonly secretVersion?: string | undefined } | undefined,
): State {
  const masked = maskedConfig(now.config, secrets);
  if (before?.secretVersion === undefined || before.secretVersion === now.secretVersion) return masked;
  return { ...masked, ...Object.fromEntries(secrets.map((name) => [name, setAnew])) };
}

export function connectionState(connection: Connection, before?: Connection): State {
  const { name, description, state, intervalMinutes, conflictPolicy, allowances, connectorId, connectorUrl } =
    connection;
  const { scope = everyone } = connection;
  const config = configState(connection, connection.secretsSet, before);
  const settings = { name, description, scope, state, intervalMinutes, conflictPolicy, allowances };
  return { ...settings, connectorId, connectorUrl, config };
}

export function connectorState({ kind, name, url }: Connector): State {
  return { kind, name, url };
}

export function apiKeyState({ name, role, expiresAt }: ApiKey): State {
  return { name, role, expiresAt };
}

/** `secrets`: names of the passwords that its kind of CRM declares. */
export function tenantState(tenant: Tenant, secrets: readonly string[], before?: Tenant): State {
  const { crm, crmContext, defaultConflictPolicy, retentionDays, erpTab = everyone } = tenant;
  const { kind, address } = crm ?? {};
  return {
    crmContext,
    defaultConflictPolicy,
    retentionDays,
    erpTab,
    crm: crm && { kind, address, ...configState(crm, secrets, before?.crm) },
  };
}

export function engineState(tenant: Tenant): State {
  return { running: !isEngineStopped(tenant), defaultIntervalMinutes: defaultIntervalOf(tenant) };
}

function offered(field: FieldMetadata): State {
  const { label, type, format, access, listName, maxLength, lengthUnit, group, missing } = field;
  return { label, type, format, access, listName, maxLength, lengthUnit, group, missing };
}

function offeredByKey(fields: readonly FieldMetadata[]): State {
  return Object.fromEntries(fields.map((field) => [field.key, offered(field)]));
}

/** Rows by the field that makes them one: the ERP's, or where a constant stands for it the CRM's. */
export function mappingState({ active, fields, filter }: ActorTypeMapping): State {
  const keyOf = ({ erpField, crmField }: FieldMapping) => (erpField === constantSource ? `=${crmField}` : erpField);
  return { active, filter, mapping: Object.fromEntries(fields.map((row) => [keyOf(row), row])) };
}

/** Rows of the mapping, default values and what the ERP offers, each field by its key. */
export function actorTypeState({ actorType, defaults, fieldOrder, erpFields, ...mapping }: ActorTypeSetup): State {
  return {
    [actorType]: {
      ...mappingState(mapping),
      defaults: defaults && Object.fromEntries(defaults.map((one) => [one.erpField, one])),
      fieldOrder,
      offered: offeredByKey(erpFields),
    },
  };
}

/** What the CRM offers of the fields in use: it describes itself to all connections, and no other field of it matters to one. */
export function offeredByCrmState(type: ActorTypeSetup): State {
  return { [`${type.actorType}.crm`]: { offered: offeredByKey(fieldsInUse(type).crmFields) } };
}

/** Why and since when the engine leaves a type alone. */
export function setAsideState(type: ActorTypeSetup): State {
  return { [type.actorType]: { setAside: setAsideView(type) } };
}

/** Drift that somebody accepts, by field: what each was, and as what it is taken from then on; nothing of one that is gone. */
export function acceptedState(
  actorType: ActorType,
  accepted: readonly FieldDrift[],
  shapeOf: (one: FieldDrift) => FieldShape | undefined,
): State {
  const drift = Object.fromEntries(accepted.map((one) => [`${one.side}.${one.field}`, shapeOf(one)]));
  return { [actorType]: { drift } };
}

/** Pairs by ERP list and item; where an ERP list goes with two CRM lists, those of the second by both names. */
export function listPairsState(pairings: readonly ListPairing[]): State {
  const lists: Record<string, State> = {};
  for (const { erpList, crmList, pairs } of pairings) {
    lists[Object.hasOwn(lists, erpList) ? `${erpList}~${crmList}` : erpList] = pairs;
  }
  return { lists };
}
