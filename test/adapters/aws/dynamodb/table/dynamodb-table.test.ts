import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { dynamoDbTable } from '../../../../../functions/adapters/aws/dynamodb/table/dynamodb-table.ts';

/** What AWS does under load and the emulator never does, said by a server of our own. */
interface Answer {
  readonly status?: number;
  readonly body: object;
  /** The connection breaks instead. */
  readonly lost?: boolean;
}

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function tableThatAnswers(answers: readonly Answer[], maxAttempts = 1) {
  const calls: { operation: string; body: Record<string, unknown> }[] = [];
  const listening = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { status = 200, body, lost } = answers[Math.min(calls.length, answers.length - 1)] ?? { body: {} };
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      calls.push({ operation, body: JSON.parse(Buffer.concat(parts).toString()) });
      if (lost) response.destroy();
      else response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  });
  return { table: dynamoDbTable({ client, tableName: 'T', random: () => 0 }), calls };
}

const type = (name: string) => `com.amazonaws.dynamodb.v20120810#${name}`;
const cancelled = (...codes: string[]): Answer => ({
  status: 400,
  body: {
    __type: type('TransactionCanceledException'),
    CancellationReasons: codes.map((Code) => ({ Code })),
  },
});
const refused = (name: string, status = 400): Answer => ({ status, body: { __type: type(name), message: 'words' } });
const key = { pk: 'p', sk: 's' };
const stored = { pk: { S: 'p' }, sk: { S: 's' } };

test('a transaction that clashes with another is tried again with the same token', async () => {
  const { table, calls } = await tableThatAnswers([cancelled('None', 'TransactionConflict'), { body: {} }]);
  const writes = [{ delete: key }, { update: { ...key, sk: 'b' }, add: { n: 1 } }];
  expect(await table.transact(writes, 'token')).toEqual({ ok: true });
  expect(calls.map(({ body }) => body.ClientRequestToken)).toEqual(['token', 'token']);
});

test('a transaction whose answer was lost is repeated under its own token', async () => {
  const { table, calls } = await tableThatAnswers([{ body: {}, lost: true }, { body: {} }], 2);
  expect(await table.transact([{ delete: key }])).toEqual({ ok: true });
  const [first, second] = calls.map(({ body }) => body.ClientRequestToken);
  expect(first).toEqual(expect.any(String));
  expect(second).toBe(first);
});

test('a transaction still in progress is repeated under its own token, so that it is made once', async () => {
  const { table, calls } = await tableThatAnswers([refused('TransactionInProgressException'), { body: {} }]);
  expect(await table.transact([{ update: key, add: { n: 1 } }])).toEqual({ ok: true });
  const tokens = calls.map(({ body }) => body.ClientRequestToken);
  expect(tokens).toEqual([tokens[0], tokens[0]]);
  expect(tokens[0]).toEqual(expect.any(String));
});

test('a failed condition is the answer even where another write clashed', async () => {
  const { table, calls } = await tableThatAnswers([cancelled('ConditionalCheckFailed', 'TransactionConflict')]);
  const writes = [{ delete: key }, { delete: { ...key, sk: 'b' } }];
  expect(await table.transact(writes)).toEqual({ ok: false, failed: [0] });
  expect(calls).toHaveLength(1);
});

test('a single write that meets a transaction is tried again', async () => {
  const { table, calls } = await tableThatAnswers([refused('TransactionConflictException'), { body: {} }]);
  expect(await table.write({ delete: key })).toEqual({ ok: true });
  expect(calls).toHaveLength(2);
});

test('keys that were not processed are asked for again, those alone', async () => {
  const { table, calls } = await tableThatAnswers([
    { body: { Responses: { T: [] }, UnprocessedKeys: { T: { Keys: [stored] } } } },
    { body: { Responses: { T: [stored] } } },
  ]);
  expect(await table.getMany([key, { ...key, sk: 'b' }])).toEqual([key]);
  expect(calls[1]?.body).toMatchObject({ RequestItems: { T: { Keys: [stored], ConsistentRead: true } } });
});

test('items that were not processed are put again, those alone', async () => {
  const unprocessed = [{ PutRequest: { Item: { ...stored, n: { N: '1' } } } }];
  const { table, calls } = await tableThatAnswers([{ body: { UnprocessedItems: { T: unprocessed } } }, { body: {} }]);
  await table.putMany([
    { ...key, n: 1 },
    { ...key, sk: 'b' },
  ]);
  expect(calls[1]?.body).toMatchObject({ RequestItems: { T: unprocessed } });
});

test('refusals are told apart: throttled, transient, defect', async () => {
  const kindOf = async (answer: Answer) => {
    const { table } = await tableThatAnswers([answer]);
    return table.get(key).catch((error: unknown) => error);
  };
  expect(await kindOf(refused('ProvisionedThroughputExceededException'))).toMatchObject({ kind: 'throttled' });
  expect(await kindOf(refused('ThrottlingException'))).toMatchObject({ kind: 'throttled' });
  expect(await kindOf(refused('InternalServerError', 500))).toMatchObject({ kind: 'transient' });
  const defect = await kindOf(refused('ValidationException'));
  expect(defect).toMatchObject({ kind: 'defect', message: 'A DynamoDB call failed (ValidationException).' });
});

test('a table that does not answer is transient trouble', async () => {
  const { table } = await tableThatAnswers([]);
  server?.close();
  server?.closeAllConnections();
  await expect(table.get(key)).rejects.toMatchObject({ kind: 'transient' });
});
