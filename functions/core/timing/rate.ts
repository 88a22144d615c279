/**
 * How one of several instances keeps a limit that they share, from what it last learnt of all of them. Always true: an
 * instance lets through what is left of the limit as it knows it, or its part of that: a newcomer the less the more were
 * there before it, the others as much as theirs was of what was counted last. Pure. Attacked by
 * test/core/timing/rate.test.ts and test/adapters/aws/dynamodb/set-up/rates.test.ts.
 */

/** Runs that somebody waits for, a minute; what is more is work of the normal lane. */
export const interactiveRunsPerMinute = { caller: 10, tenant: 100 } as const;

/** Sign-ins that came to nothing, a minute, of a tenant; a caller is the address that they come from. */
export const failedSignInsPerMinute = { caller: 20, tenant: 200 } as const;

/** Limits are so much in each of these; they begin at the same time everywhere. */
export const rateWindowMs = 60_000;
/** An instance shares its counts at most so often. */
export const shareEveryMs = 10_000;

/** Where others had all the traffic until now it may come here next. */
const leastPart = 1 / 30;

/** What one instance knows of one limit in this window. */
export interface RateCount {
  /** Let through by all instances, as this one last learnt. */
  readonly known: number;
  /** Let through here since then. */
  readonly own: number;
  /** How much of what was left then it may let through until it learns more, 0–1. */
  readonly part: number;
  /** When it was last counted among the instances of a window, that window. */
  readonly joined?: number | undefined;
}

/** `others`: how many instances count already. */
export function newRateCount(known: number, others: number): RateCount {
  return { known, own: 0, part: partOfNewcomer(others + 1) };
}

/** `full`: none until the window ends. `own-part`: none until more is learnt. */
export function rateVerdict({ known, own, part }: RateCount, limit: number): 'free' | 'full' | 'own-part' {
  if (known + own >= limit) return 'full';
  return own >= Math.ceil((limit - known) * part) ? 'own-part' : 'free';
}

/** After sharing `sent` of its own, which may be none, in that window. */
export function afterSharing(
  count: RateCount,
  { sent, total, instances, window }: Readonly<Record<'sent' | 'total' | 'instances' | 'window', number>>,
): RateCount {
  const known = { known: total, own: count.own - sent, joined: sent > 0 ? window : count.joined };
  if (known.joined === undefined) return { ...known, part: count.part };
  const part = count.joined === undefined ? partOfNewcomer(instances) : partOfKnown(count, sent, total - count.known);
  return { ...known, part };
}

/** In a new window nothing is counted yet; whose traffic it was is what was learnt before. */
export function inNewWindow(count: RateCount): RateCount {
  return { ...count, known: 0, own: 0 };
}

/** The k-th one has 1/k²: together no more than twice the limit, however many come at once (up to about 20). */
function partOfNewcomer(instances: number): number {
  return Math.max(leastPart, 1 / instances ** 2);
}

function partOfKnown({ part }: RateCount, sent: number, grown: number): number {
  return grown <= 0 ? part : Math.max(leastPart, Math.min(1, sent / grown) ** 2);
}
