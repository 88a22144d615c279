import { parkedTexts } from '../functions/core/explain/rule-texts.ts';
import type { ApiClient } from './api-client.ts';
import type { Access } from './demo-access.ts';
import { type NewCustomers, readNewCustomers } from './demo-actor-set-up.ts';
import { keyOfEditedProject } from './demo-daily-use.ts';
import type { Linked } from './demo-links.ts';
import { type DemoType, demoTypes, type Mapping, mappingPath, optionOf } from './demo-mapping.ts';
import { type OwnValue, readOwnValues } from './demo-own-values.ts';
import { type Known, type Records, readRecords } from './demo-records.ts';
import type { Counters } from './demo-runs.ts';
import type { Side } from './side.ts';

/** A field that was written, or that could not be. */
interface FieldReport {
  label: string;
  record: string;
}

export interface ChangeReport extends FieldReport {
  side: Side;
  rule: string;
  oldValue: unknown;
  newValue: unknown;
  /** What decided, where both sides had a say. */
  decidedBy?: string;
  /** What both had last agreed on, where they had. */
  before?: unknown;
}

/** What a person wants to know after the start. */
export interface Report {
  links: Record<DemoType, number>;
  /** The links made in this start, and their first sync. */
  first?: { linked: Linked; counters: Counters; seconds: number };
  sync: Counters;
  compared: Counters;
  changes: ChangeReport[];
  onlyInErp: Known[];
  onlyInCrm: Known[];
  refused: (FieldReport & { reason: string })[];
  /** Links of which a record is gone or merged. */
  broken: { record: string; reason: string }[];
  /** What was edited where its field is only written, and so stays. */
  ownValues: OwnValue[];
  /** What is wrong with the connection, not with a link: brakes, fields that drifted, a type that is set aside. */
  troubles: Trouble[];
  /** List items without a counterpart, and how many links wait for each. */
  unmapped: { text?: string; item: string; erpList: string; crmList: string; links: number }[];
  /** Companies that several connections have links of. */
  shared: number;
  /** Fields that wait for a person, in any connection. */
  conflicts: { id: string; erpField: string; record: string; crm: string | null; erp: string | null }[];
  /** Fields that cannot be written on one side, by the reason. */
  oneWay: { labels: string[]; reason: string }[];
  newCustomers: NewCustomers;
  access: Access;
}

interface Link {
  id: string;
  actorType: DemoType;
  erpKey: string;
  crmType: string;
  crmKey: string;
  state: string;
  stateReason?: string;
}

interface Change {
  linkId: string;
  actorType: DemoType;
  erpField: string;
  side: Side;
  oldValue: unknown;
  newValue: unknown;
  rule: string;
  outcome: string;
  conflict?: { policy: string; base?: { crm: unknown } };
}

interface Trouble {
  reason: string;
  explanation?: string;
  /** The run that a brake stopped. */
  runId?: string;
}

interface Failure extends Trouble {
  linkId?: string;
  fields: { field: string; reason: string; explanation?: string }[];
}

export interface Asked {
  readonly connectionId: string;
  readonly crmControlUrl: string;
  /** Changes since this instant are reported; all where it is ''. */
  readonly since: string;
}

type Gathered = Omit<Report, 'first' | 'sync' | 'compared' | 'access'>;

