import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { batches } from '../../../../core/batches.ts';
import { SyncError } from '../../../../core/errors.ts';
import type { Item, Key, Table, TransactResult, Write, WriteResult } from '../../../../ports/table.ts';
import { awsErrorName } from '../../aws-failure.ts';
import { distinct } from './address-of.ts';
import { dynamoDbError, dynamoDbThrottled } from './dynamodb-error.ts';
import { asItem, asStored, keyOnly, transactItem } from './dynamodb-writes.ts';
import { keyExpression, placeholders } from './expressions.ts';
import { writesPerTransaction } from './one-transaction.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const keysPerBatchGet = 100;
const itemsPerBatchWrite = 25;

/** Pauses between tries where transactions clash or items stay unprocessed, jittered: about 6 s in all. */
const pausesMs = [25, 50, 100, 200, 400, 800, 1_600, 3_000];

export interface DynamoDbTableParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
}

type BatchRequest = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

type Attempt<T> = { readonly done: T } | { readonly again: string };

/**
 * The Table port on DynamoDB. Reads are strongly consistent, but for indexes: there DynamoDB offers none.
 *
 * Always true: a condition that failed is an answer; only clashes and what was left unprocessed are tried again here. After
 * a lost answer the SDK repeats the request: a transaction under the same token, so that it is one; a single write may meet
 * its own effect. A crash leaves a transaction whole or not at all, and any part of `putMany` and `deleteMany`. Attacked by
 * test/contract/table-suite.ts and test/adapters/aws/dynamodb/table/dynamodb-table.test.ts.
 */
export function dynamoDbTable({ client, tableName, random }: DynamoDbTableParts): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const TableName = tableName;

  const withPauses = async <T>(attempt: () => Promise<Attempt<T>>): Promise<T> => {
    let last = '';
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await sleep(pauseMs * (0.5 + random()));
      const outcome = await attempt();
      if ('done' in outcome) return outcome.done;
      last = outcome.again;
    }
    throw dynamoDbThrottled(last);
  };

  const getBatch = (keys: readonly Key[]): Promise<Item[]> => {
    const found: Item[] = [];
    let left: Record<string, unknown>[] = keys.map(keyOnly);
    return withPauses<Item[]>(async () => {
      const request = { RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } };
      const answer = await documents.send(new BatchGetCommand(request)).catch(rethrow);
      found.push(...(answer.Responses?.[tableName] ?? []).map(asItem));
      left = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      return left.length > 0 ? { again: 'UnprocessedKeys' } : { done: found };
    });
  };

  const writeBatch = (requests: readonly BatchRequest[]): Promise<true> => {
    let left = requests;
    return withPauses<true>(async () => {
      const request = { RequestItems: { [tableName]: [...left] } };
      const answer = await documents.send(new BatchWriteCommand(request)).catch(rethrow);
      left = answer.UnprocessedItems?.[tableName] ?? [];
      return left.length > 0 ? { again: 'UnprocessedItems' } : { done: true };
    });
  };

  const writeOnce = async (write: Write): Promise<WriteResult> => {
    const { Put, Delete, Update } = transactItem(write, tableName);
    if (Put) await documents.send(new PutCommand(Put));
    if (Delete) await documents.send(new DeleteCommand(Delete));
    if (!Update) return { ok: true };
    const { Attributes } = await documents.send(new UpdateCommand({ ...Update, ReturnValues: 'ALL_NEW' }));
    return { ok: true, item: Attributes && asItem(Attributes) };
  };

  return {
    async get(key) {
      const command = new GetCommand({ TableName, Key: keyOnly(key), ConsistentRead: true });
      const { Item } = await documents.send(command).catch(rethrow);
      return Item && asItem(Item);
    },
    async getMany(keys) {
      return (await Promise.all(batches(distinct(keys), keysPerBatchGet).map(getBatch))).flat();
    },
    async query(request) {
      const terms = placeholders();
      const command = new QueryCommand({
        TableName,
        KeyConditionExpression: keyExpression(request, terms),
        ...terms.parts(),
        IndexName: request.index,
        ConsistentRead: request.index === undefined,
        ScanIndexForward: !request.descending,
        Limit: request.limit,
        ExclusiveStartKey: request.start === undefined ? undefined : JSON.parse(request.start),
      });
      const { Items = [], LastEvaluatedKey } = await documents.send(command).catch(rethrow);
      return { items: Items.map(asItem), next: LastEvaluatedKey && JSON.stringify(LastEvaluatedKey) };
    },
    async putMany(items) {
      const requests = distinct(items).map((item) => ({ PutRequest: { Item: asStored(item) } }));
      for (const batch of batches(requests, itemsPerBatchWrite)) await writeBatch(batch);
    },
    async deleteMany(keys) {
      const requests = distinct(keys).map((key) => ({ DeleteRequest: { Key: keyOnly(key) } }));
      for (const batch of batches(requests, itemsPerBatchWrite)) await writeBatch(batch);
    },
    write: (write) =>
      withPauses<WriteResult>(async () => {
        try {
          return { done: await writeOnce(write) };
        } catch (error) {
          const name = awsErrorName(error);
          if (name === 'ConditionalCheckFailedException') return { done: { ok: false } };
          if (name === 'TransactionConflictException') return { again: name };
          throw dynamoDbError(error);
        }
      }),
    async transact(writes, token, onClash = 'try-again') {
      if (writes.length > writesPerTransaction) {
        throw new SyncError(
          'defect',
          `A transaction has ${writes.length} writes; at most ${writesPerTransaction} fit.`,
        );
      }
      const TransactItems = writes.map((write) => transactItem(write, tableName));
      // One token for all tries: the one that was still in progress may be made after all.
      const ClientRequestToken = token ?? randomUUID();
      return await withPauses<TransactResult>(async () => {
        try {
          await documents.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));
          return { done: { ok: true } };
        } catch (error) {
          const outcome = afterRefusal(error);
          const clashed = 'again' in outcome && outcome.again !== inProgress;
          return clashed && onClash === 'tell' ? { done: { ok: false, failed: [] } } : outcome;
        }
      });
    },
  };
}

/** The same transaction, whose answer was lost: it may be made after all. */
const inProgress = 'TransactionInProgressException';
const clashCodes = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * A failed condition is the answer even where another part clashed; a clash alone is tried again.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
function afterRefusal(error: unknown): Attempt<TransactResult> {
  if (awsErrorName(error) === inProgress) return { again: inProgress };
  if (!(error instanceof TransactionCanceledException)) throw dynamoDbError(error);
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
  const failed = codes.flatMap((code, position) => (code === 'ConditionalCheckFailed' ? [position] : []));
  if (failed.length > 0) return { done: { ok: false, failed } };
  const clash = codes.find((code) => clashCodes.has(code));
  if (clash) return { again: clash };
  const reasons = codes.filter((code) => code !== 'None').join(', ');
  throw new SyncError('defect', `DynamoDB cancelled a transaction (${reasons}).`, { cause: error });
}

function rethrow(error: unknown): never {
  throw dynamoDbError(error);
}
