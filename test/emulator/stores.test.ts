import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient, type GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamoDbTable } from '../../functions/adapters/aws/dynamodb/table/dynamodb-table.ts';
import { LOCAL_REGION, type Ministack, startMinistack } from '../../local/ministack.ts';
import { freePort } from '../../local/ports.ts';
import { storesSuites } from '../contract/every-stores-suite.ts';
import { tableLimitsSuite } from '../contract/table-limits-suite.ts';
import { tableSuite } from '../contract/table-suite.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stores-'));
const tableName = 'erp-sync-stores';
let aws: Ministack;
let client: DynamoDBClient;

const indexNames = ['gsi1', 'gsi2', 'gsi3'];
const indexes = indexNames.map(
  (IndexName): GlobalSecondaryIndex => ({
    IndexName,
    KeySchema: [
      { AttributeName: `${IndexName}pk`, KeyType: 'HASH' },
      { AttributeName: `${IndexName}sk`, KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }),
);

beforeAll(async () => {
  aws = await startMinistack({ folder, port: await freePort(), enforceIam: false });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new DynamoDBClient({ endpoint: aws.url, region: LOCAL_REGION, credentials });
  const names = ['', ...indexNames].flatMap((index) => [`${index}pk`, `${index}sk`]);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: indexes,
    }),
  );
});
afterAll(async () => {
  client?.destroy();
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tableOf = () => dynamoDbTable({ client, tableName, random: Math.random });

for (const suite of [tableSuite, ...storesSuites]) suite('DynamoDB', tableOf);
tableLimitsSuite('DynamoDB', tableOf, {
  unenforced: {
    'stored-transaction': 'MiniStack counts the bytes of the request, not of the items',
    'index-key-length': 'MiniStack measures the keys of the table only',
    in: 'MiniStack counts no operands',
  },
});
