import * as z from 'zod';
import { Value } from '../values/value.ts';
import { BothForms, type Link, pairOf } from './link.ts';
import { Side } from './side.ts';

/** Who won and what lost. */
export const Conflict = z.object({
  winner: Side,
  /** What decided: the direction, the order of the connections (`sync-priority`), the policy, latest-wins' fallback; `overtaken` or `settled` where nothing did. */
  policy: z.string(),
  /** The last agreed values; absent at a first sync. */
  base: BothForms.optional(),
  crm: Value,
  erp: Value,
});
export type Conflict = z.infer<typeof Conflict>;

/** One row of the log: a field that the engine wrote, would write (dry run), or meant to write and met changed. */
export const FieldChange = z.object({
  tenantId: z.string(),
  id: z.string(),
  connectionId: z.string(),
  linkId: z.string(),
  runId: z.string(),
  at: z.string(),
  crmType: z.string(),
  crmKey: z.string(),
  actorType: z.string(),
  erpKey: z.string(),
  /** The version of the mapping that it was planned by. */
  mappingVersion: z.number().int().optional(),
  erpField: z.string(),
  crmField: z.string(),
  /** The side that was written. */
  side: Side,
  oldValue: Value,
  newValue: Value,
  /** What was sent, where the system stored something else: `newValue`. */
  sentValue: Value.optional(),
  /** Why: the planner's rule. */
  rule: z.string(),
  /** What the mapping made of the value on its way: the kind of its transform, or `constant`. */
  transform: z.string().optional(),
  /**
   * written · planned (dry run) · settled (found there after a crash) · overtaken (somebody else's value was met instead) ·
   * dropped (not written: a person's answer to a brake).
   */
  outcome: z.enum(['written', 'planned', 'settled', 'overtaken', 'dropped']),
  /** A person's data was erased: when and why is kept, and no value. */
  erased: z.literal(true).optional(),
  /** Present when a value that may be somebody's edit lost. */
  conflict: Conflict.optional(),
});
export type FieldChange = z.infer<typeof FieldChange>;

/** What all changes of one look have in common; every change gets an id of its own. */
export interface ChangeFacts {
  readonly link: Link;
  readonly runId: string;
  readonly at: string;
  readonly newId: () => string;
  readonly mappingVersion?: number | undefined;
}

type WhatChanged = Pick<
  FieldChange,
  'erpField' | 'crmField' | 'side' | 'oldValue' | 'newValue' | 'rule' | 'transform' | 'outcome' | 'conflict'
>;

export function fieldChangeOf(facts: ChangeFacts, what: WhatChanged): FieldChange {
  const { link, runId, at, newId, mappingVersion } = facts;
  const { tenantId, connectionId, id: linkId } = link;
  return { tenantId, id: newId(), connectionId, linkId, runId, at, ...pairOf(link), mappingVersion, ...what };
}

/** The change without the values: what is kept is when, which field, which side, why and by which run. */
export function withoutValues(change: FieldChange): FieldChange {
  const { sentValue: _sent, conflict, ...rest } = change;
  const lost = conflict && { winner: conflict.winner, policy: conflict.policy, crm: null, erp: null };
  return { ...rest, oldValue: null, newValue: null, erased: true, ...(lost && { conflict: lost }) };
}
