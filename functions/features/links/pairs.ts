import { type FieldFault, invalid, SyncError } from '../../core/errors.ts';
import { notActiveText } from '../../core/explain/not-active.ts';
import { actorTypeOf, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { type ActorType, type CrmType, crmTypeOf } from '../../core/model/actor-type.ts';
import type { ActorTypeSetup, ConnectionSetup } from '../../core/model/connection-setup.ts';
import { fieldKey, type Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { type OpenEnds, openEnds } from '../../sync/open-ends.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';

/** The side to keep, for fields that differ, with the fingerprint of both values as the preview showed them. */
export interface FieldChoice {
  readonly erpField: string;
  readonly crmField: string;
  readonly keep: Side;
  readonly fingerprint: string;
}

/** A CRM record and an ERP actor that a person wants joined. */
export interface Pair {
  readonly actorType: ActorType;
  readonly erpKey: string;
  readonly crmKey: string;
  readonly crmType?: CrmType | undefined;
  readonly choices?: readonly FieldChoice[] | undefined;
  /** The link that is to be moved to this pair: its own claims stand in nobody's way. */
  readonly linkId?: string | undefined;
}

/** Both ends of an active connection; SyncError `not-found`, or `conflict` while it is not active. */
export async function activeContext(app: Application, tenantId: string, connectionId: string): Promise<OpenEnds> {
  const context = await openEnds(app, tenantId, connectionId);
  if (context) return context;
  const connection = found(await app.connections.get(tenantId, connectionId), 'connection', connectionId);
  throw new SyncError('conflict', notActiveText(connection.state));
}

function faultsOfPair(setup: ConnectionSetup, pairs: readonly Pair[], at: number): FieldFault[] {
  const pair = pairs[at];
  if (!pair) return [];
  const fault = (path: string, message: string): FieldFault => ({ path: `pairs[${at}].${path}`, message });
  const type = actorTypeOf(setup, pair.actorType);
  if (!type)
    return [
      fault(
        'actorType',
        `The ERP offers no such actor type; there are ${setup.actorTypes.map((one) => one.actorType).join(', ')}`,
      ),
    ];
  const faults = type.active
    ? []
    : [fault('actorType', 'This actor type is not active: save its mapping with `active` true first')];
  if (pair.crmType !== undefined && pair.crmType !== type.crmType) {
    faults.push(fault('crmType', `An actor of this type is linked to a ${type.crmType}`));
  }
  const earlier = pairs.slice(0, at).map((other) => ({ ...other, type: actorTypeOf(setup, other.actorType) }));
  if (earlier.some((other) => other.erpKey === pair.erpKey && other.type?.erpTable === type.erpTable)) {
    faults.push(fault('erpKey', 'Named in an earlier pair'));
  }
  if (earlier.some((other) => other.crmKey === pair.crmKey && other.type?.crmTable === type.crmTable)) {
    faults.push(fault('crmKey', 'Named in an earlier pair'));
  }
  const faultsOfChoices = choiceFaults(setup, pair.actorType, pair.choices ?? []);
  return [...faults, ...faultsOfChoices.map(({ path, message }) => fault(path, message))];
}

function choiceFaults(setup: ConnectionSetup, actorType: ActorType, choices: readonly FieldChoice[]): FieldFault[] {
  const mapped = new Set(mappedFields(setup, actorType).map(fieldKey));
  return choices.flatMap((choice, at) =>
    mapped.has(fieldKey(choice)) ? [] : [{ path: `choices[${at}]`, message: 'These fields are not mapped' }],
  );
}

/** Every fault of the choices at once. */
export function checkChoices(setup: ConnectionSetup, actorType: ActorType, choices: readonly FieldChoice[]): void {
  const faults = choiceFaults(setup, actorType, choices);
  if (faults.length > 0) throw invalid(faults);
}

/** The choices as a link keeps them. */
export function choicesOf(choices: readonly FieldChoice[]): Link['choices'] {
  const byField = choices.map(({ keep, fingerprint, ...fields }) => [fieldKey(fields), { side: keep, fingerprint }]);
  return Object.fromEntries(byField);
}

/** Every fault of the pairs at once: types not offered or not active, records named twice, choices on unmapped fields. */
export function checkPairs(setup: ConnectionSetup, pairs: readonly Pair[]): void {
  const faults = pairs.flatMap((_, at) => faultsOfPair(setup, pairs, at));
  if (faults.length > 0) throw invalid(faults);
}

/** The link that a pair would become. */
export function linkOf(app: Application, setup: ConnectionSetup, pair: Pair, createdBy: string): Link {
  const type: ActorTypeSetup = found(actorTypeOf(setup, pair.actorType), 'actor type', pair.actorType);
  return {
    tenantId: setup.connection.tenantId,
    id: app.runtime.newId(),
    connectionId: setup.connection.id,
    ends: {
      crm: { type: crmTypeOf(pair.actorType), table: type.crmTable, key: pair.crmKey },
      erp: { type: pair.actorType, table: type.erpTable, key: pair.erpKey },
    },
    state: 'pending',
    revision: 1,
    fieldStates: {},
    choices: choicesOf(pair.choices ?? []),
    seen: {},
    openFailures: [],
    createdAt: app.runtime.now(),
    createdBy,
  };
}
