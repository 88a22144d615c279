/**
 * Fields of a plan that get one another's values: columns that an import exchanged or shifted. Values are followed on the
 * side they come from: a field has *moved* if it holds what another one held when both last agreed, and that one holds
 * something else by now. One move is a person's copy, and so are moves that nothing is handed on in, as of an old address
 * that is kept as a second one. Pure. Attacked by test/core/merge/swaps-in.test.ts.
 */
import { otherSide, type Side } from '../model/side.ts';
import { isBlank, type Value } from '../values/value.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Plan } from './plan.ts';

/** Types whose values are seldom the same by chance. */
const tellingTypes: readonly string[] = ['text', 'date', 'datetime'];
/** Shorter ones are too: codes, initials. */
const leastLength = 2;

function tellingText(value: Value | undefined): string | undefined {
  if (typeof value !== 'string' || isBlank(value)) return undefined;
  const text = value.normalize('NFC').trim().toLowerCase();
  return text.length < leastLength ? undefined : text;
}

interface Column {
  readonly plan: FieldPlan;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

function columnsOf({ fields }: Plan, from: Side): Column[] {
  return fields.flatMap((plan) => {
    if (!tellingTypes.includes(plan.mapped[from].type)) return [];
    return [{ plan, before: tellingText(plan.state.agreed?.[from]), now: tellingText(plan[from]) }];
  });
}

/** By key of the field on the side it comes from: which other field's value it has now. */
function movesTo(columns: readonly Column[], from: Side): Map<Column, Column> {
  const moves = new Map<Column, Column>();
  for (const to of columns) {
    if (to.plan.write?.side !== otherSide(from) || to.before === undefined || to.now === to.before) continue;
    const given = columns.find(
      ({ plan, before, now }) =>
        plan.mapped[from].key !== to.plan.mapped[from].key &&
        before === to.now &&
        before !== undefined &&
        now !== before,
    );
    if (given) moves.set(to, given);
  }
  return moves;
}

function swapsFrom(plan: Plan, from: Side): FieldPlan[] {
  const columns = columnsOf(plan, from);
  const moves = movesTo(columns, from);
  const givers = new Set(moves.values());
  // Handed on: some field gives its value away and gets that of another.
  if (![...moves.keys()].some((to) => givers.has(to)) || givers.size < 2) return [];
  return columns.filter((one) => moves.has(one)).map((one) => one.plan);
}

/** Fields whose write carries such a value over; what a person decided on just these values is no act of the engine's. */
export function swapsIn(plan: Plan): FieldPlan[] {
  return [...swapsFrom(plan, 'crm'), ...swapsFrom(plan, 'erp')].filter(
    ({ rule }) => rule !== 'resolved' && rule !== 'resolving',
  );
}
