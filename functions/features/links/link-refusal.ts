import { mostLinksOfCrmRecord } from '../../core/model/crm-record.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { ConnectResult } from '../../ports/links.ts';
import type { LinkRead, NotRead } from '../../sync/look/read-both.ts';
import type { Caller } from '../api-keys/authenticate.ts';

const ofRead = {
  missing: { crm: 'crm-record-missing', erp: 'erp-actor-missing' },
  unreadable: { crm: 'crm-record-not-readable', erp: 'erp-actor-not-readable' },
  merged: { crm: 'crm-record-merged', erp: 'erp-actor-merged' },
  archived: { crm: 'crm-record-archived', erp: 'erp-actor-archived' },
} as const;

const ofClaim = {
  'erp-actor': 'erp-actor-linked',
  'crm-record': 'crm-record-linked',
  'crm-record-full': 'crm-record-linked-too-often',
} as const;

type Reason =
  | (typeof ofRead)[keyof typeof ofRead][Side]
  | (typeof ofClaim)[keyof typeof ofClaim]
  | 'erp-actor-outside-filter';

/** Why a pair was not connected; `takenBy` is the link that stands in the way, `mergedInto` the record to connect instead. */
export interface LinkRefusal {
  readonly reason: Reason;
  readonly takenBy?: string | undefined;
  readonly mergedInto?: string | undefined;
  /** Why it cannot be read, in the words of its system. */
  readonly explanation?: string | undefined;
}

/** What a refused claim means to people. */
export function refusalOfClaim(taken: Extract<ConnectResult, { result: 'taken' }>): LinkRefusal {
  return { reason: ofClaim[taken.by], takenBy: taken.takenBy };
}

/** Of links through other connections, which may be out of their reach, users are told nothing. */
export function toldTo({ role }: Pick<Caller, 'role'>, refusal: LinkRefusal): LinkRefusal {
  const isOfOthers = refusal.reason === 'crm-record-linked-too-often';
  return role === 'user' && isOfOthers ? { ...refusal, takenBy: undefined } : refusal;
}

const erpFirst = sides.toReversed();

/** Why these two records cannot be joined; nothing if both are there and in use. */
export function refusalOfRead(read: LinkRead | NotRead): LinkRefusal | undefined {
  if ('error' in read) return { reason: ofRead.unreadable[read.side], explanation: read.error.explanation };
  const { records } = read;
  const missing = erpFirst.find((side) => !records[side]);
  if (missing) return { reason: ofRead.missing[missing] };
  for (const side of erpFirst) {
    const standing = records[side]?.standing;
    if (standing?.kind === 'merged') return { reason: ofRead.merged[side], mergedInto: standing.into };
    if (standing?.kind === 'outside') return { reason: 'erp-actor-outside-filter' };
    if (standing) return { reason: ofRead.archived[side] };
  }
  return undefined;
}

const texts: Readonly<Record<Reason, string>> = {
  'erp-actor-missing': 'The ERP has no such actor',
  'crm-record-missing': 'The CRM has no such record',
  'erp-actor-not-readable': 'The ERP does not let us read this actor',
  'crm-record-not-readable': 'The CRM does not let us read this record',
  'erp-actor-merged': 'The ERP actor was merged into another one',
  'crm-record-merged': 'The CRM record was merged into another one',
  'erp-actor-archived': 'The ERP actor is archived',
  'crm-record-archived': 'The CRM record is archived',
  'erp-actor-outside-filter': 'The ERP actor is outside the record filter of its actor type',
  'erp-actor-linked': 'The ERP actor is linked already',
  'crm-record-linked': 'The CRM record is linked already',
  'crm-record-linked-too-often': `The CRM record has links of ${mostLinksOfCrmRecord} connections, the most there can be`,
};

/** Without the words of a system: this becomes a message, and messages are logged. */
export function refusalText({ reason, takenBy, mergedInto }: LinkRefusal): string {
  if (takenBy !== undefined) {
    const how = reason === 'crm-record-linked-too-often' ? 'one of them is' : 'by';
    return `${texts[reason]}, ${how} link ${takenBy}`;
  }
  return mergedInto === undefined ? texts[reason] : `${texts[reason]}: ${mergedInto}`;
}

const linked = 'Use that link as it is, or disconnect it (`DELETE /v1/links/{id}`) before another one is made.';

/** What somebody can do who wants the two records linked. */
const remedies: Readonly<Record<Reason, string>> = {
  'erp-actor-missing':
    'Look for it in the ERP (`GET /v1/connections/{id}/actors/{type}`) and send the key that stands there.',
  'crm-record-missing': 'Look for it in the CRM and send the key of a record that is there.',
  'erp-actor-not-readable': 'Give the user of the connection the right to read it in the ERP, then try again.',
  'crm-record-not-readable': 'Give the user of the system token the right to read it in the CRM, then try again.',
  'erp-actor-merged': 'Link the actor that took its place.',
  'crm-record-merged': 'Link the record that took its place.',
  'erp-actor-archived': 'Take it into use again in the ERP, or link another actor.',
  'crm-record-archived': 'Take it into use again in the CRM, or link another record.',
  'erp-actor-outside-filter':
    'Change the actor so that the filter takes it, or the `filter` of the mapping, or link another actor.',
  'erp-actor-linked': linked,
  'crm-record-linked': linked,
  'crm-record-linked-too-often': 'Disconnect its link of another connection (`DELETE /v1/links/{id}`) first.',
};

/** What happened, and what to do where the two shall be linked; whole sentences. */
export function refusalToLink(refusal: LinkRefusal): string {
  return `${refusalText(refusal)}. ${remedies[refusal.reason]}`;
}

/** As callers of the API see it. */
export function refusalView(refusal: LinkRefusal) {
  const { reason, takenBy, mergedInto, explanation } = refusal;
  return {
    reason,
    message: `${refusalText(refusal)}.`,
    remedy: remedies[reason],
    holder: takenBy,
    mergedInto,
    explanation,
  };
}
