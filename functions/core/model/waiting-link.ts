import * as z from 'zod';
import { ActorType } from './actor-type.ts';
import type { Link } from './link.ts';
import { Side } from './side.ts';

/** A list item that a field of a link waits for: it has no counterpart on the side that would be written. */
export const WaitsFor = z.object({
  /** Field key (`fieldKey`). */
  field: z.string(),
  /** Side that would be written; the item is of the other. */
  side: Side,
  item: z.string(),
});
export type WaitsFor = z.infer<typeof WaitsFor>;

/** A link that waits for list items to be mapped. */
export const WaitingLink = z.object({
  linkId: z.string(),
  actorType: ActorType,
  waits: z.array(WaitsFor),
});
export type WaitingLink = z.infer<typeof WaitingLink>;

/** What a link waits for, as it remembers it; a disconnected one waits for nothing. */
export function waitsOf({ state, fieldStates }: Pick<Link, 'state' | 'fieldStates'>): WaitsFor[] {
  if (state === 'disconnected') return [];
  return Object.entries(fieldStates).flatMap(([field, { parked }]) => {
    if (parked?.reason !== 'unmapped-list-item' || parked.item === undefined) return [];
    return [{ field, side: parked.side, item: parked.item }];
  });
}
