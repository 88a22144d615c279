/**
 * The HTTP API in memory: all routes through the real chain, the real stores on a counting memory table, two memory
 * record systems, and the memory adapters of vault, schedules, queue and telemetry.
 */
import type { Context } from 'aws-lambda';
import { apiKeysStore } from '../../functions/adapters/aws/dynamodb/set-up/api-keys.ts';
import { auditStore } from '../../functions/adapters/aws/dynamodb/set-up/audit.ts';
import { idempotencyKeysStore } from '../../functions/adapters/aws/dynamodb/set-up/idempotency-keys.ts';
import { mappingVersionsStore } from '../../functions/adapters/aws/dynamodb/set-up/mapping-versions.ts';
import { ratesStore } from '../../functions/adapters/aws/dynamodb/set-up/rates.ts';
import { sessionsStore } from '../../functions/adapters/aws/dynamodb/set-up/sessions.ts';
import { tenantsStore } from '../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import { callBudget } from '../../functions/adapters/http/call-budget.ts';
import { memoryAlerts } from '../../functions/adapters/memory/memory-alerts.ts';
import { memoryQueue } from '../../functions/adapters/memory/memory-queue.ts';
import { memorySchedules } from '../../functions/adapters/memory/memory-schedules.ts';
import { memorySight } from '../../functions/adapters/memory/memory-sight.ts';
import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { memoryTelemetry } from '../../functions/adapters/memory/memory-telemetry.ts';
import { memoryVault } from '../../functions/adapters/memory/memory-vault.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { Tenant } from '../../functions/core/model/tenant.ts';
import { keptSight } from '../../functions/features/access/kept-sight.ts';
import type { Application } from '../../functions/features/application.ts';
import { authenticateCaller } from '../../functions/features/sessions/authenticate-caller.ts';
import { renewSession } from '../../functions/features/sessions/renew-session.ts';
import { sealer } from '../../functions/features/sessions/sealed.ts';
import type { SignInApplication } from '../../functions/features/sessions/sign-in-application.ts';
import { itemTexts } from '../../functions/features/systems/item-texts.ts';
import { createTenant } from '../../functions/features/tenants/create-tenant.ts';
import { keptCrmTables } from '../../functions/features/tenants/kept-crm-tables.ts';
import { allRoutes } from '../../functions/http/all-routes.ts';
import { type HttpDeps, httpChain } from '../../functions/http/chain/http-chain.ts';
import type { HttpEvent } from '../../functions/http/chain/http-request.ts';
import { type Verdict, verdictOf } from '../../functions/http/chain/principal.ts';
import type { RateLimits } from '../../functions/ports/rates.ts';
import type { RecordSystem } from '../../functions/ports/record-system.ts';
import type { RecordSystems } from '../../functions/ports/record-systems.ts';
import type { Runtime } from '../../functions/ports/runtime.ts';
import type { RenewalMessage } from '../../functions/ports/session-renewal.ts';
import type { Item } from '../../functions/ports/table.ts';
import type { Vault } from '../../functions/ports/vault.ts';
import type { WorkMessage } from '../../functions/ports/work-queue.ts';
import { handleWork } from '../../functions/sync/handle-work.ts';
import { identityProviders } from '../../functions/wiring/identity-providers.ts';
import { recordingTable } from '../contract/recording-table.ts';
import { undocumentedBodyOf, undocumentedIn } from '../http/contract/documented.ts';
import { storesOn } from '../property/stores-on.ts';
import { crmSystem, crmType, erpSystem, erpType } from './api-systems.ts';
import { ProviderDouble } from './sessions/provider-double.ts';

export const goodPassword = 'correct horse';
export const goodToken = 'system-token';
/** Where every request comes from. */
export const callerAddress = '203.0.113.7';

/** Where our own pages are. */
export const publicUrl = 'https://sync.example.com';

/** Who there is in the CRM. */
const directory = {
  users: async () => [
    { id: '5', name: 'Tom Berg' },
    { id: '10', name: 'Anna Lund' },
  ],
  groups: async () => [
    { id: '1', name: 'Management' },
    { id: '2', name: 'Sales' },
  ],
};

/** What the remote calls of one request share. */
export type Budgeted = ReturnType<typeof callBudget>;

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every form
  readonly json: any;
}

export interface Sent {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly role?: 'admin' | 'user' | 'service' | 'none';
  readonly tenantId?: string;
  /** As the authorizer finds who calls; instead of role and tenant. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A system that answers nothing but this error. */
function refusing(system: RecordSystem, error: () => SyncError): RecordSystem {
  return new Proxy(system, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function' || property === 'callCount' || property === 'capabilities') {
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async () => {
        throw error();
      };
    },
  });
}

/** A batch of more than 100 keys is several calls, and one of none is none. */
function callsOf(method: string | symbol, [keys]: readonly unknown[]): number {
  return method === 'getMany' && Array.isArray(keys) ? Math.ceil(keys.length / 100) : 1;
}

