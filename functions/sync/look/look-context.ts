import type { MappedField } from '../../core/mapping/mapping.ts';
import type { PlanInput } from '../../core/merge/plan.ts';
import { type Plan, planLink } from '../../core/merge/plan.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import { type Side, sides } from '../../core/model/actor-type.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { Link } from '../../core/model/link.ts';
import type { Capabilities, RecordState, RecordSystem } from '../../ports/record-system.ts';
import { mappedFields } from './mapped-fields.ts';

/** Both ends of a connection and what the planner needs to know of them. */
export interface LookContext {
  readonly setup: ConnectionSetup;
  readonly policy: ConflictPolicy;
  readonly crm: RecordSystem;
  readonly erp: RecordSystem;
  readonly capabilities: { readonly crm: Capabilities; readonly erp: Capabilities };
}

export function keyOf(link: Link, side: Side): string {
  return link.ends[side].key;
}

export function typeOf(link: Link, side: Side): string {
  return link.ends[side].type;
}

export function coveredFields(mapping: readonly MappedField[], side: Side): string[] {
  return [...new Set(mapping.map((mapped) => (side === 'crm' ? mapped.crmField : mapped.erpField)))];
}

/** Both records of a link as one read found them; `missing` names a side without a record. */
export interface LinkRead {
  readonly crm: RecordState | undefined;
  readonly erp: RecordState | undefined;
  readonly readAtMs: { readonly crm: number; readonly erp: number };
}

interface SideRead {
  readonly records: ReadonlyMap<string, RecordState>;
  readonly readAtMs: number;
}

async function readSide(
  context: LookContext,
  links: readonly Link[],
  side: Side,
): Promise<ReadonlyMap<string, SideRead>> {
  const byType = Map.groupBy(links, (link) => link.ends.erp.type);
  const reads = new Map<string, SideRead>();
  for (const [actorType, group] of byType) {
    const [first] = group;
    if (!first) continue;
    const fields = coveredFields(mappedFields(context.setup, actorType), side);
    const keys = [...new Set(group.map((link) => keyOf(link, side)))];
    const batch = await context[side].get(typeOf(first, side), keys, fields);
    let missing = batch.missing;
    const records = new Map(batch.records.map((record) => [record.key, record]));
    if (missing.length > 0) {
      // Gone is believed only when a second read says so too.
      const again = await context[side].get(typeOf(first, side), missing, fields);
      for (const record of again.records) records.set(record.key, record);
      missing = again.missing;
    }
    reads.set(actorType, { records, readAtMs: batch.readAtMs });
  }
  return reads;
}

/** Reads both sides of all links, in as few calls as the systems allow. */
export async function readBoth(context: LookContext, links: readonly Link[]): Promise<ReadonlyMap<string, LinkRead>> {
  const [crm, erp] = await Promise.all(sides.map((side) => readSide(context, links, side)));
  return new Map(
    links.map((link) => {
      const crmRead = crm?.get(link.ends.erp.type);
      const erpRead = erp?.get(link.ends.erp.type);
      const read: LinkRead = {
        crm: crmRead?.records.get(link.ends.crm.key),
        erp: erpRead?.records.get(link.ends.erp.key),
        readAtMs: { crm: crmRead?.readAtMs ?? 0, erp: erpRead?.readAtMs ?? 0 },
      };
      return [link.id, read];
    }),
  );
}

function plannedSide(record: RecordState): PlanInput['crm'] {
  const time =
    record.changedAtMs === undefined
      ? undefined
      : { changedAtMs: record.changedAtMs, lastWriterIsUs: record.lastWriterIsUs ?? false };
  return { values: record.values, ...(time && { time }) };
}

export function planOf(context: LookContext, link: Link, crm: RecordState, erp: RecordState): Plan {
  return planLink({
    fields: link.fields,
    choices: link.choices,
    crm: plannedSide(crm),
    erp: plannedSide(erp),
    mapping: mappedFields(context.setup, link.ends.erp.type),
    policy: context.policy,
    timeResolutionMs: {
      crm: context.capabilities.crm.timeResolutionMs,
      erp: context.capabilities.erp.timeResolutionMs,
    },
  });
}
