import type { BySide } from '../model/by-side.ts';
import type { ChangeFacts } from '../model/field-change.ts';
import type { Plan } from './plan.ts';
import type { ReadRecord } from './seen.ts';
import type { SideAnswer } from './side-answer.ts';

/** What a look knows of one link once its writes are answered. */
export interface LookFacts extends ChangeFacts {
  readonly plan: Plan;
  readonly read: BySide<ReadRecord>;
  readonly answers: BySide<SideAnswer>;
  /** Fields of each side that the mapping covers: what `seen` speaks of. */
  readonly covered: BySide<readonly string[]>;
  /** The plan leaves writes out, for a next round. */
  readonly partial?: boolean;
}
