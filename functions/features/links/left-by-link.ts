import { bySide } from '../../core/model/by-side.ts';
import { type FieldChange, isOfPair } from '../../core/model/field-change.ts';
import { fieldKey, type Link, pairOf } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import type { Application } from '../application.ts';

/** One page of the log: what is counted beyond it is said to be more. */
const changesCounted = 200;

const systems: Readonly<Record<Side, string>> = { crm: 'CRM', erp: 'ERP' };

/** Found there after a crash counts too. */
function isWritten({ outcome }: FieldChange): boolean {
  return outcome === 'written' || outcome === 'settled';
}

/** What the link wrote to the record of a side, and how much of it stands in place of another value. */
function leftOn(side: Side, changes: readonly FieldChange[]) {
  const written = changes.filter((one) => one.side === side && isWritten(one));
  const fields = new Set(written.map(fieldKey)).size;
  const replaced = written.filter(({ oldValue }) => oldValue !== null).length;
  const stays = `The record stays in the ${systems[side]} as it is`;
  if (fields === 0) return { fields, replaced, text: `${stays}: the link wrote nothing there.` };
  const isReplaced =
    replaced === 0
      ? 'where nothing stood before'
      : `and \`changes\` has each value that this replaced, as \`oldValue\``;
  return { fields, replaced, text: `${stays}, with what the link wrote there, ${isReplaced}.` };
}

/** What a link that was disconnected leaves behind: both records as they are, and in the log the values that it replaced. */
export async function leftByLink(app: Pick<Application, 'changeLog'>, link: Link) {
  const { tenantId, id: linkId, connectionId } = link;
  const { items, cursor } = await app.changeLog.list(tenantId, { linkId }, { limit: changesCounted });
  const changes = items.filter((change) => isOfPair(change, link));
  return {
    id: linkId,
    connectionId,
    ...pairOf(link),
    state: 'disconnected' as const,
    left: bySide((side) => leftOn(side, changes)),
    more: cursor === undefined ? undefined : (true as const),
    changes: `/v1/changes?linkId=${linkId}`,
  };
}

export type LeftByLink = Awaited<ReturnType<typeof leftByLink>>;
