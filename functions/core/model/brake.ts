/**
 * Harm is rationed before it is done: a connection has an allowance per kind of act and UTC day, counted in links. What
 * exceeds it is withheld, and the run that withheld it ends with the brake set (docs/engine-spec.md, "Brakes").
 */
import * as z from 'zod';
import { ActorType } from './actor-type.ts';
import { At } from './at.ts';
import { Side } from './side.ts';

/** So many links, or that share of the connection's links, whichever is more. */
export const Allowance = z
  .strictObject({
    links: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'So many links a day …', examples: [25] }),
    share: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: "… or that share of the connection's links, whichever is more.", examples: [0.001] }),
  })
  .meta({ id: 'Allowance', description: 'How many links may meet an act of a kind on one UTC day.' });
export type Allowance = z.infer<typeof Allowance>;

/** What there is to know of a kind of act; a new kind is a row, and whoever takes it. */
interface KindFacts {
  readonly standard: Allowance;
  /** What the links that it holds back would meet, for people. */
  readonly told: string;
}

/**
 * `blanks`: a blank over a value, on either side. `breaks`: a link broken because a record is gone or merged. `uniform`: one
 * text over many different ones. `swaps`: fields that get one another's values. `refusals`: writes that a system refuses
 * link after link.
 */
const kinds = {
  blanks: { standard: { links: 10, share: 0.001 }, told: 'links would have values overwritten with blanks' },
  breaks: { standard: { links: 3, share: 0.001 }, told: 'links would be broken because a record is gone or merged' },
  uniform: {
    standard: { links: 20, share: 0.001 },
    told: 'links would have values of their own overwritten with one and the same',
  },
  swaps: {
    standard: { links: 10, share: 0.001 },
    told: 'links would have the values of their fields exchanged or moved into other fields',
  },
  refusals: {
    standard: { links: 50, share: 0.05 },
    told: 'links wait because what is written there was refused link after link',
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type ActKind = keyof typeof kinds;
export const actKinds = Object.keys(kinds) as readonly ActKind[];
export const ActKind = z.enum(actKinds).meta({
  id: 'ActKind',
  description:
    "What is rationed: `blanks` over values, links that would break (`breaks`), one text over many different ones (`uniform`), fields that get one another's values (`swaps`), writes that are refused link after link (`refusals`).",
});

export function toldOf(kind: ActKind): string {
  return kinds[kind].told;
}

/** Something for every kind. */
export function byKind<Of>(of: (kind: ActKind) => Of): Record<ActKind, Of> {
  return Object.fromEntries(actKinds.map((kind) => [kind, of(kind)])) as Record<ActKind, Of>;
}

/** None of any kind. */
export function noActs(): Record<ActKind, number> {
  return byKind(() => 0);
}

/** What an administrator set; a kind that it does not name has the standard one. */
export const Allowances = z.partialRecord(ActKind, Allowance);
export type Allowances = z.infer<typeof Allowances>;

/** The one that was set, or the standard one. */
export function allowanceOf(kind: ActKind, allowances: Allowances | undefined): Allowance {
  return allowances?.[kind] ?? kinds[kind].standard;
}

/**
 * How many links may meet an act of the kind on one day, for a connection of so many links; of `uniform`, how many
 * different values one text may replace in a field.
 */
export function limitOf(kind: ActKind, allowances: Allowances | undefined, links: number): number {
  const { links: least, share } = allowanceOf(kind, allowances);
  return Math.max(least, Math.floor(share * links));
}

/**
 * `allowance`: the day's allowance is used up. `braked`: a brake stands. `not-readable`: our user may not read the field,
 * so that its blank proves nothing.
 */
const WithheldReason = z.enum(['allowance', 'braked', 'not-readable']);
export type WithheldReason = z.infer<typeof WithheldReason>;

/**
 * What the last look at a link withheld: field keys, none for a break. `sent`: what tells the values again that would have
 * been sent (`withheldMark`), by field; not of blanks. `resync`: the side that a resync meant to let win: what a person answers
 * to is that, whatever kind of run carries it out.
 */
export const WithheldAct = z.object({
  fields: z.array(z.string()).meta({
    description: 'Mapped fields, `erpField~crmField`; none of a link that would break.',
    examples: [['PHONE~phone']],
  }),
  reason: WithheldReason.describe(
    '`allowance`: that of the day is used up. `braked`: a brake stands. `not-readable`: our user may not read the field.',
  ),
  sent: z.record(z.string(), z.string()).optional(),
  resync: Side.optional().describe('The side that a resync meant to let win.'),
});
export type WithheldAct = z.infer<typeof WithheldAct>;

export const Withheld = z.partialRecord(ActKind, WithheldAct);
export type Withheld = z.infer<typeof Withheld>;

export const mostExamples = 20;

/** A link that a brake holds back, without its values. */
export const BrakeExample = WithheldAct.omit({ resync: true }).extend({ linkId: z.string() });
export type BrakeExample = z.infer<typeof BrakeExample>;

const BrakeAnswer = z.object({
  kind: z.enum(['continue', 'drop']),
  runId: z
    .string()
    .describe('The run that carries it out; once that has ended or stalled, the brake can be answered again.'),
  at: At,
  caller: z.string().describe('The API key that answered.'),
  limit: z.number().int().describe('How many links that run lets through.'),
});
export type BrakeAnswer = z.infer<typeof BrakeAnswer>;

/** What a system refuses link after link: a field, or where it lets nobody write the records, whatever is written there. */
export const RefusedScope = z.object({
  side: Side,
  actorType: ActorType,
  field: z.string().optional().describe('Absent: whatever is written there.'),
});
export type RefusedScope = z.infer<typeof RefusedScope>;

/** Stands on a connection until nothing of its kind is withheld any more. */
export const Brake = z.object({
  tenantId: z.string(),
  connectionId: z.string(),
  kind: ActKind,
  runId: z
    .string()
    .describe(
      'The run that was stopped by it; of `refusals`, while nothing is withheld, the one that met them: it is not stopped.',
    ),
  at: At,
  withheld: z.number().int().describe('Links whose act is withheld.'),
  examples: z.array(BrakeExample).max(mostExamples).describe('Some of them.'),
  refused: z.array(RefusedScope).optional().describe('Of `refusals`: what is refused link after link.'),
  answer: BrakeAnswer.optional().describe('The answer that is being carried out.'),
  revision: z.number().int(),
});
export type Brake = z.infer<typeof Brake>;
