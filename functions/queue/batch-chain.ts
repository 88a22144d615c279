import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { asSyncError, SyncError } from '../core/errors.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { QueueMessage } from '../ports/work-queue.ts';

export interface BatchChainDeps {
  /** `receiveCount`: how often the queue has handed this message out, this time included. */
  readonly handle: (message: QueueMessage, receiveCount: number) => Promise<void>;
  readonly telemetry: Telemetry;
}

type Outcome = 'handled' | 'failed';

/**
 * Handles the messages of a batch one after the other and reports those that failed, so that only they come back. What
 * cannot be read fails every time and ends in the dead-letter queue. Bodies are never logged.
 */
export function batchChain({ handle, telemetry }: BatchChainDeps) {
  const handleRecord = middy<SQSRecord, Outcome>({
    // Middy would answer for a handler that is still at work; the frozen work would go on in the next invocation, with
    // a lease that has run out. Lambda's own timeout ends it.
    timeoutEarlyInMillis: 0,
  })
    .use(reportFailure(telemetry))
    .handler(async (record): Promise<Outcome> => {
      await handle(messageOf(record), receiveCountOf(record));
      return 'handled';
    });

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const batchItemFailures = [];
    for (const record of event.Records) {
      const outcome = await handleRecord(record, context);
      if (outcome === 'failed') batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures };
  };
}

function reportFailure(telemetry: Telemetry): MiddlewareObj<SQSRecord, Outcome> {
  return {
    onError: ({ event, error }) => {
      const failure = asSyncError(error);
      const receives = receiveCountOf(event);
      telemetry.failure('message-failed', failure, { messageId: event.messageId, receives });
      telemetry.count('MessagesFailed', 1, { kind: failure.kind });
      return 'failed';
    },
  };
}

/** Neither the body nor what zod says of it leaves this function: both hold what the sender wrote. */
function messageOf({ body, messageId }: SQSRecord): QueueMessage {
  const unreadable = () => new SyncError('defect', `The message ${messageId} cannot be read.`);
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw unreadable();
  }
  const parsed = QueueMessage.safeParse(content);
  if (!parsed.success) throw unreadable();
  return parsed.data;
}

function receiveCountOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}
