import { ruleText } from '../../core/explain/rule-texts.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import { type FieldChange, isOfPair } from '../../core/model/field-change.ts';
import { fieldKey, type Link, type LinkHead } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import { otherSide } from '../../core/model/side.ts';
import type { Tenant } from '../../core/model/tenant.ts';
import type { LinkWithLog } from '../../ports/links.ts';
import type { StoredEnds } from '../../sync/open-ends.ts';
import type { Application } from '../application.ts';
import { textsOfChange } from '../change-log/changes-with-texts.ts';
import type { ItemTextOf } from '../systems/item-text-of.ts';

const changesPerPage = 200;
/** Of the log, beside the page that is read with the link. */
const mostPages = 5;
const dayMs = 86_400_000;

export interface LastChanges {
  readonly byField: ReadonlyMap<string, FieldChange>;
  /** Those that made these changes, as far as they are still kept. */
  readonly runs: readonly Run[];
  /** The log goes back further than was read. */
  readonly more: boolean;
}

/** Of the newest first, by field: of the two records that the link joins now. */
function lastOf(link: Pick<LinkHead, 'ends'>, changes: readonly FieldChange[]): Map<string, FieldChange> {
  const byField = new Map<string, FieldChange>();
  for (const change of changes) {
    if (isOfPair(change, link) && !byField.has(fieldKey(change))) byField.set(fieldKey(change), change);
  }
  return byField;
}

/**
 * The last change of each mapped field; mostly in the page of the log that was read with the link, so that the runs of those
 * are read while the set-up is.
 */
export async function lastChanges(
  app: Application,
  { head, log }: Pick<LinkWithLog, 'head' | 'log'>,
  stored: Promise<StoredEnds>,
): Promise<LastChanges> {
  const { tenantId, id: linkId, ends } = head;
  const first = lastOf(head, log.items);
  const [{ setup }, runsOfFirst] = await Promise.all([stored, runsOf(app, tenantId, [...first.values()])]);
  const mapping = setup ? mappedFields(setup, ends.erp.type) : [];
  const changes = [...log.items];
  let byField = first;
  let { cursor } = log;
  const isThrough = () => cursor === undefined || mapping.every((mapped) => byField.has(fieldKey(mapped)));
  for (let pages = 0; !isThrough() && pages < mostPages; pages += 1) {
    const page = await app.changeLog.list(tenantId, { linkId }, { limit: changesPerPage, cursor });
    changes.push(...page.items);
    byField = lastOf(head, changes);
    cursor = page.cursor;
  }
  const further = [...byField].flatMap(([field, change]) => (first.has(field) ? [] : [change]));
  const runs = [...runsOfFirst, ...(await runsOf(app, tenantId, further))];
  return { byField, runs, more: !isThrough() };
}

async function runsOf(app: Application, tenantId: string, changes: readonly FieldChange[]): Promise<Run[]> {
  const ids = [...new Set(changes.map(({ runId }) => runId))];
  const runs = await Promise.all(ids.map((id) => app.runs.get(tenantId, id)));
  return runs.flatMap((run) => run ?? []);
}

/** The write that made the field what it is. */
export function changeView(change: FieldChange, runs: readonly Run[], textOf: ItemTextOf) {
  const run = runs.find(({ id }) => id === change.runId);
  return {
    at: change.at,
    rule: change.rule,
    text: ruleText(change.rule, change.conflict?.policy),
    side: change.side,
    // A value that a person entered comes from neither side.
    source: change.rule === 'resolving' ? ('person' as const) : otherSide(change.side),
    oldValue: change.oldValue,
    newValue: change.newValue,
    sentValue: change.sentValue,
    ...textsOfChange(change, textOf),
    outcome: change.outcome,
    erased: change.erased,
    mappingVersion: change.mappingVersion,
    runId: change.runId,
    run: run && { kind: run.kind, trigger: run.trigger },
  };
}

/** What was logged before may be gone. */
export function logKeptSince(tenant: Tenant | undefined, nowMs: number): string {
  return new Date(nowMs - (tenant?.retentionDays ?? 0) * dayMs).toISOString();
}

interface NoChange {
  readonly link: Link;
  readonly field: string;
  /** The log goes back further than was read. */
  readonly more: boolean;
  readonly tenant: Tenant | undefined;
  readonly nowMs: number;
}

/** What there is to say where the log has no change of the field. */
export function unchangedView({ link, field, more, tenant, nowMs }: NoChange) {
  const keptSince = logKeptSince(tenant, nowMs);
  const choice = link.choices[field];
  const kept = choice && { keep: choice.side, resolves: choice.resolves === true };
  const { createdAt: connectedAt, createdBy: connectedBy } = link;
  if (more || keptSince > connectedAt) {
    const text = more
      ? 'None of the last changes of the link is of this field; the log lists earlier ones.'
      : 'The log has no change of this field; it does not go back to when the records were connected.';
    return { text, connectedAt, connectedBy, choice: kept };
  }
  return { text: 'Not changed since the records were connected.', connectedAt, connectedBy, choice: kept };
}
