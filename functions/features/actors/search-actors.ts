import type { ActorType } from '../../core/model/actor-type.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { isBlank, type Value } from '../../core/values/value.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { RecordState, RecordSystem } from '../../ports/record-system.ts';
import { actorTypeOf } from '../../sync/look/mapped-fields.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { liveSetup, refuseSuspended } from '../systems/live-setup.ts';

export interface ActorHit {
  readonly actorType: ActorType;
  readonly erpKey: string;
  readonly values: Readonly<Record<string, Value>>;
  readonly linked: boolean;
  readonly linkId?: string;
}

export interface ActorPlace {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly actorType: ActorType;
}

interface OpenType {
  readonly connection: Connection;
  readonly type: ActorTypeSetup;
  readonly erp: RecordSystem;
}

async function openType(app: Application, place: ActorPlace): Promise<OpenType> {
  const setup = await liveSetup(app, place.tenantId, place.connectionId);
  refuseSuspended(setup.connection);
  const type = found(actorTypeOf(setup, place.actorType), 'actor type', place.actorType);
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
  place: ActorPlace,
  type: ActorTypeSetup,
  records: readonly RecordState[],
): Promise<ActorHit[]> {
  const { tenantId, connectionId, actorType } = place;
  const keys = records.map((record) => record.key);
  const links = await app.links.findByKeys(tenantId, connectionId, 'erp', type.erpTable, keys);
  return records.map(({ key, values }) => {
    const linkId = links.get(key);
    return {
      actorType,
      erpKey: key,
      values,
      linked: linkId !== undefined,
      ...(linkId !== undefined && { linkId }),
    };
  });
}

/** Simple search by text; empty text finds everything. */
export async function searchActors(
  app: Application,
  place: ActorPlace,
  text: string,
  page: PageRequest,
): Promise<Page<ActorHit>> {
  const { type, erp } = await openType(app, place);
  const fields = searchFields(type);
  const { records, cursor } = await erp.search({ ...page, type: place.actorType, text, fields });
  const items = await withLinks(app, place, type, records);
  return { items, ...(cursor !== undefined && { cursor }) };
}

export interface ActorView extends ActorHit {
  readonly fields: readonly {
    readonly key: string;
    readonly label: string;
    readonly value: Value;
    readonly text?: string;
  }[];
}

/** Display texts of list items, by list and key; lists that the fields do not use are not read. */
export async function listTexts(
  system: RecordSystem,
  fields: readonly FieldMetadata[],
): Promise<(field: FieldMetadata, value: Value) => string | undefined> {
  const names = new Set(fields.flatMap((field) => (field.type === 'list' && field.listName) || []));
  const texts = new Map<string, ReadonlyMap<string, string>>();
  for (const name of names) {
    const items = await system.listItems(name);
    texts.set(name, new Map(items.map((item) => [item.key, item.text])));
  }
  return (field, value) =>
    field.listName !== undefined && !isBlank(value) ? texts.get(field.listName)?.get(String(value)) : undefined;
}

/** One actor with all its fields as they are now; list items by their text too. */
export async function readActor(app: Application, place: ActorPlace, erpKey: string): Promise<ActorView> {
  const { type, erp } = await openType(app, place);
  const offered = type.erpFields.filter((field) => !field.missing && field.type !== 'label');
  const { records } = await erp.get(
    place.actorType,
    [erpKey],
    offered.map((field) => field.key),
  );
  const record = found(records[0], place.actorType, erpKey);
  const [[hit], textOf] = await Promise.all([withLinks(app, place, type, [record]), listTexts(erp, offered)]);
  const fields = offered.map((field) => {
    const value = record.values[field.key] ?? null;
    const text = textOf(field, value);
    return { key: field.key, label: field.label, value, ...(text !== undefined && { text }) };
  });
  return { ...found(hit, place.actorType, erpKey), fields };
}
