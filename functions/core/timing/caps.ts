import type { Side } from '../model/side.ts';

/** Worker messages that are in hand at once, of one connection and of all connections of a tenant. */
export const messagesInHand = { connection: 4, tenant: 8 } as const;

/** A worker's share of the calls that may be open to a system: the CRM is its tenant's, an ERP its connection's. */
export function callsAtOnce(callsOpen: number, side: Side): number {
  return Math.max(1, Math.floor(callsOpen / messagesInHand[side === 'crm' ? 'tenant' : 'connection']));
}
