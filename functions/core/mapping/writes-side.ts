import type { Side } from '../model/side.ts';
import type { Direction } from './mapping.ts';

/** Whether values of a field mapped in this direction are written to that side. */
export function writesSide(direction: Direction, side: Side): boolean {
  return direction === 'both' || direction === (side === 'crm' ? 'toCrm' : 'toErp');
}
