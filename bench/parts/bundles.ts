/** Size of each function's bundle, and what importing it takes in a fresh process, beside the SDK's clients and zod alone. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle, writeBundle } from '../../lib/bundle.ts';
import { bundleFile } from '../bundle.ts';
import { count, type Figure, ofRuns } from '../figure.ts';

const root = path.resolve(import.meta.dirname, '../..');
const handlers = ['authorizer', 'connections', 'links', 'sync', 'dispatcher', 'worker'];
const imports = 5;

/** Whatever the handlers look for; nothing is called while they are imported. */
const variables = {
  STAGE: 'bench',
  TABLE_NAME: 'x',
  QUEUE_URL_HIGH: 'x',
  QUEUE_URL_NORMAL: 'x',
  QUEUE_URL_LOW: 'x',
  SCHEDULE_GROUP: 'x',
  DISPATCHER_ARN: 'x',
  SCHEDULER_ROLE_ARN: 'x',
  SECRET_PREFIX: 'x',
  SIGNING_KEY_SECRET: 'x',
  OUTBOUND_ALLOW_HTTP: 'false',
  OUTBOUND_ALLOW_LOOPBACK: 'false',
  OUTBOUND_PRIVATE_RANGES: '',
  LEASE_SECONDS: '70',
  STALLED_SECONDS: '600',
  CALLER_REQUESTS_PER_MINUTE: '1',
  TENANT_REQUESTS_PER_MINUTE: '1',
  AWS_REGION: 'eu-west-1',
};

interface Deployed {
  readonly entry: string;
  /** Of the scripts that are loaded at once, in bytes; what is loaded when used is left out. */
  readonly sizes: readonly number[];
}

/** The code of a function as it would be deployed. */
function deployed(handler: string, folder: string): Deployed {
  const { entry, code, imports } = bundle(handler);
  const atOnce = new Set<string>();
  const load = (file: string) => {
    if (atOnce.has(file)) return;
    atOnce.add(file);
    for (const one of imports[file] ?? []) if (!one.isDynamic) load(one.file);
  };
  load(entry);
  const sizes = [...atOnce].map((file) => Buffer.byteLength(code[file] ?? ''));
  return { entry: path.join(writeBundle(handler, folder), 'index.mjs'), sizes };
}

interface Imported {
  readonly cpuMs: number;
  readonly rssMb: number;
  /** After an error of the handler was written with its stack. */
  readonly rssAfterErrorMb: number;
}

/** Imports a bundle in a fresh process, then hands it an event that it cannot read. */
const importing = `
const [, file] = process.argv;
const before = process.cpuUsage();
const { handler } = await import(file);
const { user, system } = process.cpuUsage(before);
const rssMb = process.memoryUsage.rss() / 2 ** 20;
try {
  await handler?.({ Records: [{ body: '{', messageId: 'bench', attributes: {} }] }, {});
} catch (error) {
  String(error.stack);
}
const rssAfterErrorMb = process.memoryUsage.rss() / 2 ** 20;
const found = JSON.stringify({ cpuMs: (user + system) / 1000, rssMb, rssAfterErrorMb });
process.stdout.write('\\n' + found, () => process.exit());
`;

function imported({ entry }: Deployed): Imported {
  const env = { PATH: process.env.PATH, ...variables };
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', importing, '--', entry], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text.toString().trim().split('\n').at(-1) ?? '');
}

/** The same SDK clients and zod, used no more than the functions do: what nothing can import in less. */
const floorSource = `import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
export const clients = [DynamoDBDocumentClient.from(new DynamoDBClient()), new SchedulerClient(), new SecretsManagerClient(), new SQSClient()];
export const commands = [BatchGetCommand, BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand, CreateScheduleCommand, DeleteScheduleCommand, UpdateScheduleCommand, GetSecretValueCommand, PutSecretValueCommand, SendMessageBatchCommand, TransactionCanceledException];
export const schema = z.strictObject({ text: z.string() });
`;

function figuresOf(name: string, { sizes }: Deployed, runs: readonly Imported[]): Figure[] {
  const of = (what: string, value: (run: Imported) => number, unit: string) =>
    ofRuns(`bundles.${name}.${what}`, runs.map(value), unit);
  return [
    count(`bundles.${name}.size`, sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000, 'KB of scripts'),
    count(`bundles.${name}.files`, sizes.length, 'scripts'),
    of('import', ({ cpuMs }) => cpuMs, 'ms of CPU'),
    of('memory', ({ rssMb }) => rssMb, 'MB RSS after the import'),
    of('memory-of-first-error', ({ rssMb, rssAfterErrorMb }) => rssAfterErrorMb - rssMb, 'MB RSS more'),
  ];
}

export async function measure(): Promise<Figure[]> {
  // Inside the project, so that its packages are found.
  const folder = mkdtempSync(path.join(root, 'node_modules', '.bench-'));
  const outside = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const floorEntry = path.join(folder, 'floor.ts');
    writeFileSync(floorEntry, floorSource);
    const entry = bundleFile(floorEntry, path.join(outside, 'floor'));
    const floor: Deployed = { entry, sizes: [statSync(entry).size] };
    const all = new Map([['floor', floor], ...handlers.map((name) => [name, deployed(name, outside)] as const)]);
    const runs = new Map([...all.keys()].map((name) => [name, [] as Imported[]]));
    // In turn, so that all meet the same machine; the first round warms its file cache up.
    for (let round = 0; round <= imports; round += 1) {
      for (const [name, one] of all) {
        const found = imported(one);
        if (round > 0) runs.get(name)?.push(found);
      }
    }
    const floorMs = (runs.get('floor') ?? []).map(({ cpuMs }) => cpuMs);
    return [...all].flatMap(([name, one]) => {
      const found = runs.get(name) ?? [];
      const byFloor = found.map(({ cpuMs }, at) => cpuMs / (floorMs[at] ?? Number.NaN));
      return [
        ...figuresOf(name, one, found),
        ...(name === 'floor'
          ? []
          : [{ ...ofRuns(`bundles.${name}.import-by-floor`, byFloor, '× floor'), worse: 'higher' as const }]),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
  }
}
