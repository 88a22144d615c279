import { type Side, sides } from '../model/side.ts';
import type { Direction } from './mapping.ts';

/** Whether values of a field mapped in this direction are written to that side. */
export function writesSide(direction: Direction, side: Side): boolean {
  return direction === 'both' || direction === (side === 'crm' ? 'toCrm' : 'toErp');
}

/** The only side that is written; nothing where both are, or none. */
export function onlyTarget(direction: Direction): Side | undefined {
  const [target, other] = sides.filter((side) => writesSide(direction, side));
  return other === undefined ? target : undefined;
}
