import * as z from 'zod';

const AsRead = z
  .unknown()
  .optional()
  .meta({
    description: 'May be sent back as it was read: no request sets it.',
    override: { readOnly: true },
  });

/** What an answer has beside what its PUT or PATCH takes: a thing that was read can be changed and sent back whole. */
export function asRead<Name extends string>(...names: readonly Name[]): Record<Name, typeof AsRead> {
  return Object.fromEntries(names.map((name) => [name, AsRead])) as Record<Name, typeof AsRead>;
}
