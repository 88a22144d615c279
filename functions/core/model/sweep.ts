import * as z from 'zod';

/** How far the sweep of one actor type has come; counted in links. */
export const SweepProgress = z.object({
  /** When the sweep of all types was begun: names it. */
  begunAt: z.string(),
  /** When that of this type was, where it goes on beside others that were begun later. */
  since: z.string().optional(),
  /** Their records were asked for. */
  asked: z.number().int(),
  /** A record of theirs was not found. */
  notFound: z.number().int(),
  /** Their systems said nothing of a record of theirs. */
  unanswered: z.number().int(),
  /** Where its next page starts; absent before the first one and after the last. */
  next: z.string().optional(),
});
export type SweepProgress = z.infer<typeof SweepProgress>;

export function noSweepProgress(begunAt: string): SweepProgress {
  return { begunAt, asked: 0, notFound: 0, unanswered: 0 };
}

export function sinceWhen({ since, begunAt }: SweepProgress): string {
  return since ?? begunAt;
}

/** The last sweep of a connection, by chain. It has ended once no chain of it is under way. */
export const Sweep = z.object({
  begunAt: z.string(),
  underWay: z.record(z.string(), SweepProgress),
  ended: z.record(z.string(), SweepProgress),
});
export type Sweep = z.infer<typeof Sweep>;

/** The calls that one run of a sweep may make to a side; what is left goes on the next day. */
export const mostSweepCalls = 1_000;

/** How far the whole of it has come. */
export function progressOf({ underWay, ended }: Sweep): Pick<SweepProgress, 'asked' | 'notFound' | 'unanswered'> {
  const all = [...Object.values(underWay), ...Object.values(ended)];
  const sum = (count: 'asked' | 'notFound' | 'unanswered') => all.reduce((total, one) => total + one[count], 0);
  return { asked: sum('asked'), notFound: sum('notFound'), unanswered: sum('unanswered') };
}
