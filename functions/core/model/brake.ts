/**
 * Harm is rationed before it is done: a connection has an allowance per kind of act and UTC day, counted in links. What
 * exceeds it is withheld, and the run that withheld it ends with the brake set (docs/engine-spec.md, "Brakes").
 */
import * as z from 'zod';
import { Side } from './side.ts';

/** `blanks`: a blank over a value, on either side. `breaks`: a link broken because a record is gone or merged. */
export const actKinds = ['blanks', 'breaks'] as const;
export const ActKind = z.enum(actKinds);
export type ActKind = z.infer<typeof ActKind>;

/** So many links, or that share of the connection's links, whichever is more. */
export const Allowance = z.strictObject({
  links: z.number().int().min(0).max(1_000_000),
  share: z.number().min(0).max(1),
});
export type Allowance = z.infer<typeof Allowance>;

/** What an administrator set; a kind that it does not name has the standard one. */
export const Allowances = z.partialRecord(ActKind, Allowance);
export type Allowances = z.infer<typeof Allowances>;

const standard: Readonly<Record<ActKind, Allowance>> = {
  blanks: { links: 10, share: 0.001 },
  breaks: { links: 3, share: 0.001 },
};

/** How many links may meet an act of the kind on one day, for a connection of so many links. */
export function limitOf(kind: ActKind, allowances: Allowances | undefined, links: number): number {
  const { links: least, share } = allowances?.[kind] ?? standard[kind];
  return Math.max(least, Math.floor(share * links));
}

/**
 * `allowance`: the day's allowance is used up. `braked`: a brake stands. `not-readable`: our user may not read the field,
 * so that its blank proves nothing.
 */
const WithheldReason = z.enum(['allowance', 'braked', 'not-readable']);
export type WithheldReason = z.infer<typeof WithheldReason>;

/** What the last look at a link withheld: field keys for blanks, none for a break. */
const WithheldAct = z.object({ fields: z.array(z.string()), reason: WithheldReason });

/** `resync`: the side whose blanks a resync meant to let win: what a person answers to is that, whatever kind of run carries it out. */
export const Withheld = z.partialRecord(ActKind, WithheldAct.extend({ resync: Side.optional() }));
export type Withheld = z.infer<typeof Withheld>;

export const mostExamples = 20;

/** A link that a brake holds back, without its values. */
export const BrakeExample = WithheldAct.extend({ linkId: z.string() });
export type BrakeExample = z.infer<typeof BrakeExample>;

const BrakeAnswer = z.object({
  kind: z.enum(['continue', 'drop']),
  /** The run that carries it out; once that has ended or stalled, the brake can be answered again. */
  runId: z.string(),
  at: z.string(),
  caller: z.string(),
  /** How many links that run lets through. */
  limit: z.number().int(),
});
export type BrakeAnswer = z.infer<typeof BrakeAnswer>;

/** Stands on a connection until nothing of its kind is withheld any more. */
export const Brake = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  kind: ActKind,
  /** The run that was stopped by it. */
  runId: z.string(),
  at: z.string(),
  /** Links whose act is withheld, and some of them. */
  withheld: z.number().int(),
  examples: z.array(BrakeExample).max(mostExamples),
  answer: BrakeAnswer.optional(),
  revision: z.number().int(),
});
export type Brake = z.infer<typeof Brake>;
