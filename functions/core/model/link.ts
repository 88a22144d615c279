import * as z from 'zod';
import { Value } from '../values/value.ts';
import { ActorType, CrmType } from './actor-type.ts';
import { At } from './at.ts';
import { Withheld } from './brake.ts';
import { RecordNames } from './record-names.ts';
import { Side } from './side.ts';

export const linkStates = ['pending', 'active', 'paused', 'broken', 'disconnected'] as const;
export const LinkState = z.enum(linkStates).meta({
  id: 'LinkState',
  description:
    '`pending`: never agreed yet. `active`: kept in agreement. `paused`: a record is archived, or a break was dropped. `broken`: a record is gone or was merged. `disconnected`: by a person.',
});
export type LinkState = z.infer<typeof LinkState>;

/** Legal moves. A paused or broken link keeps its claims; a disconnected one gave them back. */
export const linkMoves: Readonly<Record<LinkState, readonly LinkState[]>> = {
  pending: ['active', 'paused', 'broken', 'disconnected'],
  active: ['paused', 'broken', 'disconnected'],
  paused: ['pending', 'active', 'broken', 'disconnected'],
  broken: ['pending', 'paused', 'disconnected'],
  disconnected: ['pending'],
};

/** Only these are written. */
export function isLive(state: LinkState): boolean {
  return state === 'pending' || state === 'active';
}

/** Found by changes and by compare, and looked at: a paused or broken link is so seen to be live again. */
export function isWatched(state: LinkState): boolean {
  return state !== 'disconnected';
}

/** A value in both forms: as the CRM holds it, as the ERP holds it. */
export const BothForms = z
  .object({ crm: Value, erp: Value })
  .describe('A value as the CRM holds it, and as the ERP does.');
export type BothForms = z.infer<typeof BothForms>;

/** Why a field is left alone until something it depends on changes. */
export const ParkedField = z.object({
  side: Side.describe('The side that would have been written.'),
  fingerprint: z.string().describe('Of the value and the mapping that were refused: another one is tried again.'),
  item: z.string().optional().describe('With `unmapped-list-item`: the item of the other side that it waits for.'),
  reason: z
    .enum(['too-long', 'unmapped-list-item', 'not-convertible', 'not-transformable', 'read-only', 'refused-by-system'])
    .describe('Why it was refused.'),
});
export type ParkedField = z.infer<typeof ParkedField>;

/** Why a field waits for a person. */
export const heldReasons = ['asked', 'choice-void', 'decision-refused', 'reformatted-in-turn', 'dropped'] as const;

/** What the link remembers of one mapped field; keyed by ERP field and CRM field together (`fieldKey`). */
export const FieldState = z.object({
  /** The base of the three-way merge. */
  agreed: BothForms.optional().describe('The value that both last agreed on; absent before the first agreement.'),
  parked: ParkedField.optional().describe('It was refused, and is left alone until the value or the mapping changes.'),
  /**
   * An unsettled write was overtaken by somebody's edit. `moved`: the value differs from what we read, so the field counts
   * as changed on both sides; `unclear`: it may be theirs or ours. Either way the next write logs what it replaces.
   */
  overtaken: z
    .enum(['moved', 'unclear'])
    .optional()
    .describe('A write met an edit of somebody else: of another value (`moved`), or perhaps of the same (`unclear`).'),
  /** `rounds` counts such writes in turn, so that two re-formatting systems stop. */
  unproven: z
    .object({ side: Side, rounds: z.number().int().describe('How many writes in turn.') })
    .optional()
    .describe('The answer to the last write did not say what was stored.'),
  reformed: z
    .object({
      side: Side,
      sent: z.string().describe('Of what was sent.'),
      as: z.string().describe('Of what it was made.'),
    })
    .optional()
    .describe('What a system once made of a value that it was sent: fingerprints of both.'),
  /** A system stored something other than what it was sent, a person chose so at connect, or neither form could be told from an edit. */
  differs: z
    .boolean()
    .optional()
    .describe('Both sides stay as they are although they do not agree, until both do or a write replaces one.'),
  /** Of a group, all that would have gone with the blank. */
  keptBack: z.boolean().optional().describe('It differs because a blank may not replace a value.'),
  untravelled: z
    .boolean()
    .optional()
    .describe('It differs, and its value may be an edit that never travelled: the next write logs what it replaces.'),
  held: z
    .enum(heldReasons)
    .optional()
    .describe(
      'It waits for a person: by its policy (`asked`), because a choice was made on values that have changed (`choice-void`), because two systems re-format it in turn (`reformatted-in-turn`), or because a brake was answered so (`dropped`).',
    ),
  heldOn: z.string().optional().describe('Fingerprint of both values that it is held with.'),
  heldSince: At.optional(),
  dismissed: z.boolean().optional().describe('Its failure was taken off the list.'),
});
export type FieldState = z.infer<typeof FieldState>;

/** One write of an intent: enough to settle it after a crash without knowing the plan. */
export const IntendedWrite = z.object({
  field: z.string(),
  erpField: z.string(),
  crmField: z.string(),
  side: Side,
  /** The value read on `side`, which the write replaces. */
  replaces: Value,
  /** The value sent to `side`. */
  sends: Value,
  /** The value read on the other side. */
  source: Value,
  base: BothForms.optional(),
  /** Rule of the plan, for the log. */
  rule: z.string(),
  conflict: z.boolean(),
});
export type IntendedWrite = z.infer<typeof IntendedWrite>;

