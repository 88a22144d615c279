import type { Failure, FieldTrouble } from '../../core/model/failure.ts';
import { type FieldState, type Link, pairOf } from '../../core/model/link.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';

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
    base: state.agreed,
    crm: forms?.crm ?? null,
    erp: forms?.erp ?? null,
    since: state.heldSince,
  };
}

export type ConflictView = ReturnType<typeof conflictView>;

/** Fields that wait for a person, found by their open failures; a page may be short. */
export async function listConflicts(
  app: Application,
  tenantId: string,
  filter: { readonly connectionId?: string | undefined },
  page: PageRequest,
): Promise<Page<ConflictView>> {
  const failures = await app.failures.list(tenantId, filter, page);
  const held = failures.items.flatMap(heldFieldsOf);
  const links = await app.links.getMany(tenantId, [...new Set(held.map(({ linkId }) => linkId))]);
  const byId = new Map(links.map((link) => [link.id, link]));
  const items = held.flatMap((one) => {
    const link = byId.get(one.linkId);
    const state = link?.fieldStates[one.field];
    return link && state?.held ? [conflictView(link, one, state)] : [];
  });
  return { items, cursor: failures.cursor };
}
