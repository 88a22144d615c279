import { expect, test } from 'vitest';
import * as z from 'zod';
import { lanes } from '../../functions/core/timing/lanes.ts';
import { isReserved, stageNamed, stages } from '../../lib/stages.ts';
import { Resource, resourcesOf, templateOf } from './synthesised-stack.ts';

const templates = { dev: templateOf('dev'), prod: templateOf('prod'), local: templateOf('local') };
const everyStage = Object.entries(templates).map(([name, template]) => ({ stage: stageNamed(name), template }));
const { prod } = templates;

const Queue = z.looseObject({
  QueueName: z.string(),
  VisibilityTimeout: z.number().optional(),
  MessageRetentionPeriod: z.number(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() }).optional(),
  SqsManagedSseEnabled: z.literal(true),
});

const queuesOf = (template: typeof prod) =>
  Object.values(resourcesOf(template, 'AWS::SQS::Queue')).map(({ Properties }) => Queue.parse(Properties));

test('every lane has a queue and every queue a dead-letter queue that keeps messages longer', () => {
  for (const { stage, template } of everyStage) {
    const queues = queuesOf(template);
    for (const lane of lanes) {
      const queue = queues.find(({ QueueName }) => QueueName === `erp-sync-${stage.name}-${lane}`);
      const dead = queues.find(({ QueueName }) => QueueName === `erp-sync-${stage.name}-${lane}-dead`);
      expect(JSON.stringify(queue?.RedrivePolicy?.deadLetterTargetArn)).toContain(`${lane}dead`);
      expect(dead?.MessageRetentionPeriod).toBeGreaterThan(queue?.MessageRetentionPeriod ?? 0);
    }
    expect(queues).toHaveLength(6);
  }
});

test('a message reaches the dead-letter queue only after the engine has split and parked it', () => {
  for (const queue of queuesOf(prod)) {
    if (queue.RedrivePolicy) expect(queue.RedrivePolicy.maxReceiveCount).toBe(5);
  }
});

test('a message stays invisible for at least six times the worker timeout', () => {
  for (const { stage, template } of everyStage) {
    const worker = functionOf(template, 'worker');
    for (const queue of queuesOf(template)) {
      if (queue.RedrivePolicy) expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * worker.Timeout);
    }
    expect(worker.Timeout).toBe(stage.workerTimeoutSeconds);
  }
});

