import type { Crm } from './crm.ts';
import type { Reply } from './http.ts';

/** The refusal of a call beyond the tenant's limit, by the server's clock; undefined while there is room. */
export function overLimit(crm: Crm): Reply | undefined {
  const { callsPerSecond, limitTellsWait } = crm.faults;
  if (callsPerSecond === 0) return undefined;
  const nowMs = crm.nowMs();
  crm.recentCallsMs = crm.recentCallsMs.filter((ms) => nowMs - ms < 1000);
  if (crm.recentCallsMs.length < callsPerSecond) {
    crm.recentCallsMs.push(nowMs);
    return undefined;
  }
  return { status: 429, html: 'Too Many Requests', headers: limitTellsWait ? { 'Retry-After': '1' } : {} };
}