type Count = (method: string | symbol, parameters: readonly unknown[]) => void;

function counting<Counted extends object>(table: Counted, count: Count): Counted {
  return new Proxy(table, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        count(property, parameters);
        return Reflect.apply(member, target, parameters);
      };
    },
  });
}

export class ApiWorld {
  nowMs = Date.UTC(2026, 10, 23, 8);
  readonly crm = crmSystem(() => this.nowMs);
  readonly erp = erpSystem(() => this.nowMs);
  /** Where the CRM's users sign in. */
  readonly provider = new ProviderDouble(() => this.nowMs);
  /** What of the CRM's records its users see. */
  readonly sight = memorySight(({ crmType, crmKey }) => {
    const table = this.crm.options.types.find(({ type }) => type === crmType)?.table ?? '';
    return this.crm.tables.get(table)?.has(crmKey) === true;
  });
  app: Application & SignInApplication & HttpDeps;
  private readonly vault = memoryVault();
  private readonly planned = memorySchedules();
  private readonly queue = memoryQueue();
  private readonly telemetry = memoryTelemetry();
  readonly secrets = this.vault.secrets;
  readonly schedules = this.planned.everyMinutes;
  readonly purgesFrom = this.planned.purges;
  readonly logged = this.telemetry.told;
  /** Of the last request, the authorizer apart: calls to the table, and to the store of secrets. */
  storageCalls = 0;
  /** Before each call of the table, which fails if it throws. */
  storageGate: (method: string | symbol, parameters: readonly unknown[]) => void = () => {};
  private readonly recorded = recordingTable(memoryTable());
  /** Set to make either end refuse everything. */
  erpError: (() => SyncError) | undefined;
  crmError: (() => SyncError) | undefined;
  tenantId = '';
  otherTenantId = '';
  private ids = 0;
  private handler: ReturnType<typeof httpChain>;

  /** `systems`: other ones than the two in memory; `joins`: reads of one moment are one call, as they are deployed. */
  constructor(systems?: (parts: { runtime: Runtime; vault: Vault; budget: Budgeted }) => RecordSystems, joins = false) {
    const nowMs = () => this.nowMs;
    const budget = callBudget({ nowMs });
    const runtime = {
      nowMs,
      now: () => new Date(this.nowMs).toISOString(),
      newId: () => {
        this.ids += 1;
        return `i${String(this.ids).padStart(8, '0')}`;
      },
      random: () => 0.5,
      sleep: async (ms: number) => {
        this.nowMs += ms;
      },
    };
    const table = counting(this.recorded, (method, parameters) => {
      this.storageGate(method, parameters);
      this.storageCalls += callsOf(method, parameters);
    });
    const crmTables = keptCrmTables(
      { tenants: tenantsStore({ table }), systems: { crm: (tenant: Tenant) => this.app.systems.crm(tenant) } },
      runtime,
    );
    const guarded = (system: RecordSystem, error: (() => SyncError) | undefined): RecordSystem =>
      error ? refusing(system, error) : system;
    const app: Omit<typeof this.app, 'itemTexts'> = {
      ...storesOn(table, runtime, joins),
      apiKeys: apiKeysStore({ table }),
      audit: auditStore({ table }),
      mappingVersions: mappingVersionsStore({ table }),
      idempotencyKeys: idempotencyKeysStore({ table, runtime }),
      signingKey: async () => 'signing key of the tests, long enough',
      callBudget: budget,
      vault: counting(this.vault, () => {
        this.storageCalls += 1;
      }),
      queue: this.queue,
      schedules: this.planned,
      systems: systems?.({ runtime, vault: this.vault, budget }) ?? {
        crm: async () => guarded(this.crm, this.crmError),
        erp: async () => guarded(this.erp, this.erpError),
        candidateErp: async (_kind, _url, config) =>
          guarded(this.erp, config.password === goodPassword ? this.erpError : wrongPassword),
        candidateCrm: async (_kind, _site, config) =>
          guarded(this.crm, config.systemToken === goodToken ? this.crmError : wrongToken),
        reachErp: async (_kind, url) => {
          if (url.includes('nowhere')) {
            throw new SyncError('transient', 'Nothing answers.', { explanation: 'connection refused' });
          }
        },
        connectorTypes: (side) => (side === 'crm' ? [crmType] : [erpType]),
      },
      directories: { of: async () => directory },
      recordSight: keptSight(this.sight, runtime),
      crmTables: { of: (tenantId, crmType) => crmTables.of(tenantId, crmType) },
      sessions: sessionsStore({ table }),
      identityProviders: identityProviders({ http: this.provider, runtime, vault: this.vault }),
      sealer: sealer(async () => 'session key of the tests, long enough'),
      signIn: { publicUrl },
      runtime,
      telemetry: this.telemetry,
      alerts: memoryAlerts(),
      settings: { leaseMs: 70_000, stalledAfterMs: 120_000 },
    };
    this.app = { ...app, itemTexts: itemTexts(app, budget) };
    this.handler = httpChain(allRoutes, this.app);
    this.limitFailures = (limit) => {
      const many = { caller: 100_000, tenant: 100_000 };
      const limits = { requests: many, 'interactive-runs': many, 'failed-sign-ins': limit };
      this.app = { ...this.app, rates: ratesStore({ table, runtime, telemetry: this.telemetry, limits }) };
      this.handler = httpChain(allRoutes, this.app);
    };
  }

