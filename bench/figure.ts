import * as z from 'zod';

/** One thing that was measured. */
export const Figure = z.object({
  /** `{part}.{what}`, the same in every run. */
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** Least and most of all runs, where there were several. */
  spread: z.tuple([z.number(), z.number()]).optional(),
  /** Which way is worse; such figures are held to the baseline. Times of a machine are not: they have none. */
  worse: z.enum(['higher', 'lower']).optional(),
});
export type Figure = z.infer<typeof Figure>;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** The value that so many of the others do not exceed (`share` in 0–1). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** A count or a ratio: less of it is better. */
export function count(name: string, value: number, unit: string): Figure {
  return { name, value, unit, worse: 'higher' };
}

/** The median of several runs, with their spread. */
export function ofRuns(name: string, values: readonly number[], unit: string): Figure {
  return { name, value: median(values), unit, spread: [Math.min(...values), Math.max(...values)] };
}

/** The value of a figure that must be there. */
export function figureNamed(figures: readonly Figure[], name: string): number {
  const found = figures.find((figure) => figure.name === name);
  if (!found) throw new Error(`There is no figure ${name}.`);
  return found.value;
}
