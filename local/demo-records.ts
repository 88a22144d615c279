import type { ApiClient } from './api-client.ts';
import { type DemoType, demoTypes } from './demo-mapping.ts';

export interface Pair {
  actorType: DemoType;
  erpKey: string;
  crmKey: string;
}

/** A record of one side, with what both sides know it by. */
export interface Known {
  key: string;
  name: string;
  mark: string;
}

interface Actor extends Known {
  actorType: DemoType;
  linked: boolean;
}

interface CrmRecord extends Known {
  crmType: CrmType;
}

const crmTypes = ['company', 'person', 'project'] as const;
type CrmType = (typeof crmTypes)[number];

const crmTypeOf: Record<DemoType, CrmType> = {
  ...{ customer: 'company', supplier: 'company' },
  ...{ person: 'person', project: 'project' },
};

export interface Records {
  /** The ERP's, by the API's search; a party in two roles is here once. */
  erp: Actor[];
  /** The CRM's, as its users see them. */
  crm: CrmRecord[];
}

export async function readRecords(
  api: ApiClient,
  connectionId: string,
  crmControlUrl: string,
  types: readonly DemoType[] = demoTypes,
): Promise<Records> {
  // One after the other: each request at the same time would start a function process of its own.
  const erp = new Map<string, Actor>();
  for (const actorType of types)
    for (const actor of await readActors(api, connectionId, actorType))
      erp.set(`${crmTypeOf[actorType]}:${actor.key}`, actor);
  const crm = await Promise.all(crmTypes.map((crmType) => readCrmRecords(crmControlUrl, crmType)));
  return { erp: [...erp.values()], crm: crm.flat() };
}

async function readActors(api: ApiClient, connectionId: string, actorType: DemoType): Promise<Actor[]> {
  const hits = await api.all<{ erpKey: string; linked: boolean; values: Record<string, unknown> }>(
    `/v1/connections/${connectionId}/actors/${actorType}`,
  );
  return hits.map(({ erpKey, linked, values: { NAME, NUMBER1, NUMBER } }) => {
    const mark = actorType === 'project' ? NAME : (NUMBER1 ?? NUMBER);
    return { actorType, linked, key: erpKey, name: text(NAME), mark: text(mark) };
  });
}

async function readCrmRecords(controlUrl: string, crmType: CrmType): Promise<CrmRecord[]> {
  const response = await fetch(`${controlUrl}/records/${crmType}`);
  const records: Record<string, unknown>[] = JSON.parse(await response.text());
  return records
    .filter(({ deleted }) => deleted !== true)
    .map(({ id, name, firstName, lastName, code, number }) => {
      const shown = crmType === 'person' ? `${text(firstName)} ${text(lastName)}` : text(name);
      const mark = crmType === 'company' ? code : crmType === 'person' ? number : name;
      return { crmType, key: String(id), name: shown, mark: text(mark) };
    });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Records that both sides know by the same code (projects: by name) and that are not linked yet. */
export function pairsOf({ erp, crm }: Records): Pair[] {
  const byMark = new Map(crm.map((record) => [`${record.crmType}:${record.mark}`, record]));
  return erp.flatMap(({ actorType, key, mark, linked }) => {
    const other = mark === '' || linked ? undefined : byMark.get(`${crmTypeOf[actorType]}:${mark}`);
    return other ? [{ actorType, erpKey: key, crmKey: other.key }] : [];
  });
}
