import type { Runtime } from '../../../../ports/runtime.ts';
import type { Tenants } from '../../../../ports/tenants.ts';

/** How long a tenant keeps its change log and its ended runs. */
export type RetentionDays = (tenantId: string) => Promise<number>;

const dayMs = 86_400_000;
const cacheMs = 300_000;
const defaultDays = 90;

/** The tenant's own setting, cached in memory for 5 minutes: it decides only when things may be cleaned up. */
export function tenantRetention(parts: {
  readonly tenants: Pick<Tenants, 'get'>;
  readonly runtime: Pick<Runtime, 'nowMs'>;
}): RetentionDays {
  const known = new Map<string, { readonly days: number; readonly untilMs: number }>();
  return async (tenantId) => {
    const cached = known.get(tenantId);
    if (cached && cached.untilMs > parts.runtime.nowMs()) return cached.days;
    const days = (await parts.tenants.get(tenantId))?.retentionDays ?? defaultDays;
    known.set(tenantId, { days, untilMs: parts.runtime.nowMs() + cacheMs });
    return days;
  };
}

/** Milliseconds since 1970. */
export function expiryAfter(at: string, days: number): number {
  return Date.parse(at) + days * dayMs;
}
