import { bytesOf } from './bytes-of.ts';
import type { Value } from './value.ts';

/** The largest value that travels, in bytes of UTF-8: what is written can also be logged with all it replaces. */
const mostBytes = 8_000;

export function isOversize(value: Value): boolean {
  // A unit takes three bytes at most.
  return typeof value === 'string' && value.length * 3 > mostBytes && bytesOf(value) > mostBytes;
}

/** What a system counts when it says how long a text may be. */
export const lengthUnits = ['code-points', 'utf16', 'bytes'] as const;
export type LengthUnit = (typeof lengthUnits)[number];

const counting: Readonly<Record<LengthUnit, (text: string) => number>> = {
  'code-points': (text) => Array.from(text).length,
  utf16: (text) => text.length,
  bytes: bytesOf,
};

export function lengthOf(text: string, unit: LengthUnit = 'code-points'): number {
  return counting[unit](text);
}
