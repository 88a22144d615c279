import { randomBytes } from 'node:crypto';
import { systemUserId } from './associates.ts';

const ticketLifetimeMs = 6 * 3_600_000;

/** Tickets are good for 6 hours after their last use (spec 2.4); they do not survive a restart. */
export type Tickets = Map<string, { associateId: number; lastUsedMs: number }>;

export function issueTicket(tickets: Tickets, nowMs: number): string {
  const ticket = `7T:${randomBytes(24).toString('base64')}`;
  tickets.set(ticket, { associateId: systemUserId, lastUsedMs: nowMs });
  return ticket;
}

/** The user of a ticket, or undefined if it is unknown or expired. Using it starts its 6 hours again. */
export function useTicket(tickets: Tickets, ticket: string, nowMs: number): number | undefined {
  const known = tickets.get(ticket);
  if (known === undefined || nowMs - known.lastUsedMs > ticketLifetimeMs) return undefined;
  known.lastUsedMs = nowMs;
  return known.associateId;
}
