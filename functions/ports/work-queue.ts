import * as z from 'zod';
import { lanes } from '../core/timing/lanes.ts';

const envelope = {
  tenantId: z.string(),
  connectionId: z.string(),
  runId: z.string(),
  lane: z.enum(lanes),
  interactive: z.boolean(),
  /** Counts planned waits from 1; never the queue's receive count. */
  attempt: z.number().int().min(1),
  /** Since when a system has put this work off, milliseconds by our clock. */
  throttledSinceMs: z.number().optional(),
  /** By the caps on what a tenant has in hand: how often, and how often it had been received until then. */
  putOff: z.object({ times: z.number().int(), receives: z.number().int() }).optional(),
  /** When the first of the attempts failed, milliseconds by our clock. */
  troubledSinceMs: z.number().optional(),
  /** The try before met what an administrator would have to mend: met again, it is believed. */
  doubted: z.boolean().optional(),
};

/** Detect links to look at: one page of one chain of a run. */
export const DetectMessage = z.strictObject({
  kind: z.literal('detect'),
  ...envelope,
  /** `crm:{table}`, `erp:{table}`: changes since the cursor · `due`: due items without a live message · `links:{type}`: every link. */
  chain: z.string(),
  page: z.number().int().min(0),
});
export type DetectMessage = z.infer<typeof DetectMessage>;

/** Look at the links of a chunk. */
export const LookMessage = z.strictObject({
  kind: z.literal('look'),
  ...envelope,
  chunkId: z.string(),
  /** Of a comparison that makes nothing due: what is due of its links is left to others. */
  passing: z.boolean().optional(),
  linkIds: z.array(z.string()).min(1).max(100),
});
export type LookMessage = z.infer<typeof LookMessage>;

/** A connection's schedule fired. */
export const DispatchMessage = z.strictObject({
  kind: z.literal('poll'),
  tenantId: z.string(),
  connectionId: z.string(),
  /** Of the connection; schedules of an earlier version do not name it. */
  connectorId: z.string().optional(),
});
export type DispatchMessage = z.infer<typeof DispatchMessage>;

/** The schedule of a deleted connection fired: its time to be restored may be over. */
const PurgeCall = z.strictObject({ kind: z.literal('purge'), tenantId: z.string(), connectionId: z.string() });

/** What a schedule calls the dispatcher with. */
export const ScheduleCall = z.discriminatedUnion('kind', [DispatchMessage, PurgeCall]);

/** Remove links and runs of a connection that is purged, as many as one message may. */
export const PurgeMessage = z.strictObject({
  kind: z.literal('purge'),
  tenantId: z.string(),
  connectionId: z.string(),
  lane: z.literal('low'),
  interactive: z.literal(false),
});
export type PurgeMessage = z.infer<typeof PurgeMessage>;

/** Work of a run, with the systems of a connection. */
export const WorkMessage = z.discriminatedUnion('kind', [DetectMessage, LookMessage]);
export type WorkMessage = z.infer<typeof WorkMessage>;

export const QueueMessage = z.discriminatedUnion('kind', [DetectMessage, LookMessage, PurgeMessage]);
export type QueueMessage = z.infer<typeof QueueMessage>;

export interface SendOptions {
  /** At most 900 000 (SQS). */
  readonly delayMs?: number;
}

/** At-least-once, unordered. */
export interface WorkQueue {
  /** Sends all, in batches; throws if one could not be sent (then some may have been). Safe to repeat: handlers tolerate duplicates. */
  send(messages: readonly QueueMessage[], options?: SendOptions): Promise<void>;
}

/** Messages of one tenant are one fair-queue group; interactive work has a group of its own. */
export function messageGroup(message: { tenantId: string; interactive: boolean }): string {
  return message.interactive ? `${message.tenantId}#i` : message.tenantId;
}
