import type { Lane } from '../functions/core/timing/lanes.ts';
import type { StageName } from '../functions/wiring/env.ts';

/** What differs between stages; everything else is the same everywhere. */
export interface Stage {
  readonly name: StageName;
  /** Whether data survives the deletion of the stack. */
  readonly keepsData: boolean;
  readonly logRetentionDays: 3 | 14 | 90;
  /** Messages handled at a time, per lane; AWS wants at least 2. */
  readonly concurrency: Readonly<Record<Lane, number>>;
  readonly workerTimeoutSeconds: number;
  readonly outbound: {
    readonly allowHttp: boolean;
    readonly allowLoopback: boolean;
    /** On-premises networks reached over VPN, in CIDR form. */
    readonly privateRanges: readonly string[];
  };
  /** Requests per second over all callers. */
  readonly requestsPerSecond: number;
  /** Of one API key, and of all keys of a tenant. */
  readonly requestsPerMinute: { readonly caller: number; readonly tenant: number };
  /** An AWS emulator: without TLS, and its IAM differs from AWS's in what `priority-queues.ts` and `schedules.ts` bridge. */
  readonly isEmulated: boolean;
}

const publicHttpsOnly = { allowHttp: false, allowLoopback: false, privateRanges: [] };

export const stages: Readonly<Record<StageName, Stage>> = {
  dev: {
    name: 'dev',
    keepsData: false,
    logRetentionDays: 14,
    concurrency: { high: 5, normal: 5, low: 2 },
    workerTimeoutSeconds: 60,
    outbound: publicHttpsOnly,
    requestsPerSecond: 100,
    requestsPerMinute: { caller: 600, tenant: 1_200 },
    isEmulated: false,
  },
  prod: {
    name: 'prod',
    keepsData: true,
    logRetentionDays: 90,
    concurrency: { high: 20, normal: 20, low: 10 },
    workerTimeoutSeconds: 60,
    outbound: publicHttpsOnly,
    requestsPerSecond: 500,
    requestsPerMinute: { caller: 1_200, tenant: 3_000 },
    isEmulated: false,
  },
  /** One machine: a killed batch must come back within a minute; ERP and CRM are on loopback, by plain http. */
  local: {
    name: 'local',
    keepsData: false,
    logRetentionDays: 3,
    concurrency: { high: 2, normal: 2, low: 2 },
    workerTimeoutSeconds: 10,
    outbound: { allowHttp: true, allowLoopback: true, privateRanges: [] },
    requestsPerSecond: 500,
    requestsPerMinute: { caller: 100_000, tenant: 100_000 },
    isEmulated: true,
  },
};

/** `-c reserve=true`: the worker's concurrency is kept for it; not by default, for a new account may have too little of it. */
export function isReserved(context: unknown): boolean {
  if (context === undefined) return false;
  const said = [true, false].find((value) => String(context) === String(value));
  if (said === undefined) throw new Error('Reserve concurrency? Say -c reserve=true or nothing.');
  return said;
}

/** The stage named by `-c stage=…`; there is no other by default: a forgotten word deploys nothing. */
export function stageNamed(name: unknown): Stage {
  const known = Object.values(stages).find((stage) => stage.name === name);
  if (!known) throw new Error(`Which stage? Say -c stage=${Object.keys(stages).join('|')}.`);
  return known;
}

/** `-c alertEmail=…`: whom alerts are sent to; nobody by default. */
export function emailNamed(context: unknown): string | undefined {
  if (context === undefined) return undefined;
  if (typeof context === 'string' && /^[^\s@]+@[^\s@]+$/.test(context)) return context;
  throw new Error('Whom to send alerts to? Say -c alertEmail=name@example.com or nothing.');
}

/** `-c restoredTable=…`: the table that holds the data since a restore, which AWS makes under a name of its own. */
export function restoredTableNamed({ name }: Stage, context: unknown): string | undefined {
  if (context === undefined) return undefined;
  if (typeof context === 'string' && context.startsWith(`erp-sync-${name}-`) && /^[\w.-]{3,255}$/.test(context))
    return context;
  throw new Error(`Which table was restored? Its name begins with erp-sync-${name}- in stage ${name}.`);
}
