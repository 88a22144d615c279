import { parseArgs } from 'node:util';

export const partNames = ['engine', 'calls', 'latency', 'client', 'lanes', 'bundles', 'cost'] as const;
export type PartName = (typeof partNames)[number];

export interface Options {
  readonly help: boolean;
  readonly parts: readonly PartName[];
  readonly check: boolean;
  readonly update: boolean;
  readonly report: boolean;
}

/** What comes after `npm run bench --`; throws one sentence. */
export function optionsOf(args: readonly string[]): Options {
  const { only = [], ...flags } = valuesOf(args);
  const strange = only.find((name) => !partNames.some((known) => known === name));
  if (strange !== undefined) throw new Error(`There is no part ${strange}: they are ${partNames.join(', ')}.`);
  return { ...flags, parts: partNames.filter((name) => only.length === 0 || only.includes(name)) };
}

function valuesOf(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { only: { type: 'string', multiple: true }, help: flag, check: flag, update: flag, report: flag },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : 'The options cannot be read.'} (see --help)`);
  }
}
