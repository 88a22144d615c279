/**
 * Whether both records of a link are there, in use and inside the filter. Always true: of one that is not no value is
 * planned with, so no blank of it is ever written anywhere. Pure, so a crash leaves nothing. Attacked by
 * test/sync/standing.test.ts and test/property/people.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { Link, LinkStateReason } from '../../core/model/link.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { LinkRead } from './read-both.ts';

/** Why a link is not written. */
export interface Stop {
  readonly state: 'paused' | 'broken';
  readonly stateReason: LinkStateReason;
  /** Whose record it is. */
  readonly side: Side;
  readonly mergedInto?: string | undefined;
}

export type Standing = { readonly state: 'live'; readonly records: BySide<RecordState> } | Stop;

const reasons = {
  gone: { crm: 'crm-record-gone', erp: 'erp-actor-gone' },
  merged: { crm: 'crm-record-merged', erp: 'erp-actor-merged' },
  archived: { crm: 'crm-record-archived', erp: 'erp-actor-archived' },
} as const satisfies Record<string, Record<Side, LinkStateReason>>;

function brokenBy({ records }: LinkRead): Stop | undefined {
  const gone = sides.find((side) => !records[side]);
  if (gone) return { state: 'broken', stateReason: reasons.gone[gone], side: gone };
  for (const side of sides) {
    const standing = records[side]?.standing;
    if (standing?.kind !== 'merged') continue;
    return { state: 'broken', stateReason: reasons.merged[side], side, mergedInto: standing.into };
  }
  return undefined;
}

/** What becomes of a link that would break, where a person said that it shall not. */
export function keptFromBreaking(stop: Stop): Stop {
  return { ...stop, state: 'paused', stateReason: 'dropped' };
}

/** How both records of a link stand; one that a person kept from breaking stays paused until its record is back. */
export function standingOf(link: Link, read: LinkRead): Standing {
  const { crm, erp } = read.records;
  const broken = brokenBy(read);
  if (broken) return link.stateReason === 'dropped' ? keptFromBreaking(broken) : broken;
  if (!crm || !erp) throw new SyncError('defect', `Link ${link.id} was not read on both sides.`);
  const records = { crm, erp };
  const archived = sides.find((side) => records[side].standing?.kind === 'archived');
  if (archived) return { state: 'paused', stateReason: reasons.archived[archived], side: archived };
  if (erp.standing) return { state: 'paused', stateReason: 'erp-actor-outside-filter', side: 'erp' };
  return { state: 'live', records };
}