/** Gathers what was linked, written and left alone, by the API's own reads and what the CRM's users see. */
export async function gatherReport(api: ApiClient, { connectionId, crmControlUrl, since }: Asked): Promise<Gathered> {
  const records = await readRecords(api, connectionId, crmControlUrl);
  const links = await api.all<Link>('/v1/links', { connectionId });
  const changes = await api.all<Change>('/v1/changes', { connectionId, from: since || undefined });
  const failures = await api.all<Failure>('/v1/failures', { connectionId });
  const mappings: Mapping[] = [];
  for (const type of demoTypes) mappings.push(await api.get<Mapping>(mappingPath(connectionId, type)));
  const live = links.filter(({ state }) => state !== 'disconnected' && state !== 'broken');
  const broken = links.filter(({ state }) => state === 'broken');
  const edited = live.find(({ crmType, crmKey }) => crmType === 'project' && crmKey === keyOfEditedProject());
  const linkById = new Map(links.map((link) => [link.id, link]));
  const fieldOf = (linkId: string | undefined, erpField: string | undefined): FieldReport => {
    const link = linkById.get(linkId ?? '');
    const mapping = link && mappings[demoTypes.indexOf(link.actorType)];
    const option = mapping?.options.find((one) => one.erpField === erpField);
    return { label: option?.label ?? erpField ?? 'the whole record', record: link ? nameOf(records, link) : '' };
  };
  return {
    links: countLinks(live),
    changes: changes
      .filter(({ outcome }) => outcome !== 'planned')
      .map(({ linkId, erpField, side, rule, oldValue, newValue, conflict }) => ({
        ...fieldOf(linkId, erpField),
        ...{ side, rule, oldValue, newValue },
        decidedBy: conflict?.policy,
        before: conflict?.base?.crm,
      })),
    onlyInErp: records.erp.filter(({ linked }) => !linked),
    onlyInCrm: records.crm.filter(
      ({ crmType, key }) => ![...live, ...broken].some((link) => link.crmType === crmType && link.crmKey === key),
    ),
    troubles: failures.filter(({ linkId }) => linkId === undefined).map(troubleOf),
    refused: failures
      .filter(({ linkId }) => linkId !== undefined && linkById.get(linkId)?.state !== 'broken')
      .flatMap(({ linkId, fields, ...whole }) =>
        (fields.length > 0 ? fields.filter(isNoWait) : [{ field: undefined, ...whole }]).map(
          ({ field, reason, explanation }) => ({
            ...fieldOf(linkId, field?.split('~')[0]),
            reason: explanation ?? reasonText(reason),
          }),
        ),
      ),
    broken: broken.map((link) => ({ record: nameOf(records, link), reason: link.stateReason ?? '' })),
    ownValues: edited ? await readOwnValues(api, { linkId: edited.id, record: nameOf(records, edited) }) : [],
    unmapped: await api.all(`/v1/connections/${connectionId}/unmapped-items`),
    shared: await countShared(api, live),
    conflicts: (await api.all<Conflict>('/v1/conflicts')).map((one) => ({ ...one, record: crmName(records, one) })),
    oneWay: oneWayOf(mappings),
    newCustomers: await readNewCustomers(api, connectionId),
  };
}

function troubleOf({ reason, explanation, runId, fields }: Failure): Trouble {
  const named = fields.map(({ field }) => field).join(', ');
  return { reason: named === '' ? reason : `${reason} (${named})`, explanation, runId };
}

interface Conflict {
  id: string;
  erpField: string;
  crmType: string;
  crmKey: string;
  crm: string | null;
  erp: string | null;
}

function crmName({ crm }: Records, { crmType, crmKey }: Conflict): string {
  return crm.find((one) => one.crmType === crmType && one.key === crmKey)?.name ?? `${crmType} ${crmKey}`;
}

function reasonText(reason: string): string {
  return Object.entries(parkedTexts).find(([known]) => known === reason)?.[1] ?? reason;
}

/** What waits for a list item is told by its item. */
function isNoWait({ reason }: { reason: string }): boolean {
  return reason !== 'unmapped-list-item';
}

/** CRM records of these links that another connection has a link of, too. */
async function countShared(api: ApiClient, links: Link[]): Promise<number> {
  const own = new Set(links.map(({ crmType, crmKey }) => `${crmType}:${crmKey}`));
  const ids = new Set(links.map(({ id }) => id));
  const connections = await api.all<{ id: string }>('/v1/connections');
  let shared = 0;
  for (const { id: connectionId } of connections) {
    const others = await api.all<Link>('/v1/links', { connectionId });
    shared += others.filter(
      ({ id, state, crmType, crmKey }) => !ids.has(id) && state !== 'disconnected' && own.has(`${crmType}:${crmKey}`),
    ).length;
  }
  return shared;
}

function nameOf({ erp, crm }: Records, { actorType, erpKey, crmType, crmKey }: Link): string {
  const isProject = actorType === 'project';
  const actor = erp.find(({ actorType: type, key }) => key === erpKey && (type === 'project') === isProject);
  const record = crm.find((one) => one.crmType === crmType && one.key === crmKey);
  return actor?.name ?? record?.name ?? `${actorType} ${erpKey}`;
}

function countLinks(links: Link[]): Record<DemoType, number> {
  const count = (type: DemoType) => links.filter(({ actorType }) => actorType === type).length;
  return {
    ...{ customer: count('customer'), supplier: count('supplier') },
    ...{ person: count('person'), project: count('project') },
  };
}

/** Mapped one way because the other is not possible. */
function oneWayOf(mappings: Mapping[]): Report['oneWay'] {
  const labels = new Map<string, Set<string>>();
  for (const mapping of mappings)
    for (const row of mapping.fields) {
      const refusal = optionOf(mapping, row)?.refused.find(({ direction }) => direction === 'both');
      const label = mapping.options.find(({ erpField }) => erpField === row.erpField)?.label ?? row.erpField;
      if (!refusal || row.direction === 'none') continue;
      labels.set(refusal.explanation, (labels.get(refusal.explanation) ?? new Set()).add(label));
    }
  return [...labels].map(([reason, names]) => ({ labels: [...names], reason }));
}
