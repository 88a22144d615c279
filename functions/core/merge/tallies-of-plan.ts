import type { FieldMapping } from '../mapping/mapping.ts';
import { fieldKey } from '../model/link.ts';
import { type Tallies, tallies } from '../model/proposal.ts';
import { sides } from '../model/side.ts';
import type { Plan } from './plan.ts';

/** The places of fields in a mapping, by field key. */
export function placesOf(rows: readonly FieldMapping[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row, at) => [fieldKey(row), at]));
}

/** What the plan of one link adds to the tallies of a proposal: each field and each side counts once. */
export function talliesOfPlan({ fields }: Plan, places: ReadonlyMap<string, number>): Tallies {
  const names = fields.flatMap(({ field, write, rule, parked, state }) => {
    const row = places.get(field);
    if (row === undefined) return [];
    if (write) return [tallies.written(row, write.side)];
    const reason = parked?.reason ?? state.parked?.reason;
    return rule === 'refused' && reason ? [tallies.refused(row, reason)] : [];
  });
  const written = sides.filter((side) => fields.some(({ write }) => write?.side === side));
  return Object.fromEntries([...names, ...written.map(tallies.records)].map((name) => [name, 1]));
}
