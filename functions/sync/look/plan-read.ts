import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import { type Plan, type PlannedSide, planLink } from '../../core/merge/plan.ts';
import type { KeptBack } from '../../core/merge/withhold.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { OpenEnds } from '../open-ends.ts';

function plannedSide({ values, changedAtMs, lastWriterIsUs = false }: RecordState): PlannedSide {
  return { values, time: changedAtMs === undefined ? undefined : { changedAtMs, lastWriterIsUs } };
}

/** The plan for one link, from both records as they were read. */
export function planRead(context: OpenEnds, link: Link, records: BySide<RecordState>): Plan {
  return planLink({
    ...bySide((side) => plannedSide(records[side])),
    fieldStates: link.fieldStates,
    choices: link.choices,
    mapping: mappedFields(context.setup, link.ends.erp.type),
    policy: context.policy,
    timeResolutionMs: bySide((side) => context.capabilities[side].timeResolutionMs),
  });
}

/** A link with the plan that is to be carried out, and what it was made from. */
export interface PlannedLink extends KeptBack {
  readonly link: Link;
  readonly records: BySide<RecordState>;
  readonly readAtMs: BySide<number>;
  readonly plan: Plan;
  /** The plan leaves writes out, for a next round. */
  readonly partial: boolean;
}
