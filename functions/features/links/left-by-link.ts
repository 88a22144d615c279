import { bySide } from '../../core/model/by-side.ts';
import { type FieldChange, isOfPair } from '../../core/model/field-change.ts';
import { fieldKey, type Link, pairOf } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import type { Application } from '../application.ts';
import { logKeptSince } from './last-changes.ts';

/** One page of the log: what is counted beyond it is said to be more. */
const changesCounted = 200;

const systems: Readonly<Record<Side, string>> = { crm: 'CRM', erp: 'ERP' };

/** Found there after a crash counts too. */
function isWritten({ outcome }: FieldChange): boolean {
  return outcome === 'written' || outcome === 'settled';
}

interface Logged {
  readonly changes: readonly FieldChange[];
  /** Nothing was logged that was not read: neither further back, nor longer ago than the log is kept. */
  readonly isAll: boolean;
  /** What it is about to write, or has written and not logged yet. */
  readonly intended: readonly { readonly side: Side }[];
}

/** What the link wrote to the record of a side, and how much of it stands in place of another value. */
function leftOn(side: Side, { changes, isAll, intended }: Logged) {
  const written = changes.filter((one) => one.side === side && isWritten(one));
  const fields = new Set(written.map(fieldKey)).size;
  const replaced = written.filter(({ oldValue }) => oldValue !== null).length;
  const stays = `The record in the ${systems[side]} is left as it is`;
  if (intended.some((one) => one.side === side)) {
    const underWay =
      'but a write to it is under way: what comes of it is in `changes` in some minutes, with each value replaced';
    return { fields, replaced, text: `${stays}, ${underWay}.` };
  }
  if (fields === 0) {
    const text = isAll
      ? `${stays}: the link wrote nothing there.`
      : `${stays}: what was read of the log has nothing that the link wrote there, but the log does not reach back to when they were connected.`;
    return { fields, replaced, text };
  }
  const isErased = written.some(({ erased }) => erased);
  const ofReplaced =
    replaced > 0
      ? 'and `changes` has each value that this replaced, as `oldValue`'
      : isErased
        ? 'and what this replaced was erased from `changes`'
        : 'where nothing stood before';
  return { fields, replaced, text: `${stays}, with what the link wrote there, ${ofReplaced}.` };
}

/** What a link that was disconnected leaves behind: both records as they are, and in the log the values that it replaced. */
export async function leftByLink(app: Pick<Application, 'changeLog' | 'tenants' | 'runtime'>, link: Link) {
  const { tenantId, id: linkId, connectionId } = link;
  const [{ items, cursor }, tenant] = await Promise.all([
    app.changeLog.list(tenantId, { linkId }, { limit: changesCounted }),
    app.tenants.get(tenantId),
  ]);
  const changes = items.filter((change) => isOfPair(change, link));
  const keptSince = logKeptSince(tenant, app.runtime.nowMs());
  const isAll = cursor === undefined && keptSince <= link.createdAt;
  const logged = { changes, isAll, intended: link.intent?.writes ?? [] };
  return {
    id: linkId,
    connectionId,
    ...pairOf(link),
    state: 'disconnected' as const,
    left: bySide((side) => leftOn(side, logged)),
    more: cursor === undefined ? undefined : (true as const),
    changes: `/v1/changes?linkId=${linkId}`,
  };
}

export type LeftByLink = Awaited<ReturnType<typeof leftByLink>>;
