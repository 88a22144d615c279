/**
 * Both sides of one real record, with every field that each has, for whoever makes a mapping. It only reads: each side once,
 * and a side that is slow or broken keeps nobody from the other.
 */
import { invalid } from '../../core/errors.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import type { BySide } from '../../core/model/by-side.ts';
import { type ActorTypeSetup, noListMappings } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { LinkHead } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import type { Value } from '../../core/values/value.ts';
import { readStanding } from '../../sync/open-ends.ts';
import type { Application } from '../application.ts';
import { type Asked, type SideNow, sideReader } from '../links/read-each-side.ts';
import { liveType } from '../systems/live-setup.ts';

/** The record that is asked for; neither: one of the link that was synced last. */
export interface ExampleQuery {
  readonly crmKey?: string | undefined;
  readonly erpKey?: string | undefined;
}

/** The links among which the last synced one is looked for: the first page of them. */
const linksLookedAt = 50;

async function linkOfKey(
  app: Application,
  { tenantId, connectionId, actorType }: ActorTypeRef,
  at: { readonly side: Side; readonly table: string; readonly key: string },
): Promise<LinkHead | undefined> {
  const { side, table, key } = at;
  const linkId = (await app.links.findByKeys({ tenantId, connectionId, side, table }, [key])).get(key);
  const [link] = linkId === undefined ? [] : await app.links.getHeads(tenantId, [linkId]);
  // Types that share a table share its claims.
  return link?.ends.erp.type === actorType ? link : undefined;
}

async function linkSyncedLast(
  app: Application,
  { tenantId, connectionId, actorType }: ActorTypeRef,
): Promise<LinkHead | undefined> {
  const { items } = await app.links.list(tenantId, { connectionId, actorType, atOnce: true }, { limit: linksLookedAt });
  const joined = items.filter(({ state }) => state !== 'disconnected' && state !== 'broken');
  return joined.toSorted((one, other) => ((one.lastSyncedAt ?? '') < (other.lastSyncedAt ?? '') ? 1 : -1))[0];
}

async function linkFor(
  app: Application,
  of: ActorTypeRef,
  typeOf: Promise<{ readonly type: ActorTypeSetup }>,
  { crmKey, erpKey }: ExampleQuery,
): Promise<LinkHead | undefined> {
  if (crmKey === undefined && erpKey === undefined) return linkSyncedLast(app, of);
  const { type } = await typeOf;
  if (crmKey !== undefined) return linkOfKey(app, of, { side: 'crm', table: type.crmTable, key: crmKey });
  return erpKey === undefined ? undefined : linkOfKey(app, of, { side: 'erp', table: type.erpTable, key: erpKey });
}

/** Which records are read; without a link and a key the first one that the ERP's search gives. */
function endsOf(link: LinkHead | undefined, { crmKey, erpKey }: ExampleQuery): Partial<BySide<{ key?: string }>> {
  if (link) return { crm: { key: link.ends.crm.key }, erp: { key: link.ends.erp.key } };
  if (crmKey !== undefined) return { crm: { key: crmKey } };
  return { erp: erpKey === undefined ? {} : { key: erpKey } };
}

interface ExampleField extends Pick<FieldMetadata, 'key' | 'label' | 'type'> {
  readonly value: Value;
  readonly text?: string | undefined;
}

interface ExampleSide extends Pick<SideNow, 'trouble'> {
  /** Absent where there was none to be found. */
  readonly key?: string | undefined;
  readonly standing?: string | undefined;
  readonly fields: readonly ExampleField[];
}

function viewOf({ record, trouble, textOf }: SideNow, { key, fields }: Asked): ExampleSide {
  if (!record) return { key, trouble, fields: [] };
  return {
    key: record.key,
    standing: record.standing?.kind ?? 'live',
    fields: fields.map((field) => {
      const value = record.values[field.key] ?? null;
      return { key: field.key, label: field.label, type: field.type, value, text: textOf(field, value) };
    }),
  };
}

function shownFields(fields: readonly FieldMetadata[]): FieldMetadata[] {
  return fields.filter(({ missing, type }) => !missing && type !== 'label' && type !== 'password');
}

export interface MappingExample extends Partial<BySide<ExampleSide>> {
  readonly actorType: string;
  readonly crmType: string;
  readonly linkId?: string | undefined;
  readonly lastSyncedAt?: string | undefined;
}

export async function readMappingExample(
  app: Application,
  of: ActorTypeRef,
  query: ExampleQuery,
  language?: string,
): Promise<MappingExample> {
  const { tenantId, connectionId, actorType } = of;
  if (query.crmKey !== undefined && query.erpKey !== undefined) {
    throw invalid([{ path: 'query.erpKey', message: 'Must be left out with crmKey' }]);
  }
  // At one moment: as deployed the type, the tenant, waits and breakers are one call.
  const reading = liveType(app, of);
  const [{ connection, type }, standing, link] = await Promise.all([
    reading,
    readStanding(app, tenantId, connectionId),
    linkFor(app, of, reading, query),
  ]);
  const { crmType } = type;
  // Values are shown as they are: no pairs of lists are needed.
  const setup = { connection, actorTypes: [type], listPairings: [], lists: noListMappings, brakes: [] };
  const read = await sideReader(app, { setup, ...standing });
  const ends = endsOf(link, query);
  const sideOf = async (side: Side, asked: Omit<Asked, 'key'>): Promise<ExampleSide | undefined> => {
    const end = ends[side];
    if (!end) return undefined;
    const whole = { ...asked, key: end.key, language };
    return viewOf(await read(side, whole), whole);
  };
  const [crm, erp] = await Promise.all([
    sideOf('crm', { type: crmType, fields: shownFields(type.crmFields) }),
    sideOf('erp', { type: actorType, fields: shownFields(type.erpFields) }),
  ]);
  return { actorType, crmType, linkId: link?.id, lastSyncedAt: link?.lastSyncedAt, crm, erp };
}
