/** A furnished tenant with a CRM user, Tom (`5`, of the groups `2` and `7`), who asks for what there is. */
import type { UserOperationId } from '../../../functions/http/registry.ts';
import { furnishedWorld } from '../../http/contract/furnished-world.ts';
import type { Answered, ApiWorld } from '../api-world.ts';
import { signIn } from '../sessions/sign-in-steps.ts';
import { pair } from '../set-up-steps.ts';

/** What an operation is asked about. */
export interface Asked {
  readonly connection: string;
  readonly link: string;
  readonly merged: string;
  readonly disconnected: string;
  readonly conflict: string;
  readonly failure: string;
  readonly run: string;
  /** Keys of CRM records. */
  readonly company: string;
  readonly inTrouble: string;
  readonly inConflict: string;
}

export interface UserRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** An answer that has something in it. */
  readonly good: number;
  /** What of it is out of reach. */
  readonly out: 'not-found' | 'empty';
}

const get = (path: string): UserRequest => ({ method: 'GET', path, good: 200, out: 'not-found' });
const lists = (path: string): UserRequest => ({ method: 'GET', path, good: 200, out: 'empty' });
const starts = (path: string, body: unknown = {}): UserRequest => ({
  ...{ method: 'POST', path, body },
  good: 202,
  out: 'not-found',
});

/** Every operation for users, with what it is asked: a new one does not compile before it has its entry. */
const requestsOfUsers: Readonly<Record<UserOperationId, readonly ((asked: Asked) => UserRequest)[]>> = {
  listConnections: [() => lists('/v1/connections?includeDeleted=true')],
  readConnection: [({ connection }) => get(`/v1/connections/${connection}`)],
  listActorTypes: [({ connection }) => get(`/v1/connections/${connection}/actor-types`)],
  listErpItems: [({ connection }) => get(`/v1/connections/${connection}/lists/country`)],
  searchActors: [({ connection }) => get(`/v1/connections/${connection}/actors/customer?q=Firm`)],
  readActor: [({ connection }) => get(`/v1/connections/${connection}/actors/customer/p1`)],
  previewLinks: [
    ({ connection: connectionId }) => ({
      ...starts('/v1/links/preview', { connectionId, pairs: [pair(10)] }),
      good: 200,
    }),
  ],
  connectLinks: [({ connection: connectionId }) => starts('/v1/links', { connectionId, pairs: [pair(10)] })],
  listLinks: [({ company }) => lists(`/v1/links?crmType=company&crmKey=${company}`)],
  readLink: [({ link }) => get(`/v1/links/${link}`)],
  explainLink: [({ link }) => get(`/v1/links/${link}/fields`)],
  disconnectLink: [({ link }) => ({ ...get(`/v1/links/${link}`), method: 'DELETE', good: 200 })],
  restoreLink: [({ disconnected }) => starts(`/v1/links/${disconnected}/restore`)],
  moveLink: [({ merged }) => starts(`/v1/links/${merged}/move`)],
  triggerRun: [
    ({ link }) => starts('/v1/sync-runs', { kind: 'sync', scope: { kind: 'links', linkIds: [link] } }),
    ({ company: crmKey }) =>
      starts('/v1/sync-runs', { kind: 'sync', scope: { kind: 'crm-record', crmType: 'company', crmKey } }),
    ({ link, connection: connectionId }) =>
      starts('/v1/sync-runs', { kind: 'sync', connectionId, scope: { kind: 'links', linkIds: [link] } }),
  ],
  readRun: [({ run }) => get(`/v1/sync-runs/${run}`)],
  listChanges: [
    ({ link }) => lists(`/v1/changes?linkId=${link}`),
    ({ company }) => lists(`/v1/changes?crmType=company&crmKey=${company}`),
  ],
  listConflicts: [
    ({ conflict }) => lists(`/v1/conflicts?linkId=${conflict.split('.')[0]}`),
    ({ inConflict }) => lists(`/v1/conflicts?crmType=company&crmKey=${inConflict}`),
  ],
  listFailures: [
    ({ failure }) => lists(`/v1/failures?linkId=${failure}`),
    ({ inTrouble }) => lists(`/v1/failures?crmType=company&crmKey=${inTrouble}`),
  ],
  resolveConflict: [({ conflict }) => starts(`/v1/conflicts/${conflict}/resolve`, { keep: 'crm' })],
  getFailure: [({ failure }) => get(`/v1/failures/${failure}`)],
  retryFailure: [({ failure }) => ({ ...starts(`/v1/failures/${failure}/retry`) })],
};