/** Stored on the link before the first write; its expiry is the lease. */
export const Intent = z.object({
  token: z.string(),
  runId: z.string(),
  chunkId: z.string(),
  /** Our clock, milliseconds. While it lies ahead its worker may still be writing; after it that worker is dead. */
  expiresAtMs: z.number(),
  /** Versions read on both sides, and each server's clock at that read (milliseconds since 1970). */
  versions: z.object({ crm: z.string(), erp: z.string() }),
  readAtMs: z.object({ crm: z.number(), erp: z.number() }),
  writes: z.array(IntendedWrite),
});
export type Intent = z.infer<typeof Intent>;

/**
 * The state of a record that a look has dealt with: a listed record that shows exactly this needs no look. `changedAtMs`:
 * its stamp, by its server's clock, unless it is of our own write.
 */
export const SeenState = z.object({ version: z.string(), values: z.string(), changedAtMs: z.number().optional() });
export type SeenState = z.infer<typeof SeenState>;

/** The value the user chose to keep at connect; `fingerprint` covers both values it was chosen on. */
export const Choice = z.object({
  side: Side,
  fingerprint: z.string(),
  /** Made later, on a held field. */
  resolves: z.boolean().optional(),
  /** Made on a conflict that a person was asked about: what was agreed before it, for the log. */
  asked: z.object({ base: BothForms.optional() }).optional(),
  /** A value of the person's own instead of a side: in both forms, with fingerprints of the values that it replaces. */
  entered: z.object({ to: BothForms, saw: z.object({ crm: z.string(), erp: z.string() }) }).optional(),
});
export type Choice = z.infer<typeof Choice>;

/** The two records a link joins: type, the record table that the type lives in, and the key its system gave it. */
export const LinkEnds = z.object({
  crm: z.object({ type: CrmType, table: z.string(), key: z.string() }),
  erp: z.object({ type: ActorType, table: z.string(), key: z.string() }),
});
export type LinkEnds = z.infer<typeof LinkEnds>;

export const LinkStateReason = z.enum([
  'crm-record-gone',
  'erp-actor-gone',
  'crm-record-merged',
  'erp-actor-merged',
  'crm-record-archived',
  'erp-actor-archived',
  'erp-actor-outside-filter',
  'dropped',
]);
export type LinkStateReason = z.infer<typeof LinkStateReason>;

export const Link = z.object({
  tenantId: z.string(),
  id: z.string(),
  connectionId: z.string(),
  ends: LinkEnds,
  names: RecordNames.optional(),
  state: LinkState,
  stateReason: LinkStateReason.optional().describe('Why it is paused or broken.'),
  mergedInto: z
    .string()
    .optional()
    .describe('Key of the record that took the place of a merged one, where its system says which.'),
  /** Goes up by one with every stored change; the condition of every write. */
  revision: z.number().int(),
  fieldStates: z.record(z.string(), FieldState),
  /** The form version of each side that its agreed values are in; absent = 1. */
  forms: z.object({ crm: z.number().int(), erp: z.number().int() }).optional(),
  choices: z.record(z.string(), Choice),
  seen: z.object({ crm: SeenState.optional(), erp: SeenState.optional() }),
  intent: Intent.optional(),
  /** Its CRM record has, or had, links of other connections too (`crm-record.ts`). */
  shared: z.boolean().optional(),
  /**
   * Another connection was resynchronised to the CRM record and on to all others: at the next look the CRM's values win in
   * the CRM fields that it brought, unless that was too long ago.
   */
  resyncsFromCrm: z.object({ noBlanks: z.boolean(), fields: z.array(z.string()), at: z.string() }).optional(),
  /** Acts that the last look withheld; counted with the link's state. */
  withheld: Withheld.optional(),
  /** Changed together with them. */
  openFailures: z.array(z.string()).describe('Ids of its open failures.'),
  createdAt: At,
  createdBy: z.string().describe('The API key that linked them.'),
  lastSyncedAt: At.optional().describe('When a look at both records last ended well.'),
  erasedAt: At.optional().describe('When the data of its person was erased, here and in its log.'),
  /** Ids of the last runs that counted the link as changed, newest first. */
  countedIn: z.array(z.string()).optional(),
});
export type Link = z.infer<typeof Link>;

/** A link without what may stand beside it: enough to list it, and to see whether it is to be looked at. */
export const LinkHead = Link.omit({ intent: true, fieldStates: true }).extend({
  intent: Intent.pick({ token: true, expiresAtMs: true }).optional(),
  fieldStates: z.record(z.string(), FieldState.omit({ agreed: true })),
});
export type LinkHead = z.infer<typeof LinkHead>;
/** A field of it is agreed to differ. */
export function isDiffering({ fieldStates }: Pick<Link, 'fieldStates'>): boolean {
  return Object.values(fieldStates).some((state) => state.differs);
}

/** The pair of records as callers and the log name it. */
export function pairOf({ ends: { crm, erp }, names }: Pick<Link, 'ends' | 'names'>) {
  const ofCrm = { crmType: crm.type, crmKey: crm.key, crmName: names?.crm };
  return { ...ofCrm, actorType: erp.type, erpKey: erp.key, erpName: names?.erp };
}

/** Key of a mapped field in link state, choices, plans and the log. */
export function fieldKey(mapped: { erpField: string; crmField: string }): string {
  return `${mapped.erpField}~${mapped.crmField}`;
}

/** Disconnected, and without any value or mark of one. */
export function withoutData(link: Link, erasedAt: string): Link {
  const { tenantId, id, connectionId, ends, revision, createdAt, createdBy, lastSyncedAt, countedIn } = link;
  return {
    ...{ tenantId, id, connectionId, ends, revision, createdAt, createdBy, lastSyncedAt, countedIn, erasedAt },
    ...{ state: 'disconnected', fieldStates: {}, choices: {}, seen: {}, openFailures: [] },
  };
}
