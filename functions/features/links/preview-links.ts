import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { FieldPlan } from '../../core/merge/field-plan.ts';
import { choiceFingerprint } from '../../core/merge/plan.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { type Link, pairOf } from '../../core/model/link.ts';
import type { Value } from '../../core/values/value.ts';
import type { LookContext } from '../../sync/look/open-context.ts';
import { planRead } from '../../sync/look/plan-read.ts';
import { bothRecords, type LinkRead, readBoth } from '../../sync/look/read-both.ts';
import { listTexts } from '../actors/search-actors.ts';
import type { Application } from '../application.ts';
import type { LinkRefusal } from './connect-links.ts';
import { activeContext, checkPairs, linkOf, type Pair } from './pairs.ts';

type TextOf = (field: FieldMetadata, value: Value) => string | undefined;

function shown(field: FieldMetadata, value: Value, textOf: TextOf) {
  const text = textOf(field, value);
  return { value, ...(text !== undefined && { text }) };
}

/** What the planner would do with one field, and why; `fingerprint` goes with a choice made on these two values. */
function fieldView(plan: FieldPlan, texts: { readonly crm: TextOf; readonly erp: TextOf }) {
  const { mapped, crm, erp, write, rule } = plan;
  return {
    erpField: mapped.erpField,
    erpLabel: mapped.erp.label,
    crmField: mapped.crmField,
    crmLabel: mapped.crm.label,
    direction: mapped.direction,
    erp: shown(mapped.erp, erp, texts.erp),
    crm: shown(mapped.crm, crm, texts.crm),
    differs: rule !== 'agrees',
    writes: write?.side,
    result: write && shown(mapped[write.side], write.value, texts[write.side]),
    rule,
    decidedBy: plan.conflict?.policy,
    refusedBecause: plan.parked?.reason,
    fingerprint: choiceFingerprint(crm, erp),
  };
}

async function textsOf(context: LookContext, links: readonly Link[]): Promise<{ crm: TextOf; erp: TextOf }> {
  const types = [...new Set(links.map((link) => link.ends.erp.type))];
  const mapping = types.flatMap((actorType) => mappedFields(context.setup, actorType));
  const [crm, erp] = await Promise.all([
    listTexts(
      context.crm,
      mapping.map((mapped) => mapped.crm),
    ),
    listTexts(
      context.erp,
      mapping.map((mapped) => mapped.erp),
    ),
  ]);
  return { crm, erp };
}

/** Link ids that hold the claims of the pairs already, by `side:table:key`; one batch per side and table. */
export async function holdersOf(app: Application, links: readonly Link[]): Promise<ReadonlyMap<string, string>> {
  const holders = new Map<string, string>();
  const [first] = links;
  if (!first) return holders;
  const { tenantId, connectionId } = first;
  for (const [table, group] of Map.groupBy(links, (link) => link.ends.erp.table)) {
    const keys = group.map((link) => link.ends.erp.key);
    const taken = await app.links.findByKeys(tenantId, connectionId, 'erp', table, keys);
    for (const [key, linkId] of taken) holders.set(`erp:${table}:${key}`, linkId);
  }
  for (const [table, group] of Map.groupBy(links, (link) => link.ends.crm.table)) {
    const keys = group.map((link) => link.ends.crm.key);
    const taken = await app.links.findByKeys(tenantId, connectionId, 'crm', table, keys);
    for (const [key, linkId] of taken) holders.set(`crm:${table}:${key}`, linkId);
  }
  return holders;
}

function refusalOf(
  link: Link,
  read: LinkRead | undefined,
  holders: ReadonlyMap<string, string>,
): LinkRefusal | undefined {
  if (!read?.records.erp) return { reason: 'erp-actor-missing' };
  if (!read.records.crm) return { reason: 'crm-record-missing' };
  const erpHolder = holders.get(`erp:${link.ends.erp.table}:${link.ends.erp.key}`);
  if (erpHolder !== undefined) return { reason: 'erp-actor-linked', holder: erpHolder };
  const crmHolder = holders.get(`crm:${link.ends.crm.table}:${link.ends.crm.key}`);
  return crmHolder === undefined ? undefined : { reason: 'crm-record-linked', holder: crmHolder };
}

/** Compares each pair field by field, with the plan of the engine itself; changes nothing. */
export async function previewLinks(app: Application, tenantId: string, connectionId: string, pairs: readonly Pair[]) {
  const context = await activeContext(app, tenantId, connectionId);
  checkPairs(context.setup, pairs);
  const links = pairs.map((pair) => linkOf(app, context.setup, pair, 'preview'));
  const [reads, texts, holders] = await Promise.all([
    readBoth(context, links),
    textsOf(context, links),
    holdersOf(app, links),
  ]);
  const items = links.map((link) => {
    const read = reads.get(link.id);
    const records = read && bothRecords(read);
    const plan = records && planRead(context, link, records);
    return {
      ...pairOf(link),
      refusal: refusalOf(link, read, holders),
      fields: plan ? plan.fields.map((field) => fieldView(field, texts)) : [],
    };
  });
  return { connectionId, items };
}