/** All of them, by name. */
export const everyRequest = Object.entries(requestsOfUsers).flatMap(([id, requests]) =>
  requests.map((request, at) => [`${id} ${at + 1}`, request] as const),
);

export class UserWorld {
  readonly world: ApiWorld;
  readonly asked: Asked;
  private readonly bearer: string;

  constructor(world: ApiWorld, asked: Asked, bearer: string) {
    this.world = world;
    this.asked = asked;
    this.bearer = bearer;
  }

  /** As Tom. */
  ask({ method, path, body }: Pick<UserRequest, 'method' | 'path' | 'body'>): Promise<Answered> {
    return this.world.send(method, path, { body, bearer: this.bearer });
  }

  get(path: string): Promise<Answered> {
    return this.ask({ method: 'GET', path });
  }

  start(body: object): Promise<Answered> {
    return this.ask({ method: 'POST', path: '/v1/sync-runs', body });
  }

  async scope(scope: unknown): Promise<void> {
    for (const { id } of (await this.world.send('GET', '/v1/connections')).json.items) {
      const { status } = await this.world.change('PATCH', `/v1/connections/${id}`, { scope });
      if (status !== 200) throw new Error(`the scope cannot be set: ${status}`);
    }
  }

  async erpTab(erpTab: unknown): Promise<void> {
    const { json } = await this.world.send('GET', '/v1/tenant');
    const { defaultConflictPolicy, retentionDays, crm } = json;
    const kept = Object.fromEntries(
      Object.entries(crm).map(([name, value]) => [name, typeof value === 'object' ? { set: true } : value]),
    );
    const body = { crm: kept, defaultConflictPolicy, retentionDays, erpTab };
    const { status } = await this.world.change('PUT', '/v1/tenant', body);
    if (status !== 200) throw new Error(`the ERP tab cannot be set: ${status}`);
  }
}

/** Of a tenant as everybody knows it; Tom has started one run. */
export async function userWorld(): Promise<UserWorld> {
  const { world, things } = await furnishedWorld();
  const bearer = await signIn(world, '5');
  const run = await world.send('POST', '/v1/sync-runs', {
    bearer,
    body: { kind: 'sync', scope: { kind: 'links', linkIds: [things.links.agreed] } },
  });
  if (run.status !== 202) throw new Error(JSON.stringify(run.json));
  const conflictOf = await world.send('GET', '/v1/conflicts');
  return new UserWorld(
    world,
    {
      connection: things.connections.active,
      link: things.links.agreed,
      merged: things.links.merged,
      disconnected: things.links.disconnected,
      conflict: things.conflict,
      failure: things.failures.parked,
      run: run.json.id,
      company: 'c1',
      inTrouble: 'c5',
      inConflict: conflictOf.json.items[0].crmKey,
    },
    bearer,
  );
}

/** Things of the same form that there are not. */
export const nothing: Asked = {
  connection: 'i99999999',
  link: 'i99999999',
  merged: 'i99999999',
  disconnected: 'i99999999',
  conflict: 'i99999999.abcdefabcdef',
  failure: 'i99999999',
  run: 'i99999999',
  company: 'c999',
  inTrouble: 'c999',
  inConflict: 'c999',
};

/** Without what names the thing that was asked for, and the request. */
export function withoutNames({ status, headers, json }: Answered, names: object): string {
  const { instance: _instance, ...rest } = json ?? {};
  let text = JSON.stringify({ status, headers, json: rest });
  for (const name of Object.values(names).toSorted((one, other) => other.length - one.length)) {
    text = text.replaceAll(String(name), '…');
  }
  return text;
}
