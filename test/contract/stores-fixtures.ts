import { randomUUID } from 'node:crypto';
import type { ApiKey } from '../../functions/core/model/api-key.ts';
import type { Connection } from '../../functions/core/model/connection.ts';
import { noParts, type WholeActorType } from '../../functions/core/model/connection-setup.ts';
import type { Connector } from '../../functions/core/model/connector.ts';
import type { DueItem } from '../../functions/core/model/due.ts';
import type { Failure } from '../../functions/core/model/failure.ts';
import type { FieldChange } from '../../functions/core/model/field-change.ts';
import { type Link, type LinkEnds, pairOf } from '../../functions/core/model/link.ts';
import { type Chunk, noCounts, type Run } from '../../functions/core/model/run.ts';
import type { Tenant } from '../../functions/core/model/tenant.ts';

/** Things to store, each in a tenant of its own unless told; `at` is when everything happened. */
export const at = '2026-11-23T08:00:00.000Z';
export const newId = () => randomUUID().replaceAll('-', '').slice(0, 26);

/** Ends of a company and a customer, other parts where told. */
export function ends(over: { crm?: Partial<LinkEnds['crm']>; erp?: Partial<LinkEnds['erp']> }): LinkEnds {
  return {
    crm: { type: 'company', table: 'contact', key: 'crm 1', ...over.crm },
    erp: { type: 'customer', table: 'party.party', key: 'erp#1', ...over.erp },
  };
}

export function aLink(over: Partial<Link> = {}): Link {
  return {
    tenantId: newId(),
    id: newId(),
    connectionId: 'c1',
    ends: ends({}),
    state: 'pending',
    revision: 1,
    fieldStates: {},
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: at,
    createdBy: 'key1',
    ...over,
  };
}

export function dueOf(link: Link, over: Partial<DueItem> = {}): DueItem {
  return { tenantId: link.tenantId, connectionId: link.connectionId, linkId: link.id, sequence: newId(), ...over };
}

export function aRun(over: Partial<Run> = {}): Run {
  return {
    tenantId: newId(),
    id: newId(),
    connectionId: 'c1',
    kind: 'sync',
    scope: { kind: 'connection' },
    trigger: { by: 'user', caller: 'key1' },
    dryRun: false,
    lane: 'normal',
    interactive: false,
    state: 'running',
    latent: false,
    chains: { due: { page: 0 }, 'erp:party.party': { page: 0 } },
    open: 0,
    counters: noCounts(),
    createdAt: at,
    lastProgressAt: at,
    ...over,
  };
}

export function aChunk(run: Run, id: string, linkIds: string[]): Chunk {
  const { tenantId, connectionId, lane } = run;
  return { tenantId, runId: run.id, id, connectionId, linkIds, pending: linkIds, lane, sentAt: at };
}

export function aChange(link: Link, over: Partial<FieldChange> = {}): FieldChange {
  const { tenantId, connectionId } = link;
  return {
    tenantId,
    id: newId(),
    connectionId,
    linkId: link.id,
    runId: 'r1',
    at,
    ...pairOf(link),
    erpField: 'name',
    crmField: 'name',
    side: 'crm',
    oldValue: null,
    newValue: 'ACME',
    rule: 'changed-in-erp',
    outcome: 'written',
    ...over,
  };
}

export function aFailure(link: Link, over: Partial<Failure> = {}): Failure {
  return {
    tenantId: link.tenantId,
    id: newId(),
    connectionId: link.connectionId,
    linkId: link.id,
    kind: 'rejected',
    reason: 'too-long',
    fields: [],
    attempts: 1,
    firstAt: at,
    lastAt: at,
    ...over,
  };
}

export function aTenant(over: Partial<Tenant> = {}): Tenant {
  const id = newId();
  return {
    id,
    crmContext: `Cust-${id}`,
    revision: 1,
    defaultConflictPolicy: { kind: 'crm-wins' },
    retentionDays: 30,
    createdAt: at,
    ...over,
  };
}

export function anApiKey(tenantId: string, over: Partial<ApiKey> = {}): ApiKey {
  return { tenantId, id: newId(), name: 'first', role: 'admin', secretHash: 'h', createdAt: at, revision: 1, ...over };
}

export function aConnector(tenantId: string, over: Partial<Connector> = {}): Connector {
  const { id = newId() } = over;
  const base = { id, kind: 'tryton', name: `Tryton ${id}`, url: 'https://erp.example/db' } as const;
  return { ...base, tenantId, connections: 0, revision: 1, createdAt: at, ...over };
}

export function aConnection(connector: Connector, over: Partial<Connection> = {}): Connection {
  const { id = newId() } = over;
  return {
    tenantId: connector.tenantId,
    id,
    connectorId: connector.id,
    connectorKind: connector.kind,
    connectorUrl: connector.url,
    name: `Office ${id}`,
    state: 'inactive',
    config: { database: 'erp' },
    secretsSet: [],
    place: 0,
    intervalMinutes: 60,
    activatedBefore: false,
    revision: 1,
    createdAt: at,
    ...over,
  };
}

export function anActorType(connection: Connection, over: Partial<WholeActorType> = {}): WholeActorType {
  return {
    tenantId: connection.tenantId,
    connectionId: connection.id,
    actorType: 'customer',
    crmType: 'company',
    label: 'Customers',
    erpTable: 'party.party',
    crmTable: 'contact',
    erpFields: [],
    crmFields: [],
    active: false,
    fields: [],
    revision: 1,
    readFrom: noParts,
    ...over,
  };
}
