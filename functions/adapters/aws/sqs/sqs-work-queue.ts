import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { batches } from '../../../core/batches.ts';
import { SyncError } from '../../../core/errors.ts';
import { type Lane, lanes } from '../../../core/timing/lanes.ts';
import { messageGroup, type QueueMessage, type SendOptions, type WorkQueue } from '../../../ports/work-queue.ts';
import { awsFailure } from '../aws-failure.ts';

export interface SqsWorkQueueOptions {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Lane, string>>;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxEntries = 10;
const maxDelayMs = 900_000;
const maxAttempts = 4;
const firstPauseMs = 100;

/** One standard queue per lane. With a message group, a standard queue is a fair queue: order is not kept. */
export function sqsWorkQueue({ client, queueUrls }: SqsWorkQueueOptions): WorkQueue {
  return {
    async send(messages, options) {
      for (const lane of lanes) {
        const entries = messages.filter((message) => message.lane === lane).map((message) => entry(message, options));
        for (const batch of batches(entries, maxEntries)) await sendBatch(client, queueUrls[lane], batch);
      }
    },
  };
}

function entry(message: QueueMessage, options: SendOptions = {}): Omit<SendMessageBatchRequestEntry, 'Id'> {
  const delayMs = options.delayMs ?? 0;
  if (delayMs > maxDelayMs) throw new SyncError('defect', `A delay of ${delayMs} ms is more than a queue can hold.`);
  return {
    MessageBody: JSON.stringify(message),
    MessageGroupId: messageGroup(message),
    DelaySeconds: Math.ceil(delayMs / 1000),
  };
}

/** What a batch leaves unsent is sent again, unless the message itself is at fault. */
async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly Omit<SendMessageBatchRequestEntry, 'Id'>[],
): Promise<void> {
  let unsent = messages.map((message, index) => ({ ...message, Id: String(index) }));
  for (let attempt = 1; ; attempt += 1) {
    const failed = await failedEntries(client, queueUrl, unsent);
    if (failed.length === 0) return;
    const ours = failed.find((failure) => failure.SenderFault);
    if (ours) throw new SyncError('defect', `SQS refuses ${failed.length} messages (${codeOf(ours)}).`);
    const code = codeOf(failed[0]);
    if (attempt === maxAttempts) throw new SyncError('transient', `${failed.length} messages were not sent (${code}).`);
    const ids = new Set(failed.map((failure) => failure.Id));
    unsent = unsent.filter((message) => ids.has(message.Id));
    await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** (attempt - 1)));
  }
}

async function failedEntries(
  client: SQSClient,
  queueUrl: string,
  entries: SendMessageBatchRequestEntry[],
): Promise<BatchResultErrorEntry[]> {
  try {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    return answer.Failed ?? [];
  } catch (error) {
    throw awsFailure('SQS SendMessageBatch', error);
  }
}

/** A failure's message may repeat the body; its code is a word. */
function codeOf(failure: BatchResultErrorEntry | undefined): string {
  const code = failure?.Code ?? '';
  return /^[A-Za-z.]{1,80}$/.test(code) ? code : 'no code';
}
