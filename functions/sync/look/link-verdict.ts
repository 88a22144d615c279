import type { SyncError } from '../../core/errors.ts';
import type { LookTrouble } from '../../core/merge/look-trouble.ts';
import type { DueItem } from '../../core/model/due.ts';
import type { Side } from '../../core/model/side.ts';
import { spendsAttempt } from '../../core/timing/retry.ts';

/** To be asked again after a wait. */
export interface LinkWait {
  readonly verdict: 'wait';
  /** Absent = as planned by the attempt. */
  readonly waitMs?: number;
  /** The wait counts as an attempt. */
  readonly spends: boolean;
  readonly error?: SyncError | undefined;
  /** Whose trouble it is, where nothing could be opened. */
  readonly side?: Side | undefined;
  /** The trouble is this link's alone: it says nothing of the connection or of its neighbours. */
  readonly own?: boolean;
  /** The trouble is met for the first time, and nothing is concluded from it yet. */
  readonly doubted?: boolean;
  /** Both systems answered, and yet the link is not done. */
  readonly trouble?: LookTrouble | undefined;
}

/** What became of one link of a message. */
export type LinkVerdict =
  /** Recorded, and counted in the record transaction. */
  | { readonly verdict: 'recorded' }
  /** Nothing to record; its due item is to go and its result is still to be counted. */
  | { readonly verdict: 'unchanged'; readonly due?: DueItem | undefined }
  | LinkWait;

/** `again`: to be read and planned anew; `mostWrites` where it is not clear which of several writes was refused. */
export type RoundVerdict =
  | LinkVerdict
  | { readonly verdict: 'again'; readonly mostWrites?: number; readonly trouble?: LookTrouble | undefined };

export const again: RoundVerdict = { verdict: 'again' };

/** A system cannot be reached, or the like: what concerns every link that needed it. */
export function waitAfter(error: SyncError): LinkWait {
  return { verdict: 'wait', spends: spendsAttempt(error), error };
}

/** Thrown, or answered, while one link was looked at. */
export function ownTrouble(error: SyncError): LinkWait {
  return { ...waitAfter(error), own: true };
}