  /** From now on so many sign-ins may fail within a minute. */
  readonly limitFailures: (limit: RateLimits) => void;

  /** Every answer must be one that the contract allows, and every body that was taken. */
  async send(method: string, path: string, sent: Sent = {}): Promise<Answered> {
    const lambda = await this.verdictOn(sent);
    const [pathname = '', query = ''] = path.split('?', 2);
    const body = sent.rawBody ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const event = {
      version: '2.0',
      rawPath: pathname,
      rawQueryString: query,
      headers: { ...sent.headers },
      isBase64Encoded: false,
      ...(body !== undefined && { body }),
      requestContext: {
        requestId: `r${this.ids}`,
        http: { method, path: pathname, sourceIp: callerAddress },
        ...(lambda && { authorizer: { lambda } }),
      },
    } as unknown as HttpEvent;
    this.storageCalls = 0;
    const answer = await this.handler(event, {} as Context);
    const isCsv = String(answer.headers?.['content-type']).startsWith('text/csv');
    const json = answer.body === undefined || isCsv ? answer.body : JSON.parse(answer.body);
    const answered = { status: answer.statusCode ?? 0, headers: answer.headers ?? {}, json };
    const exchange = { method, path, body, ...answered };
    const undocumented = [...undocumentedIn(exchange), ...undocumentedBodyOf(exchange)];
    if (undocumented.length > 0) {
      throw new Error(
        `${method} ${path} ${answered.status} is not as docs/openapi.json says: ${undocumented.join('; ')}`,
      );
    }
    return answered;
  }

  /** What the authorizer says of an Authorization header. */
  async authorize(bearer: string): Promise<Verdict> {
    const renewal = { renew: (message: RenewalMessage) => renewSession(this.app, message) };
    return verdictOf(await authenticateCaller({ ...this.app, renewal }, `Bearer ${bearer}`));
  }

  private async verdictOn({ role = 'admin', tenantId = this.tenantId, bearer }: Sent): Promise<object | undefined> {
    if (bearer !== undefined) return this.authorize(bearer);
    if (role === 'none') return undefined;
    return { tenantId, caller: `key-of-${role}`, role, name: `The ${role} key` };
  }

  /** With the entity tag of what is at the path now. */
  async change(method: string, path: string, body?: unknown): Promise<Answered> {
    const { headers } = await this.send('GET', path);
    return this.send(method, path, { body, headers: { 'if-match': String(headers.etag) } });
  }

  get messages(): readonly WorkMessage[] {
    return this.queue.waiting.flatMap(({ message }) => (message.kind === 'purge' ? [] : [message]));
  }

  /** How many messages of purges wait. */
  get purgeMessages(): number {
    return this.queue.waiting.filter(({ message }) => message.kind === 'purge').length;
  }

  /** Every item that there is. */
  async standing(): Promise<readonly Item[]> {
    return this.recorded.standing();
  }

  /** What is in the queue is lost. */
  loseMessages(): void {
    while (this.queue.take());
  }

  /** Takes all messages out of the queue, as if they were lost. */
  takeAll(): WorkMessage[] {
    const taken: WorkMessage[] = [];
    for (let next = this.queue.take(); next; next = this.queue.take()) {
      if (next.message.kind !== 'purge') taken.push(next.message);
    }
    return taken;
  }

  async tenants(): Promise<void> {
    this.tenantId = (await createTenant(this.app, { crmContext: 'Cust11111' })).tenantId;
    this.otherTenantId = (await createTenant(this.app, { crmContext: 'Cust22222' })).tenantId;
  }

  /** Everything in the queue, in order. */
  async work(): Promise<void> {
    for (let steps = 0; ; steps += 1) {
      if (steps > 200) throw new Error('the queue does not run dry');
      const next = this.queue.take();
      if (!next) return;
      await handleWork(this.app, next.message, 1);
    }
  }
}

function wrongPassword(): SyncError {
  return new SyncError('unauthorised', 'The ERP refused the credentials.', { explanation: 'Wrong user or password' });
}

function wrongToken(): SyncError {
  return new SyncError('unauthorised', 'The CRM refused the credentials.', { explanation: 'Token is not valid' });
}
