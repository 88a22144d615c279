import type { FieldPlan } from '../../core/merge/field-plan.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { withheldMark } from '../../core/merge/withheld-mark.ts';
import type { KeptBack } from '../../core/merge/withhold.ts';
import type { ActKind, Withheld, WithheldReason } from '../../core/model/brake.ts';
import { otherSide } from '../../core/model/side.ts';

/** The plan that may be carried out, and what it left out. */
export interface Guarded extends KeptBack {
  readonly plan: Plan;
}

function marksOf(fields: readonly FieldPlan[]): Record<string, string> {
  return Object.fromEntries(fields.flatMap((plan) => [[plan.field, withheldMark(plan) ?? '']]));
}

/** What the link remembers of fields that an act would have written; nothing of none. */
export function withheldOf(kind: ActKind, fields: readonly FieldPlan[], reason: WithheldReason): Withheld | undefined {
  if (fields.length === 0) return undefined;
  const resynced = fields.find(({ rule }) => rule === 'resync')?.write;
  const resync = resynced && otherSide(resynced.side);
  const sent = kind === 'blanks' ? undefined : marksOf(fields);
  return { [kind]: { fields: fields.map(({ field }) => field), reason, sent, resync } };
}
