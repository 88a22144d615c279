import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { CrmWriter } from '../../core/merge/crm-writers.ts';
import { inPresentForms } from '../../core/merge/form-version.ts';
import { type Plan, planLink } from '../../core/merge/plan.ts';
import type { PlanInput, PlannedSide } from '../../core/merge/plan-input.ts';
import { sideTime } from '../../core/merge/side-time.ts';
import type { KeptBack } from '../../core/merge/withhold.ts';
import { type BySide, bySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import type { Resync } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordState } from '../../ports/record-system.ts';
import type { OpenEnds } from '../open-ends.ts';

/** What the planner needs to know of both ends. */
export type PlanContext = Pick<OpenEnds, 'setup' | 'policy' | 'capabilities'>;

/** The plan for one link, from both records as they were read. */
export function planRead(
  context: PlanContext,
  stored: Link,
  {
    records,
    clockErrorMs,
    resync,
    crmWriters,
  }: {
    readonly records: BySide<RecordState>;
    readonly clockErrorMs: BySide<number>;
    readonly resync?: Resync | undefined;
    readonly crmWriters?: readonly CrmWriter[] | undefined;
  },
): Plan {
  const mapping = mappedFields(context.setup, stored.ends.erp.type);
  const link = inFormsRead(context, stored, records);
  const plannedSide = (side: Side): PlannedSide => ({
    values: records[side].values,
    // Told when it is asked for: only where both sides changed a field.
    get time() {
      return sideTime({
        record: records[side],
        seen: link.seen[side],
        covered: coveredFields(mapping, side),
        clockErrorMs: clockErrorMs[side],
        overtaken: Object.values(link.fieldStates).some((state) => state.overtaken !== undefined),
      });
    },
  });
  return planLink({
    ...bySide(plannedSide),
    fieldStates: link.fieldStates,
    choices: link.choices,
    mapping,
    policy: context.policy,
    timeResolutionMs: bySide((side) => context.capabilities[side].timeResolutionMs),
    resync,
    crmWriters,
    leftOfResync: leftOfResync(stored),
  });
}

/** What brakes withheld of a resync, whatever acts they were. */
function leftOfResync({ withheld = {} }: Link): PlanInput['leftOfResync'] {
  const left = Object.values(withheld).filter(({ resync }) => resync);
  const winner = left[0]?.resync;
  if (!winner) return undefined;
  const sent = Object.fromEntries(left.flatMap((act) => Object.entries(act.sent ?? {})));
  return { winner, fields: left.flatMap(({ fields }) => fields), sent };
}

/** The link with its agreed values in the forms that both records were read in; the same link if they are. */
export function inFormsRead({ setup, capabilities }: PlanContext, link: Link, records: BySide<RecordState>): Link {
  return inPresentForms(link, {
    mapping: mappedFields(setup, link.ends.erp.type),
    forms: bySide((side) => capabilities[side].formVersion),
    read: bySide((side) => records[side].values),
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
