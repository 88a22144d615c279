import * as z from 'zod';
import { errorKinds, longestExplanation } from '../errors.ts';
import { cutToBytes } from '../values/cut-to-bytes.ts';
import { At } from './at.ts';
import type { FailureReason } from './failure-reason.ts';
import { NamesOfPair } from './record-names.ts';
import type { Side } from './side.ts';

/** The most of all texts of a failure together, in bytes: it has to be storable. */
const mostTextBytes = 240_000;

export const SyncErrorKind = z
  .enum(errorKinds)
  .meta({ id: 'FailureKind', description: 'A kind of failure; the words are those of `type` of a problem.' });

/** Why one field of a link is left alone. */
export const FieldTrouble = z.object({
  field: z.string().meta({ description: 'The mapped field, `erpField~crmField`.', examples: ['VATNO~vatNo'] }),
  kind: SyncErrorKind,
  reason: z.string().meta({ description: 'A stable word for why it is left alone.', examples: ['too-long'] }),
  explanation: z.string().optional().describe('The own words of the system.'),
  forms: z
    .object({ crm: z.string().nullable(), erp: z.string().nullable() })
    .optional()
    .describe('Both forms, where the two systems re-format a value in turn.'),
  firstAt: At,
});
export type FieldTrouble = z.infer<typeof FieldTrouble>;

/**
 * Something that needs attention: a link with its fields, a connection, a list of changes, or a message that could not be
 * handled. Open until dismissed or closed by a later success.
 */
export const Failure = z.object({
  tenantId: z.string(),
  id: z
    .string()
    .describe('The id of the link it is about, or made of connection and list: the same trouble is one failure.'),
  connectionId: z.string(),
  linkId: z.string().optional(),
  crmType: z
    .string()
    .optional()
    .meta({ description: 'Of the link, and so on below.', examples: ['company'] }),
  crmKey: z
    .string()
    .optional()
    .meta({ description: 'Key of the CRM record.', examples: ['317'] }),
  actorType: z
    .string()
    .optional()
    .meta({ examples: ['customer'] }),
  erpKey: z
    .string()
    .optional()
    .meta({ description: 'Key of the ERP actor.', examples: ['1042'] }),
  ...NamesOfPair.shape,
  runId: z.string().optional().describe('The run that met it last.'),
  kind: SyncErrorKind,
  /** `fieldsReason` where the link as a whole is well. */
  reason: z.string().meta({ description: 'A stable word for why.', examples: ['fields-left-alone'] }),
  explanation: z
    .string()
    .optional()
    .meta({ description: 'The own words of the system.', examples: ['Invalid VAT number'] }),
  fields: z
    .array(FieldTrouble)
    .describe('Fields of the link that are left alone; of drift those that changed, `{actor type}.{side}.{field}`.'),
  attempts: z.number().int(),
  firstAt: At.describe('When the trouble began, however often it was tried since.'),
  lastAt: At,
  nextAttemptAt: At.optional().describe('When polls try again by themselves, where they do.'),
});
export type Failure = z.infer<typeof Failure>;

/** The reason of a failure that is about fields of its link only. */
export const fieldsReason = 'fields-left-alone' satisfies FailureReason;

/** The reason of the failure of an actor type that is set aside. */
export const typeAsideReason = 'actor-type-suspended' satisfies FailureReason;

/** The reason of the failure of a connection whose fields drifted (`field-drift.ts`). */
export const driftReason = 'fields-drifted' satisfies FailureReason;

/** The one failure of a link. */
export function linkFailureId(linkId: string): string {
  return linkId;
}

/** The failure of a list of changes that cannot be read. */
export function chainFailureId(connectionId: string, chain: string): string {
  return `${connectionId}.${chain.replace(':', '.')}`;
}

/** The failure of a suspended connection. */
export function connectionFailureId(connectionId: string): string {
  return `${connectionId}.suspended`;
}

/** The failure of a brake that stands. */
export function brakeFailureId(connectionId: string, kind: string): string {
  return `${connectionId}.brake.${kind}`;
}

/** The failure of a connection whose sign-in on one side has to wait. */
export function signInFailureId(connectionId: string, side: Side): string {
  return `${connectionId}.sign-in-${side}`;
}

/** The failure of an actor type that is set aside. */
export function actorTypeFailureId(connectionId: string, actorType: string): string {
  return `${connectionId}.${actorType}.suspended`;
}

/** The failure of a connection whose fields drifted. */
export function driftFailureId(connectionId: string): string {
  return `${connectionId}.drift`;
}

/** What there is to say of a trouble met at `at`; `attempts` is 1 unless told. */
export interface Trouble extends Omit<Failure, 'attempts' | 'firstAt' | 'lastAt' | 'fields' | 'reason'> {
  readonly reason: FailureReason;
  readonly at: string;
  readonly attempts?: number | undefined;
  /** When it began, where that was not at `at`: its first attempts opened no failure. */
  readonly since?: string | undefined;
}

/** A failure as it is opened. */
export function failureOf({ at, since = at, attempts = 1, ...trouble }: Trouble): Failure {
  return withFittingTexts({ ...trouble, fields: [], attempts, firstAt: since, lastAt: at });
}

/** The same trouble met again: it began when it began. */
export function failureAgain(before: Failure | undefined, now: Failure): Failure {
  return before ? { ...now, firstAt: before.firstAt, attempts: before.attempts + now.attempts } : now;
}

/** Too long texts are cut; the more fields, the shorter. */
export function withFittingTexts(failure: Failure): Failure {
  const { fields, explanation } = failure;
  const most = Math.min(longestExplanation, Math.floor(mostTextBytes / (3 * Math.max(1, fields.length))));
  const cut = <T extends string | null | undefined>(text: T) => (text ? cutToBytes(text, most) : text);
  return {
    ...failure,
    explanation: explanation ? cutToBytes(explanation, longestExplanation) : undefined,
    fields: fields.map((one) => ({
      ...one,
      explanation: one.explanation ? cutToBytes(one.explanation, most) : undefined,
      forms: one.forms && { crm: cut(one.forms.crm), erp: cut(one.forms.erp) },
    })),
  };
}

/** Which troubles are meant; those of all kinds and reasons where none is given. */
export interface TroubleFilter {
  readonly kind?: Failure['kind'] | undefined;
  readonly reason?: string | undefined;
}

export function isMeant({ kind, reason }: Pick<Failure, 'kind' | 'reason'>, meant: TroubleFilter): boolean {
  return (meant.kind ?? kind) === kind && (meant.reason ?? reason) === reason;
}

/** Those of its fields that are meant; `fieldsReason` names them all. */
export function fieldsMeant({ fields }: Failure, meant: TroubleFilter): FieldTrouble[] {
  return fields.filter((one) => isMeant(one, meant) || isMeant({ ...one, reason: fieldsReason }, meant));
}
