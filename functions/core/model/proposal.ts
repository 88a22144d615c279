/**
 * A mapping as somebody would save it, stored beside the one dry run that plans by it. Always true: it takes the place of
 * the saved one in that run and nowhere else. Pure, so a crash leaves nothing. Attacked by
 * test/features/mappings/dry-run.test.ts.
 */
import * as z from 'zod';
import { ActorTypeMapping } from '../mapping/mapping.ts';
import { ActorType } from './actor-type.ts';
import type { Connection } from './connection.ts';
import { ActorTypeSetup, type ConnectionSetup } from './connection-setup.ts';
import type { Run } from './run.ts';
import { type Side, sides } from './side.ts';

export const Proposal = z.object({
  tenantId: z.string(),
  runId: z.string(),
  actorType: ActorType,
  mapping: ActorTypeMapping,
  /** What both systems say of the fields that it names; absent in those of an earlier version. */
  described: ActorTypeSetup.pick({ erpFields: true, crmFields: true }).optional(),
});
export type Proposal = z.infer<typeof Proposal>;

/** The set-up as it would be with the proposed mapping; list pairs are the saved ones. */
export function withProposal(setup: ConnectionSetup, { actorType, mapping, described }: Proposal): ConnectionSetup {
  const { active, fields, filter } = mapping;
  return {
    ...setup,
    actorTypes: setup.actorTypes.map((type) =>
      type.actorType === actorType ? { ...type, active, fields, filter, ...described } : type,
    ),
  };
}

/** Runs work while their connection is active; one of a proposal, which writes nothing, also before it is. */
export function mayWorkFor(
  { state, secretNeeded }: Pick<Connection, 'state' | 'secretNeeded'>,
  { proposed }: Pick<Run, 'proposed'>,
): boolean {
  return state === 'active' || (proposed === true && state === 'inactive' && !secretNeeded);
}

/** Up to so many records are named for a field. */
export const mostExamplesOfField = 3;

/**
 * What a run of a proposal counts besides its counters, in records; `row`: the place of the field in the proposed mapping.
 * Short, for they are attributes of the run.
 */
export const tallies = {
  written: (row: number, side: Side) => `write-${row}-${side}`,
  refused: (row: number, reason: string) => `refuse-${row}-${reason}`,
  records: (side: Side) => `records-${side}`,
  pause: 'pause',
  resume: 'resume',
} as const;
export type Tallies = Readonly<Record<string, number>>;

export function addTallies(one: Tallies, other: Tallies): Tallies {
  const sum: Record<string, number> = { ...one };
  for (const [name, amount] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

type Tallied =
  | { readonly row: number; readonly side: Side; readonly records: number }
  | { readonly row: number; readonly reason: string; readonly records: number };

/** Those that are of a field. */
export function talliesOfFields(counted: Tallies): Tallied[] {
  return Object.entries(counted).flatMap(([name, records]): Tallied[] => {
    const [kind, at, ...rest] = name.split('-');
    const row = Number(at);
    const what = rest.join('-');
    if (kind === 'refuse') return [{ row, reason: what, records }];
    const side = sides.find((one) => one === what);
    return kind === 'write' && side ? [{ row, side, records }] : [];
  });
}
