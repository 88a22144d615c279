import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { ListSecretVersionIdsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventBridgeSchedules, scheduleName } from '../../functions/adapters/aws/scheduler/eventbridge-schedules.ts';
import { secretsVault } from '../../functions/adapters/aws/secrets/secrets-vault.ts';
import { sqsWorkQueue } from '../../functions/adapters/aws/sqs/sqs-work-queue.ts';
import { systemRuntime } from '../../functions/adapters/runtime/system-runtime.ts';
import type { WorkMessage } from '../../functions/ports/work-queue.ts';
import { LOCAL_REGION, type Ministack, startMinistack } from '../../local/ministack.ts';
import { freePort } from '../../local/ports.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'aws-adapters-'));
const runtime = systemRuntime();
let aws: Ministack;

beforeAll(async () => {
  aws = await startMinistack({ folder, port: await freePort(), enforceIam: false });
});
afterAll(async () => {
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const connection = () => ({
  endpoint: aws.url,
  region: LOCAL_REGION,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const vaultOf = () =>
  secretsVault({ client: new SecretsManagerClient(connection()), prefix: 'erp-sync/test', runtime });

test('each version of a secret is read by its id, whatever came after', async () => {
  const vault = vaultOf();
  const first = await vault.write('T1', 'crm', { systemToken: 'one' });
  const second = await vault.write('T1', 'crm', { systemToken: 'two' });
  expect(await vault.read('T1', 'crm', first)).toEqual({ systemToken: 'one' });
  expect(await vault.read('T1', 'crm', second)).toEqual({ systemToken: 'two' });
});

test('a version keeps a label through fifteen more writes, so that AWS does not delete it', async () => {
  const vault = vaultOf();
  const inUse = await vault.write('T1', 'C1', { password: 'in use' });
  for (let write = 0; write < 15; write += 1) await vault.write('T1', 'C1', { password: `try ${write}` });
  const client = new SecretsManagerClient(connection());
  const { Versions = [] } = await client.send(
    new ListSecretVersionIdsCommand({ SecretId: 'erp-sync/test/T1/C1', IncludeDeprecated: true }),
  );
  expect(Versions.find(({ VersionId }) => VersionId === inUse)?.VersionStages).toHaveLength(1);
  expect(new Set(Versions.flatMap(({ VersionStages = [] }) => VersionStages)).size).toBeLessThanOrEqual(20);
  expect(await vaultOf().read('T1', 'C1', inUse)).toEqual({ password: 'in use' });
});

test('of two versions written at once each keeps its secret and a label of its own', async () => {
  await vaultOf().write('T7', 'C1', { password: 'before' });
  const made = await Promise.all(['one', 'two'].map((password) => vaultOf().write('T7', 'C1', { password })));
  const { Versions = [] } = await new SecretsManagerClient(connection()).send(
    new ListSecretVersionIdsCommand({ SecretId: 'erp-sync/test/T7/C1' }),
  );
  const labels = made.map((id) => Versions.find(({ VersionId }) => VersionId === id)?.VersionStages?.[0]);
  expect(new Set([...labels, undefined]).size).toBe(3);
  for (const [at, password] of ['one', 'two'].entries()) {
    expect(await vaultOf().read('T7', 'C1', made[at] ?? '')).toEqual({ password });
  }
});

test('a secret or version that does not exist is misconfigured; removing one is safe to repeat', async () => {
  const vault = vaultOf();
  const version = await vault.write('T1', 'C2', { password: 'x' });
  await expect(vault.read('T1', 'C3', version)).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(vault.read('T1', 'C2', '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
    kind: 'misconfigured',
  });
  await vault.remove('T1', 'C2');
  await vault.remove('T1', 'C2');
  await vault.remove('T1', 'never-there');
  await expect(vaultOf().read('T1', 'C2', version)).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('all secrets of a tenant are removed, and none of another whose id begins alike', async () => {
  const vault = vaultOf();
  const made = [];
  for (const owner of ['crm', 'C1', 'C2']) made.push([owner, await vault.write('T9', owner, { password: owner })]);
  const other = await vault.write('T99', 'C1', { password: 'of another' });
  await vault.removeAll('T9');
  await vault.removeAll('T9');
  for (const [owner = '', version = ''] of made) {
    await expect(vaultOf().read('T9', owner, version)).rejects.toMatchObject({ kind: 'misconfigured' });
  }
  expect(await vaultOf().read('T99', 'C1', other)).toEqual({ password: 'of another' });
});

test('a secret that was removed can be written again', async () => {
  const vault = vaultOf();
  await vault.write('T2', 'crm', { systemToken: 'one' });
  await vault.remove('T2', 'crm');
  const version = await vault.write('T2', 'crm', { systemToken: 'two' });
  expect(await vault.read('T2', 'crm', version)).toEqual({ systemToken: 'two' });
});

test('a removed secret is taken back with its versions; taking back what was not removed changes nothing', async () => {
  const vault = vaultOf();
  const version = await vault.write('T5', 'crm', { systemToken: 'one' });
  await vault.remove('T5', 'crm');
  await vault.restore('T5', 'crm');
  await vault.restore('T5', 'crm');
  expect(await vaultOf().read('T5', 'crm', version)).toEqual({ systemToken: 'one' });
  await vault.restore('T6', 'crm');
});

test('a schedule is put, changed and removed, each safe to repeat', async () => {
  const client = new SchedulerClient(connection());
  await client.send(new CreateScheduleGroupCommand({ Name: 'erp-sync-test' }));
  const schedules = eventBridgeSchedules({
    client,
    groupName: 'erp-sync-test',
    dispatcherArn: 'arn:aws:lambda:eu-west-1:000000000000:function:dispatcher',
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  });
  const read = () =>
    client.send(new GetScheduleCommand({ GroupName: 'erp-sync-test', Name: scheduleName('T1', 'C1') }));
  await schedules.put('T1', 'C1', 15);
  await schedules.put('T1', 'C1', 1);
  await schedules.put('T1', 'C1', 1);
  const { ScheduleExpression, Target } = await read();
  expect(ScheduleExpression).toBe('rate(1 minutes)');
  expect(JSON.parse(Target?.Input ?? '')).toEqual({ kind: 'poll', tenantId: 'T1', connectionId: 'C1' });
  const from = new Date(Date.now() + 86_400_000).toISOString();
  await schedules.putPurge('T1', 'C1', from);
  await schedules.putPurge('T1', 'C1', from);
  const purge = await read();
  expect(purge.ScheduleExpression).toBe('rate(60 minutes)');
  expect(purge.StartDate?.toISOString().slice(0, 19)).toBe(from.slice(0, 19));
  expect(JSON.parse(purge.Target?.Input ?? '')).toEqual({ kind: 'purge', tenantId: 'T1', connectionId: 'C1' });
  await schedules.putPurge('T1', 'C1', undefined);
  await schedules.remove('T1', 'C1');
  await schedules.remove('T1', 'C1');
  const { Schedules } = await client.send(new ListSchedulesCommand({ GroupName: 'erp-sync-test' }));
  expect(Schedules).toEqual([]);
});

test('work arrives in the queue of its lane, in the group of its tenant', async () => {
  const client = new SQSClient(connection());
  const make = async (name: string) =>
    (await client.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl ?? 'none';
  const queueUrls = { high: await make('high'), normal: await make('normal'), low: await make('low') };
  const message: WorkMessage = {
    kind: 'detect',
    tenantId: 'T1',
    connectionId: 'C1',
    runId: 'R1',
    lane: 'low',
    interactive: false,
    attempt: 1,
    chain: 'due',
    page: 0,
  };
  await sqsWorkQueue({ client, queueUrls }).send([message]);
  const receive = async (lane: 'high' | 'low') =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrls[lane], MessageSystemAttributeNames: ['All'] })))
      .Messages ?? [];
  expect(await receive('high')).toEqual([]);
  const [received] = await receive('low');
  expect(JSON.parse(received?.Body ?? '')).toEqual(message);
  expect(received?.Attributes?.MessageGroupId).toBe('T1');
});
