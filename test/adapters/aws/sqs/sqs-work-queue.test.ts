import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { sqsWorkQueue } from '../../../../functions/adapters/aws/sqs/sqs-work-queue.ts';
import type { WorkMessage } from '../../../../functions/ports/work-queue.ts';

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(
    z.object({ Id: z.string(), MessageBody: z.string(), MessageGroupId: z.string(), DelaySeconds: z.number() }),
  ),
});
type Batch = z.infer<typeof Batch>;
type Refusal = { Id: string; SenderFault: boolean; Code: string; Message: string };

let server: Server | undefined;
afterEach(() => void server?.close());

/** The part of SQS's JSON protocol that a send uses; `refuse` says which entries of a batch it does not take. */
async function sqs(refuse: (batch: Batch, call: number) => Refusal[] = () => []) {
  const batches: Batch[] = [];
  const listening = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const batch = Batch.parse(JSON.parse(Buffer.concat(chunks).toString()));
      batches.push(batch);
      const Failed = refuse(batch, batches.length);
      const bad = new Set(Failed.map((failure) => failure.Id));
      const Successful = batch.Entries.filter(({ Id }) => !bad.has(Id)).map(({ Id }) => ({ Id, MessageId: Id }));
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify({ Successful, Failed }));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new SQSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    md5: false,
  });
  const queueUrls = { high: `${endpoint}/0/high`, normal: `${endpoint}/0/normal`, low: `${endpoint}/0/low` };
  return { batches, queue: sqsWorkQueue({ client, queueUrls }) };
}

function look(chunkId: string, change: Partial<WorkMessage> = {}): WorkMessage {
  return {
    kind: 'look',
    tenantId: 'T1',
    connectionId: 'C1',
    runId: 'R1',
    lane: 'normal',
    interactive: false,
    attempt: 1,
    chunkId,
    linkIds: ['L1'],
    ...change,
  } as WorkMessage;
}

test('23 messages of one lane go in three batches', async () => {
  const { batches, queue } = await sqs();
  await queue.send(Array.from({ length: 23 }, (_, index) => look(`chunk-${index}`)));
  expect(batches.map((batch) => batch.Entries.length)).toEqual([10, 10, 3]);
  const sent = batches.flatMap((batch) => batch.Entries.map((entry) => JSON.parse(entry.MessageBody).chunkId));
  expect(new Set(sent).size).toBe(23);
});

test('each lane has its queue, high first; interactive work has a group of its own', async () => {
  const { batches, queue } = await sqs();
  await queue.send([look('a', { lane: 'low' }), look('b', { lane: 'high', interactive: true })], { delayMs: 1_500 });
  expect(batches.map(({ QueueUrl, Entries }) => [QueueUrl.split('/').at(-1), Entries[0]?.MessageGroupId])).toEqual([
    ['high', 'T1#i'],
    ['low', 'T1'],
  ]);
  expect(batches[0]?.Entries[0]?.DelaySeconds).toBe(2);
});

test('only what SQS did not take is sent again', async () => {
  const { batches, queue } = await sqs((_batch, call) =>
    call === 1 ? [{ Id: '1', SenderFault: false, Code: 'InternalError', Message: '' }] : [],
  );
  await queue.send([look('a'), look('b'), look('c')]);
  expect(batches.map((batch) => batch.Entries.map((entry) => JSON.parse(entry.MessageBody).chunkId))).toEqual([
    ['a', 'b', 'c'],
    ['b'],
  ]);
});

test('a message that stays unsent is a transient failure, one that SQS blames on us a defect; neither repeats a body', async () => {
  const away = await sqs(() => [{ Id: '0', SenderFault: false, Code: 'InternalError', Message: 'SECRET' }]);
  await expect(away.queue.send([look('SECRET')])).rejects.toMatchObject({
    kind: 'transient',
    message: '1 messages were not sent (InternalError).',
  });
  server?.close();
  const ours = await sqs(() => [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'SECRET' }]);
  await expect(ours.queue.send([look('SECRET')])).rejects.toMatchObject({
    kind: 'defect',
    message: 'SQS refuses 1 messages (InvalidMessageContents).',
  });
  expect(ours.batches).toHaveLength(1);
});

test('a delay beyond what SQS holds is refused before anything is sent', async () => {
  const { batches, queue } = await sqs();
  await expect(queue.send([look('a')], { delayMs: 900_001 })).rejects.toMatchObject({ kind: 'defect' });
  expect(batches).toEqual([]);
});
