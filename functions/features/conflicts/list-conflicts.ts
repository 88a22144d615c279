import * as z from 'zod';
import { SyncError } from '../../core/errors.ts';
import type { Failure, FieldTrouble } from '../../core/model/failure.ts';
import { type FieldState, type Link, pairOf } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { textsOfConflict } from '../change-log/changes-with-texts.ts';
import { failuresOfLinks } from '../failures/failures-of-links.ts';
import { type LinksAsked, type NamedLinks, readNamed, refsOf } from '../links/named-links.ts';
import { pageOf } from '../page-of.ts';
import { askedOf } from './decision.ts';

/** A held field, as its link's open failure shows it. */
interface HeldField {
  readonly linkId: string;
  readonly field: string;
  /** Both values, as text. */
  readonly forms: FieldTrouble['forms'];
}

/** That of the link and, after a dot, of the field. */
export function conflictId(linkId: string, field: string): string {
  return `${linkId}.${fingerprint(field).slice(0, 12)}`;
}

/** The link of a conflict, by the conflict's id. */
export function linkOfConflict(id: string): string {
  const [linkId = ''] = id.split('.', 1);
  return linkId;
}

/** The held fields that an open failure is about. */
function heldFieldsOf({ linkId, fields }: Failure): HeldField[] {
  if (linkId === undefined) return [];
  return fields.flatMap(({ kind, field, forms }) => (kind === 'conflict' ? [{ linkId, field, forms }] : []));
}

function conflictView(link: Link, { field, forms }: HeldField, state: FieldState) {
  const [erpField = '', crmField = ''] = field.split('~', 2);
  return {
    id: conflictId(link.id, field),
    connectionId: link.connectionId,
    linkId: link.id,
    ...pairOf(link),
    erpField,
    crmField,
    reason: state.held,
    base: state.agreed ?? askedOf(link, field)?.base,
    crm: forms?.crm ?? null,
    erp: forms?.erp ?? null,
    since: state.heldSince,
  };
}

export type ConflictView = ReturnType<typeof conflictView>;

/** With the texts of list items, in the language of who asks where the systems have it. */
export async function conflictsWithTexts(
  { itemTexts }: Pick<Application, 'itemTexts'>,
  tenantId: string,
  { items, cursor }: Page<ConflictView>,
  language: string | undefined,
) {
  const textOf = await itemTexts.of(
    tenantId,
    items.map(({ connectionId }) => connectionId),
    language,
  );
  const named = items.map((one) => ({
    ...one,
    ...textsOfConflict((side, value) => textOf(one, side, value), one),
  }));
  return { items: named, cursor };
}

/** Where a page ends: a page of failures starts at `cursor`, and of failure `of`, its first, so many fields were shown. */
const Place = z.object({ cursor: z.string().optional(), of: z.string().optional(), shown: z.int() });
type Place = z.infer<typeof Place>;

function placeIn(cursor: string | undefined): Place {
  if (cursor === undefined) return { shown: 0 };
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new SyncError('invalid', 'The page cursor is not one of this list.', { cause });
  }
}

function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The held fields of each of the failures; `known`: links that were read already, by id. */
export async function conflictsOf(
  app: Application,
  tenantId: string,
  failures: readonly Failure[],
  known: ReadonlyMap<string, Link> = new Map(),
): Promise<ConflictView[][]> {
  const links = await app.links.getMany(
    tenantId,
    failures.flatMap(({ linkId, fields }) =>
      linkId !== undefined && fields.length > 0 && !known.has(linkId) ? [linkId] : [],
    ),
  );
  const byId = new Map([...known, ...links.map((link): [string, Link] => [link.id, link])]);
  return failures.map((failure) =>
    heldFieldsOf(failure).flatMap((one) => {
      const link = byId.get(one.linkId);
      const state = link?.fieldStates[one.field];
      return link && state?.held ? [conflictView(link, one, state)] : [];
    }),
  );
}

export interface ConflictQuery extends LinksAsked {
  readonly connectionId?: string | undefined;
}

/**
 * Fields that wait for a person, or those of one link or CRM record, found by their open failures; a page may be short.
 * `reached`: of these links alone.
 */
export async function listConflicts(
  app: Application,
  tenantId: string,
  query: ConflictQuery,
  page: PageRequest,
  reached?: NamedLinks,
): Promise<Page<ConflictView>> {
  const { connectionId } = query;
  const refs = reached ? undefined : await refsOf(app, tenantId, query);
  const named = refs ? await readNamed(app, tenantId, refs, 'conflicts') : reached;
  if (!named) return conflictsIn(app, tenantId, { connectionId }, page);
  const asked = named.links.filter((link) => (connectionId ?? link.connectionId) === link.connectionId);
  const failures = await failuresOfLinks(app, asked, named.failures);
  const conflicts = await conflictsOf(app, tenantId, failures, named.whole);
  return pageOf(conflicts.flat(), page);
}

async function conflictsIn(
  app: Application,
  tenantId: string,
  filter: { readonly connectionId?: string | undefined },
  { limit, cursor }: PageRequest,
): Promise<Page<ConflictView>> {
  const from = placeIn(cursor);
  const ids = await app.failures.listIds(tenantId, filter, { limit, cursor: from.cursor });
  // A link's failure has the link's id. At one moment: as deployed both are one call.
  const [found, links] = await Promise.all([
    app.failures.getMany(tenantId, ids.items),
    app.links.getMany(tenantId, ids.items),
  ]);
  const failureOf = new Map(found.map((failure) => [failure.id, failure]));
  const failures = ids.items.flatMap((id, place) => {
    const failure = failureOf.get(id);
    return failure ? [{ ...failure, place }] : [];
  });
  const linkOf = new Map(links.map((link) => [link.id, link]));
  const conflicts = await conflictsOf(app, tenantId, failures, linkOf);
  const items: ConflictView[] = [];
  for (const [at, failure] of failures.entries()) {
    const held = conflicts[at] ?? [];
    const shown = from.of === failure.id ? from.shown : 0;
    const room = limit - items.length;
    items.push(...held.slice(shown, shown + room));
    if (held.length - shown <= room) continue;
    // The page ends within this failure: the next one starts before it.
    const upTo = { limit: failure.place, cursor: from.cursor };
    const before = failure.place === 0 ? from.cursor : (await app.failures.listIds(tenantId, filter, upTo)).cursor;
    return { items, cursor: cursorOf({ cursor: before, of: failure.id, shown: shown + room }) };
  }
  return { items, cursor: ids.cursor === undefined ? undefined : cursorOf({ cursor: ids.cursor, shown: 0 }) };
}
