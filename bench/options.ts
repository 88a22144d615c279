import { parseArgs } from 'node:util';

export const partNames = ['engine', 'calls', 'latency', 'client', 'lanes', 'bundles', 'cost'] as const;
export type PartName = (typeof partNames)[number];

export interface Options {
  readonly parts: readonly PartName[];
  readonly check: boolean;
  readonly update: boolean;
  readonly report: boolean;
}

/** What comes after `npm run bench --`; throws one sentence. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      check: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const { only = [], check, update, report } = values;
  const strange = only.find((name) => !partNames.some((known) => known === name));
  if (strange !== undefined) throw new Error(`There is no part ${strange}: they are ${partNames.join(', ')}.`);
  return { parts: partNames.filter((name) => only.length === 0 || only.includes(name)), check, update, report };
}
