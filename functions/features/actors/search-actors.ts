import type { ActorType, ActorTypeRef } from '../../core/model/actor-type.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { isBlank, type Value } from '../../core/values/value.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { listTexts } from '../systems/list-texts.ts';
import { liveCompactSetup, liveType, refuseSuspended, typeOf } from '../systems/live-setup.ts';

export interface ActorHit {
  readonly actorType: ActorType;
  readonly erpKey: string;
  readonly values: Readonly<Record<string, Value>>;
  readonly linked: boolean;
  readonly linkId?: string | undefined;
}

function offeredFields({ erpFields }: ActorTypeSetup): FieldMetadata[] {
  return erpFields.filter((field) => !field.missing);
}

/** Fields marked *show in search*; where there are none, those of all that the ERP declares searchable. */
async function searchFields(app: Application, ref: ActorTypeRef, type: ActorTypeSetup): Promise<string[]> {
  const isShown = ({ key }: FieldMetadata) => type.fields.some((row) => row.erpField === key && row.showInSearch);
  const shown = offeredFields(type).filter(isShown);
  const fields =
    shown.length > 0 ? shown : offeredFields((await liveType(app, ref)).type).filter(({ searchable }) => searchable);
  return fields.map(({ key }) => key);
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
  const setup = await liveCompactSetup(app, ref.tenantId, ref.connectionId);
  refuseSuspended(setup.connection);
  const type = typeOf(setup, ref.actorType);
  const erp = await app.systems.erp(setup.connection);
  const fields = await searchFields(app, ref, type);
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
  const { connection, type } = await liveType(app, ref);
  refuseSuspended(connection);
  const erp = await app.systems.erp(connection);
  const offered = offeredFields(type).filter((field) => field.type !== 'label');
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