const Lambda = z.looseObject({
  FunctionName: z.string(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Timeout: z.number(),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  LoggingConfig: z.object({ LogGroup: z.object({ Ref: z.string() }) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

const functionsOf = (template: typeof prod) =>
  Object.values(resourcesOf(template, 'AWS::Lambda::Function')).map(({ Properties }) => Lambda.parse(Properties));

function functionOf(template: typeof prod, handler: string) {
  const found = functionsOf(template).find(({ FunctionName }) => FunctionName.endsWith(`-${handler}`));
  if (!found) throw new Error(`No function ${handler}.`);
  return found;
}

test('there are seven functions, each with a role of its own', () => {
  const functions = functionsOf(prod);
  expect(functions.map(({ FunctionName }) => FunctionName.replace('erp-sync-prod-', '')).toSorted()).toEqual([
    'authorizer',
    'connections',
    'dispatcher',
    'links',
    'session',
    'sync',
    'worker',
  ]);
  expect(new Set(functions.map(({ Role }) => Role['Fn::GetAtt'][0])).size).toBe(7);
});

test('every function runs on Node 24 and arm64, and reads no source maps', () => {
  for (const one of functionsOf(prod)) {
    expect(one).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(one.Environment.Variables.NODE_OPTIONS).toBeUndefined();
  }
});

test('every function logs to a group of its own that forgets', () => {
  for (const { stage, template } of everyStage) {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    const used = functionsOf(template).map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(new Set(used).size).toBe(7);
    for (const id of used) expect(groups[id]?.Properties.RetentionInDays).toBe(stage.logRetentionDays);
  }
});

test('no function of the API works longer than API Gateway waits', () => {
  for (const handler of ['connections', 'links', 'sync', 'authorizer']) {
    expect(functionOf(prod, handler).Timeout).toBeLessThan(30);
  }
});

test('the worker has one event source per lane, each with its own concurrency and item failures', () => {
  for (const { stage, template } of everyStage) {
    const sources = Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'));
    expect(sources).toHaveLength(3);
    for (const { Properties } of sources) {
      expect(Properties).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    }
    const concurrency = sources.map(({ Properties }) =>
      z.object({ MaximumConcurrency: z.number() }).parse(Properties.ScalingConfig),
    );
    expect(concurrency.map(({ MaximumConcurrency }) => MaximumConcurrency).toSorted()).toEqual(
      Object.values(stage.concurrency).toSorted(),
    );
  }
});

const Reserved = z.object({ FunctionName: z.string(), ReservedConcurrentExecutions: z.number().optional() });

const reservedIn = (template: typeof prod) =>
  Object.values(resourcesOf(template, 'AWS::Lambda::Function')).map(({ Properties }) => Reserved.parse(Properties));

test('no function reserves concurrency unless it is asked for', () => {
  for (const { template } of everyStage) {
    for (const one of reservedIn(template)) expect(one.ReservedConcurrentExecutions).toBeUndefined();
  }
});

test('with -c reserve=true the worker alone reserves what its lanes hand out at once', () => {
  for (const { stage } of everyStage) {
    const reserved = reservedIn(templateOf(stage.name, { reserve: true })).filter(
      ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions !== undefined,
    );
    const { high, normal, low } = stage.concurrency;
    expect(reserved).toEqual([
      { FunctionName: `erp-sync-${stage.name}-worker`, ReservedConcurrentExecutions: high + normal + low },
    ]);
  }
});

test('concurrency is reserved by the word true only, and another word is refused', () => {
  expect([undefined, false, 'false', true, 'true'].map(isReserved)).toEqual([false, false, false, true, true]);
  expect(() => isReserved('yes')).toThrow('Reserve concurrency? Say -c reserve=true or nothing.');
});

test('the table is on demand, restorable to any point in time, and its indexes hold keys only', () => {
  const [table] = Object.values(resourcesOf(prod, 'AWS::DynamoDB::GlobalTable'));
  expect(table?.Properties).toMatchObject({
    TableName: 'erp-sync-prod',
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    GlobalSecondaryIndexes: ['gsi1', 'gsi2', 'gsi3'].map((IndexName) => ({
      IndexName,
      KeySchema: [
        { AttributeName: `${IndexName}pk`, KeyType: 'HASH' },
        { AttributeName: `${IndexName}sk`, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
    Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
  });
});

test('in prod the table can be deleted neither by hand nor with the stack; elsewhere it goes with the stack', () => {
  for (const { stage, template } of everyStage) {
    const [table] = Object.values(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties.Replicas).toMatchObject([{ DeletionProtectionEnabled: stage.name === 'prod' }]);
    expect(table?.DeletionPolicy).toBe(stage.name === 'prod' ? 'Retain' : 'Delete');
  }
});

test('every path but the health check, the contract, the way in and unknown ones asks the authorizer, which looks at the Authorization header alone', () => {
  const routes = Object.values(resourcesOf(prod, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
  const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'CUSTOM');
  const wayIn = ['ANY /v1/session/start', 'ANY /v1/session/callback', 'POST /v1/session'];
  expect(open.map(({ RouteKey }) => RouteKey)).toEqual([
    'ANY /v1/health',
    'ANY /v1/openapi.json',
    ...wayIn,
    '$default',
  ]);
  const [authorizer] = Object.values(resourcesOf(prod, 'AWS::ApiGatewayV2::Authorizer'));
  expect(authorizer?.Properties).toMatchObject({
    IdentitySource: ['$request.header.Authorization'],
    EnableSimpleResponses: true,
    AuthorizerResultTtlInSeconds: 60,
  });
});

test('lease and stall follow from the worker timeout and the visibility', () => {
  for (const { stage, template } of everyStage) {
    const { Variables } = functionOf(template, 'worker').Environment;
    expect(Number(Variables.LEASE_SECONDS)).toBe(stage.workerTimeoutSeconds + 10);
    expect(Number(Variables.STALLED_SECONDS)).toBe(12 * stage.workerTimeoutSeconds);
  }
});

test('only the local stage may call by plain http or to loopback', () => {
  for (const { outbound, name } of Object.values(stages)) {
    expect([name, outbound.allowHttp, outbound.allowLoopback]).toEqual([name, name === 'local', name === 'local']);
  }
});

test('queues of real stages refuse plain http', () => {
  for (const { stage, template } of everyStage) {
    const policies = Object.keys(resourcesOf(template, 'AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(stage.isEmulated ? 0 : 6);
  }
});

test('with a stage that keeps no data everything goes; of one that does what holds data, or is needed to read it, stays', () => {
  const staying = (template: typeof prod) =>
    Object.values(z.record(z.string(), Resource).parse(template.toJSON().Resources))
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ Type }) => String(Type))
      .toSorted();
  expect(staying(templates.dev)).toEqual([]);
  expect(staying(templates.prod)).toEqual([
    ...['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Scheduler::ScheduleGroup'],
    ...['AWS::SecretsManager::Secret', 'AWS::SecretsManager::Secret'],
  ]);
});

test('a stage that does not exist is refused by name', () => {
  expect(() => stageNamed('production')).toThrow('Which stage? Say -c stage=dev|prod|local.');
});

test('every resource that can have tags has those of service and stage', () => {
  const Tagged = z.object({
    Tags: z.union([z.record(z.string(), z.string()), z.array(z.object({ Key: z.string(), Value: z.string() }))]),
  });
  for (const { stage, template } of everyStage) {
    const untagged = new Set<string>();
    for (const { Type, Properties } of Object.values(
      z.record(z.string(), Resource).parse(template.toJSON().Resources),
    )) {
      const [replica] = z.array(z.unknown()).catch([]).parse(Properties.Replicas);
      const tagged = Tagged.safeParse(replica ?? Properties).data;
      if (!tagged) untagged.add(Type);
      else {
        const pairs = Array.isArray(tagged.Tags)
          ? tagged.Tags.map(({ Key, Value }) => [Key, Value])
          : Object.entries(tagged.Tags);
        expect(Object.fromEntries(pairs), Type).toMatchObject({ service: 'erp-sync', stage: stage.name });
      }
    }
    // Real stages alone have it.
    untagged.delete('AWS::SQS::QueuePolicy');
    expect([...untagged].toSorted()).toEqual([
      ...['Authorizer', 'Integration', 'Route'].map((one) => `AWS::ApiGatewayV2::${one}`),
      ...['AWS::IAM::Policy', 'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Permission'],
      ...['AWS::Logs::MetricFilter', 'AWS::SNS::TopicPolicy'],
    ]);
  }
});

test('a call that the dispatcher did not take is forgotten after five minutes', () => {
  for (const { template } of everyStage) {
    expect(Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'))).toMatchObject([
      {
        Properties: {
          FunctionName: { Ref: expect.stringMatching(/^dispatcherFunction/) },
          MaximumEventAgeInSeconds: 300,
          Qualifier: '$LATEST',
        },
      },
    ]);
  }
});
