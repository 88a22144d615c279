import type { Context, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import type { QueueMessage } from '../../functions/ports/work-queue.ts';
import { batchChain } from '../../functions/queue/batch-chain.ts';

const look = (chunkId: string): QueueMessage => ({
  kind: 'look',
  tenantId: 'T1',
  connectionId: 'C1',
  runId: 'R1',
  lane: 'normal',
  interactive: false,
  attempt: 1,
  chunkId,
  linkIds: ['L1'],
});

function record(messageId: string, body: string, receives = 1): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: 'receipt',
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:queue',
    awsRegion: 'eu-west-1',
  };
}

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'worker',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '512',
  awsRequestId: 'request',
  logGroupName: 'logs',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 1,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

function chain(handle: (message: QueueMessage, receives: number) => Promise<void>) {
  const logged: { event: string; error: SyncError; ids: unknown }[] = [];
  const run = batchChain({
    handle,
    telemetry: {
      info: () => {},
      failure: (event, error, ids) => void logged.push({ event, error, ids }),
      count: () => {},
    },
  });
  return { logged, handle: (records: SQSRecord[]) => run({ Records: records }, context) };
}

test('messages are handled one after the other, with their receive counts', async () => {
  const steps: string[] = [];
  const { handle } = chain(async (message, receives) => {
    const name = message.kind === 'look' ? message.chunkId : message.kind;
    steps.push(`${name} begins (${receives})`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    steps.push(`${name} ends`);
  });
  const answer = await handle([
    record('m1', JSON.stringify(look('one')), 2),
    record('m2', JSON.stringify(look('two'))),
  ]);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(steps).toEqual(['one begins (2)', 'one ends', 'two begins (1)', 'two ends']);
});

test('only the messages that failed come back', async () => {
  const { handle, logged } = chain(async (message) => {
    if (message.kind === 'look' && message.chunkId === 'bad') throw new SyncError('transient', 'Away.');
  });
  const answer = await handle([
    record('m1', JSON.stringify(look('good'))),
    record('m2', JSON.stringify(look('bad')), 3),
    record('m3', JSON.stringify(look('good'))),
  ]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  expect(logged).toMatchObject([{ event: 'message-failed', ids: { messageId: 'm2', receives: 3 } }]);
});

test('a message that cannot be read fails as a defect without its text in the log', async () => {
  const { handle, logged } = chain(async () => {});
  const answer = await handle([
    record('m1', 'SECRET no JSON'),
    record('m2', JSON.stringify({ ...look('one'), lane: 'SECRET' })),
    record('m3', JSON.stringify({ ...look('one'), SECRET: true })),
  ]);
  expect(answer.batchItemFailures).toHaveLength(3);
  for (const { error, ids } of logged) {
    expect(error.kind).toBe('defect');
    expect(error.cause).toBeUndefined();
    expect(`${error.message} ${JSON.stringify(ids)}`).not.toContain('SECRET');
  }
});

test('work is never answered for while it is still going on', async () => {
  let isDone = false;
  const { handle } = chain(async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    isDone = true;
  });
  // The context says that 1 ms is left.
  const answer = await handle([record('m1', JSON.stringify(look('one')))]);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(isDone).toBe(true);
});
