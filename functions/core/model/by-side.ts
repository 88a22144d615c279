import type { Side } from './side.ts';

/** One thing of each side. */
export type BySide<Thing> = Readonly<Record<Side, Thing>>;

export function bySide<Thing>(of: (side: Side) => Thing): BySide<Thing> {
  return { crm: of('crm'), erp: of('erp') };
}
