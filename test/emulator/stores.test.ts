import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient, type GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamoDbTable } from '../../functions/adapters/aws/dynamodb/table/dynamodb-table.ts';
import { LOCAL_REGION, type Ministack, startMinistack } from '../../local/ministack.ts';
import { freePort } from '../../local/ports.ts';
import { auditSuite } from '../contract/stores-audit-suite.ts';
import { brakesSuite } from '../contract/stores-brakes-suite.ts';
import { inHandSuite } from '../contract/stores-in-hand-suite.ts';
import { linksSuite } from '../contract/stores-links-suite.ts';
import { listsSuite } from '../contract/stores-lists-suite.ts';
import { logSuite } from '../contract/stores-log-suite.ts';
import { metadataSuite } from '../contract/stores-metadata-suite.ts';
import { proposalsSuite } from '../contract/stores-proposals-suite.ts';
import { purgeSuite } from '../contract/stores-purge-suite.ts';
import { recordSuite } from '../contract/stores-record-suite.ts';
import { runsSuite } from '../contract/stores-runs-suite.ts';
import { sessionsSuite } from '../contract/stores-sessions-suite.ts';
import { setUpSuite } from '../contract/stores-set-up-suite.ts';
import { sharedSuite } from '../contract/stores-shared-suite.ts';
import { sizesSuite } from '../contract/stores-sizes-suite.ts';
import { unsentSuite } from '../contract/stores-unsent-suite.ts';
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

for (const suite of [
  tableSuite,
  auditSuite,
  brakesSuite,
  linksSuite,
  sharedSuite,
  recordSuite,
  runsSuite,
  proposalsSuite,
  unsentSuite,
  logSuite,
  inHandSuite,
  sessionsSuite,
  setUpSuite,
  listsSuite,
  metadataSuite,
  purgeSuite,
  sizesSuite,
])
  suite('DynamoDB', tableOf);
tableLimitsSuite('DynamoDB', tableOf, {
  unenforced: {
    'stored-transaction': 'MiniStack counts the bytes of the request, not of the items',
    'index-key-length': 'MiniStack measures the keys of the table only',
    in: 'MiniStack counts no operands',
  },
});
