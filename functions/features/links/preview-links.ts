import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { CrmWriter } from '../../core/merge/crm-writers.ts';
import type { FieldPlan } from '../../core/merge/field-plan.ts';
import type { Plan } from '../../core/merge/plan.ts';
import { choiceFingerprint } from '../../core/merge/plan-group.ts';
import { mostLinksOfCrmRecord } from '../../core/model/crm-record.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import { type Link, pairOf } from '../../core/model/link.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { Value } from '../../core/values/value.ts';
import { type OtherLinks, readOtherLinks } from '../../sync/look/other-links.ts';
import { planRead } from '../../sync/look/plan-read.ts';
import { type LinkRead, type NotRead, readBoth, readOf } from '../../sync/look/read-both.ts';
import { standingOf } from '../../sync/look/standing.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';
import { endsAsSeen } from '../access/ends-as-seen.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { listTexts } from '../systems/list-texts.ts';
import { type LinkRefusal, refusalOfRead, refusalView, toldTo } from './link-refusal.ts';
import { activeContext, checkPairs, linkOf, type Pair } from './pairs.ts';
import { wholeNamesOf } from './whole-names.ts';

type TextOf = (field: FieldMetadata, value: Value) => string | undefined;

function shown(field: FieldMetadata, value: Value, textOf: TextOf) {
  return { value, text: textOf(field, value) };
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
    transform: mapped.transform,
    constant: mapped.constant,
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

async function textsOf(context: OpenEnds, links: readonly Link[]): Promise<{ crm: TextOf; erp: TextOf }> {
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

function claimName(link: Link, side: Side): string {
  return `${side}:${link.ends[side].table}:${link.ends[side].key}`;
}

/** Ids of the links that took the claims of these ones already, by claim; one batch per side and table. */
async function claimsTaken(app: Application, links: readonly Link[]): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>();
  for (const side of sides) {
    for (const [table, group] of Map.groupBy(links, (link) => link.ends[side].table)) {
      const [first] = group;
      if (!first) continue;
      const keys = group.map((link) => link.ends[side].key);
      const { tenantId, connectionId } = first;
      const linkIds = await app.links.findByKeys({ tenantId, connectionId, side, table }, keys);
      for (const link of group) {
        const linkId = linkIds.get(link.ends[side].key);
        if (linkId !== undefined) taken.set(claimName(link, side), linkId);
      }
    }
  }
  return taken;
}

/** What stands in the way of links: claims that are taken, and what each CRM record has already. `moving`: the link that is to go there. */
interface InTheWay {
  readonly taken: ReadonlyMap<string, string>;
  readonly others: OtherLinks | undefined;
  readonly moving: string | undefined;
}

function refusalOf(link: Link, read: LinkRead | NotRead, { taken, others, moving }: InTheWay): LinkRefusal | undefined {
  const refusal = refusalOfRead(read);
  if (refusal) return refusal;
  const byAnother = (side: Side) => {
    const takenBy = taken.get(claimName(link, side));
    return takenBy === moving ? undefined : takenBy;
  };
  const erpTakenBy = byAnother('erp');
  if (erpTakenBy !== undefined) return { reason: 'erp-actor-linked', takenBy: erpTakenBy };
  const crmTakenBy = byAnother('crm');
  if (crmTakenBy !== undefined) return { reason: 'crm-record-linked', takenBy: crmTakenBy };
  const links = (others?.links ?? []).filter(({ linkId }) => linkId !== moving);
  const isFull = links.length >= mostLinksOfCrmRecord;
  return isFull ? { reason: 'crm-record-linked-too-often', takenBy: links[0]?.linkId } : undefined;
}

/** The plan for a pair whose records are both there and in use. */
function planOf(
  context: OpenEnds,
  link: Link,
  read: LinkRead | NotRead,
  crmWriters: readonly CrmWriter[] | undefined,
): Plan | undefined {
  if ('error' in read) return undefined;
  const standing = standingOf(link, read);
  if (standing.state !== 'live') return undefined;
  const { records } = standing;
  const { clockErrorMs } = read;
  return planRead(context, link, { records, clockErrorMs, crmWriters });
}

/** Compares each pair field by field, with the plan of the engine itself; changes nothing. */
export async function previewLinks(app: Application, caller: Caller, connectionId: string, pairs: readonly Pair[]) {
  const { tenantId } = caller;
  const opened = await activeContext(app, tenantId, connectionId);
  checkPairs(opened.setup, pairs);
  const links = pairs.map((pair) => linkOf(app, opened.setup, pair, 'preview'));
  const context = await endsAsSeen(app, caller, opened, links.map(pairOf));
  const [reads, texts, taken] = await Promise.all([
    readBoth(app, context, links),
    textsOf(context, links),
    claimsTaken(app, links),
  ]);
  const others = await readOtherLinks(app, links);
  const plans = links.map((link) => planOf(context, link, readOf(reads, link), others.get(link.id)?.writers));
  const names = await wholeNamesOf(context, links, plans);
  const items = links.map((link, at) => {
    const read = readOf(reads, link);
    const plan = plans[at];
    const refusal = refusalOf(link, read, { taken, others: others.get(link.id), moving: pairs[at]?.linkId });
    return {
      ...pairOf(link),
      refusal: refusal && refusalView(toldTo(caller, refusal)),
      names: names.get(link.id),
      fields: plan ? plan.fields.map((field) => fieldView(field, texts)) : [],
    };
  });
  return { connectionId, items };
}
