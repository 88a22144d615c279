import * as z from 'zod';
import { fingerprint } from '../values/fingerprint.ts';
import { Value } from '../values/value.ts';
import { At } from './at.ts';
import { BothForms, type Link, pairOf } from './link.ts';
import { NamesOfPair } from './record-names.ts';
import { Side } from './side.ts';

/** Who won and what lost. */
export const Conflict = z.object({
  winner: Side,
  policy: z.string().meta({
    description:
      "What decided: the direction (`one-way`), the order of the connections (`sync-priority`), the policy, or latest-wins' fallback; `overtaken` or `settled` where nothing did.",
    examples: ['latest-wins'],
  }),
  base: BothForms.optional().describe('The values last agreed; absent at a first sync.'),
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
  at: At,
  crmType: z.string().meta({ examples: ['company'] }),
  crmKey: z.string().meta({ description: 'Key of the CRM record.', examples: ['317'] }),
  ...NamesOfPair.shape,
  actorType: z.string().meta({ examples: ['customer'] }),
  erpKey: z.string().meta({ description: 'Key of the ERP actor.', examples: ['1042'] }),
  mappingVersion: z.number().int().optional().describe('The version of the mapping that it was planned by.'),
  erpField: z.string().meta({ examples: ['PHONE'] }),
  crmField: z.string().meta({ examples: ['phone'] }),
  side: Side.describe('The side that was written.'),
  oldValue: Value,
  newValue: Value,
  sentValue: Value.optional().describe('What was sent, where the system stored something else (`newValue`).'),
  /** The planner's. */
  rule: z.string().meta({ description: 'Why, as a stable word.', examples: ['changed-in-crm'] }),
  transform: z
    .string()
    .optional()
    .meta({
      description: 'What the mapping made of the value on its way: the kind of its transform, or `constant`.',
      examples: ['prefix'],
    }),
  outcome: z
    .enum(['written', 'planned', 'settled', 'overtaken', 'dropped'])
    .describe(
      "`planned`: of a dry run. `settled`: found there after a crash. `overtaken`: somebody else's value was met instead. `dropped`: not written, a person's answer to a brake.",
    ),
  erased: z.literal(true).optional().describe("A person's data was erased: when and why is kept, and no value."),
  conflict: Conflict.optional().describe("There when a value that may be somebody's edit lost."),
});
export type FieldChange = z.infer<typeof FieldChange>;

/** Made from the field, so that a link planned twice in a run has one planned change of it. */
export function plannedChangeId(runId: string, linkId: string, field: string): string {
  return fingerprint([runId, linkId, field]);
}

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

/** It was made while the link joined the records that it joins now: a moved one has earlier changes. */
export function isOfPair({ crmKey, erpKey }: FieldChange, { ends }: Pick<Link, 'ends'>): boolean {
  return crmKey === ends.crm.key && erpKey === ends.erp.key;
}

/** The change without the values and names: what is kept is when, which field, which side, why and by which run. */
export function withoutValues(change: FieldChange): FieldChange {
  const { sentValue: _sent, crmName: _crm, erpName: _erp, conflict, ...rest } = change;
  const lost = conflict && { winner: conflict.winner, policy: conflict.policy, crm: null, erp: null };
  return { ...rest, oldValue: null, newValue: null, erased: true, ...(lost && { conflict: lost }) };
}
