import { actorTypeOf } from '../../core/mapping/mapped-fields.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import { isBlank, type Value } from '../../core/values/value.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { RecordState, RecordSystem } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { listTexts } from '../systems/list-texts.ts';
import { liveSetup, refuseSuspended } from '../systems/live-setup.ts';

export interface ActorHit {
  readonly actorType: ActorType;
  readonly erpKey: string;
  readonly values: Readonly<Record<string, Value>>;
  readonly linked: boolean;
  readonly linkId?: string | undefined;
}

export interface ActorTypeRef {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly actorType: ActorType;
}

interface OpenType {
  readonly connection: Connection;
  readonly type: ActorTypeSetup;
  readonly erp: RecordSystem;
}

async function openType(app: Application, ref: ActorTypeRef): Promise<OpenType> {
  const setup = await liveSetup(app, ref.tenantId, ref.connectionId);
  refuseSuspended(setup.connection);
  const type = found(
    actorTypeOf(setup, ref.actorType),
    'actor type',
    ref.actorType,
    setup.actorTypes.map(({ actorType }) => actorType),
  );
  return { connection: setup.connection, type, erp: await app.systems.erp(setup.connection) };
}

/** Fields marked *show in search*; where there are none, those that the ERP declares searchable. */
function searchFields({ erpFields, fields }: ActorTypeSetup): string[] {
  const offered = erpFields.filter((field) => !field.missing);
  const shown = offered.filter((field) => fields.some((row) => row.erpField === field.key && row.showInSearch));
  return (shown.length > 0 ? shown : offered.filter((field) => field.searchable)).map((field) => field.key);
}

async function withLinks(
  app: Application,
  ref: ActorTypeRef,
  type: ActorTypeSetup,
  records: readonly RecordState[],
): Promise<ActorHit[]> {
  const { tenantId, connectionId, actorType } = ref;
  const keys = records.map((record) => record.key);
  const links = await app.links.findByKeys({ tenantId, connectionId, side: 'erp', table: type.erpTable }, keys);
  return records.map(({ key, values }) => {
    const linkId = links.get(key);
    return { actorType, erpKey: key, values, linked: linkId !== undefined, linkId };
  });
}

/** Simple search by text; empty text finds everything. */
export async function searchActors(
  app: Application,
  ref: ActorTypeRef,
  text: string,
  page: PageRequest,
): Promise<Page<ActorHit>> {
  const { type, erp } = await openType(app, ref);
  const fields = searchFields(type);
  const { records, cursor } = await erp.search({ ...page, type: ref.actorType, text, fields });
  return { items: await withLinks(app, ref, type, records), cursor };
}

export interface ActorView extends ActorHit {
  readonly fields: readonly {
    readonly key: string;
    readonly label: string;
    readonly value: Value;
    readonly text?: string | undefined;
  }[];
}

/** One actor with all its fields as they are now; list items by their text too. */
export async function readActor(
  app: Application,
  ref: ActorTypeRef,
  erpKey: string,
  language?: string,
): Promise<ActorView> {
  const { type, erp } = await openType(app, ref);
  const offered = type.erpFields.filter((field) => !field.missing && field.type !== 'label');
  const { records } = await erp.get(
    ref.actorType,
    [erpKey],
    offered.map((field) => field.key),
  );
  const record = found(records[0], ref.actorType, erpKey);
  const filled = offered.filter(({ key }) => !isBlank(record.values[key] ?? null));
  const [[hit], textOf] = await Promise.all([withLinks(app, ref, type, [record]), listTexts(erp, filled, language)]);
  const fields = offered.map((field) => {
    const value = record.values[field.key] ?? null;
    return { key: field.key, label: field.label, value, text: textOf(field, value) };
  });
  return { ...found(hit, ref.actorType, erpKey), fields };
}
