import * as z from 'zod';
import type { Figure } from './figure.ts';

/** Counts and ratios that must not get worse, by the names of their figures. */
export const Baseline = z.record(z.string(), z.number());
export type Baseline = z.infer<typeof Baseline>;

/** A step back of more than this share is one. */
const tolerated = 0.2;

export function baselineOf(figures: readonly Figure[]): Baseline {
  return Object.fromEntries(figures.flatMap(({ name, value, worse }) => (worse ? [[name, rounded(value)]] : [])));
}

/** What is worse than the baseline by more than a fifth, a line each; what was not measured this time is nobody's fault. */
export function stepsBack(figures: readonly Figure[], baseline: Baseline): string[] {
  return figures.flatMap(({ name, value, unit, worse }) => {
    const was = baseline[name];
    if (was === undefined || worse === undefined) return [];
    const isWorse = worse === 'higher' ? value > was * (1 + tolerated) : value < was * (1 - tolerated);
    return isWorse ? [`${name} is ${rounded(value)} ${unit}, was ${was}`] : [];
  });
}

/** Four digits say all that is meant. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
