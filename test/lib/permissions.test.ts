import { expect, test } from 'vitest';
import * as z from 'zod';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const prod = templateOf('prod');

const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([z.array(schema), schema.transform((one) => [one])]);
const Statement = z.looseObject({
  Effect: z.literal('Allow'),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.unknown()),
});
const Policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(Statement) }),
  Roles: z.array(z.object({ Ref: z.string() })),
});

const policies = Object.values(resourcesOf(prod, 'AWS::IAM::Policy')).map(({ Properties }) => Policy.parse(Properties));

/** What the role of a function may do, by construct id. */
function statementsOf(handler: string) {
  return policies
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(`${handler}Role`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsOf(handler: string, service: string): string[] {
  return statementsOf(handler)
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith(`${service}:`))
    .toSorted();
}

test('no permission is for all actions or all resources', () => {
  for (const { Action, Resource } of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
    for (const action of Action) expect(action).not.toContain('*');
    expect(Resource).not.toContain('*');
  }
});

test('a wildcard in a resource stands only for secrets, schedules and log streams made at run time', () => {
  const wide = policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Resource }) => Resource.map((one) => JSON.stringify(one)))
    .filter((resource) => resource.includes('*'));
  expect(wide).not.toHaveLength(0);
  for (const resource of wide) expect(resource).toMatch(/secret:erp-sync\/prod\/\*|:schedule\/erp-sync-prod\/\*/);
});

test('no role has a policy managed by AWS', () => {
  for (const { Properties } of Object.values(resourcesOf(prod, 'AWS::IAM::Role'))) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
  }
});

/** What a function may do beside writing its log. */
const beyondLogs = (handler: string) =>
  statementsOf(handler).filter(({ Action }) => !Action.every((one) => one.startsWith('logs:')));

test('the authorizer only reads a key or a session, notes its use, and calls the function that asks the CRM', () => {
  expect(beyondLogs('authorizer')).toHaveLength(3);
  expect(actionsOf('authorizer', 'dynamodb')).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
  const [call] = statementsOf('authorizer').filter(({ Action }) => Action.includes('lambda:InvokeFunction'));
  expect(call?.Action).toEqual(['lambda:InvokeFunction']);
  expect(JSON.stringify(call?.Resource)).toMatch(/^\[\{"Fn::GetAtt":\["sessionFunction\w+","Arn"\]\}\]$/);
});

test('only the authorizer and who shows records to users call another function, and that is session alone', () => {
  for (const handler of allHandlers) {
    const calls = statementsOf(handler).filter(({ Action }) => Action.some((one) => one.startsWith('lambda:')));
    const isCaller = ['authorizer', 'links', 'sync'].includes(handler);
    expect(
      calls.flatMap(({ Action }) => Action),
      handler,
    ).toEqual(isCaller ? ['lambda:InvokeFunction'] : []);
    for (const { Resource } of calls) {
      expect(JSON.stringify(Resource)).toMatch(/^\[\{"Fn::GetAtt":\["sessionFunction\w+","Arn"\]\}\]$/);
    }
  }
});

test('session reads the secrets of CRMs, its own key and items of the table, and may do nothing else', () => {
  expect(beyondLogs('session')).toHaveLength(5);
  expect(new Set(actionsOf('session', 'secretsmanager'))).toEqual(new Set(['secretsmanager:GetSecretValue']));
  const [secrets] = statementsOf('session').filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue'));
  const names = secrets?.Resource.map((one) => /:secret:([^"]*)"/.exec(JSON.stringify(one))?.[1]);
  expect(names?.toSorted()).toEqual(['erp-sync-prod/session-key-??????', 'erp-sync/prod/*/crm-??????']);
  const items = statementsOf('session').filter(({ Action }) => Action.some((one) => one.startsWith('dynamodb:')));
  expect(items).toHaveLength(4);
  for (const { Resource } of items) {
    expect(JSON.stringify(Resource)).toMatch(/^\[\{"Fn::GetAtt":\["StorageTable\w+","Arn"\]\}\]$/);
  }
  const actions = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'PutItem', 'UpdateItem', 'UpdateItem'];
  expect(actionsOf('session', 'dynamodb')).toEqual(actions.map((one) => `dynamodb:${one}`));
});

test('only connections writes secrets, the dispatcher removes those of purged connections, and the authorizer reads none', () => {
  for (const handler of ['links', 'sync', 'worker']) {
    expect(new Set(actionsOf(handler, 'secretsmanager'))).toEqual(new Set(['secretsmanager:GetSecretValue']));
  }
  expect(actionsOf('dispatcher', 'secretsmanager')).toEqual([
    'secretsmanager:DeleteSecret',
    'secretsmanager:GetSecretValue',
  ]);
  expect(actionsOf('connections', 'secretsmanager')).toContain('secretsmanager:PutSecretValue');
  expect(actionsOf('authorizer', 'secretsmanager')).toEqual([]);
});

test('a deleted secret can be had back, and the dispatcher deletes those of connections alone', () => {
  const deletes = (handler: string) =>
    statementsOf(handler).filter(({ Action }) => Action.includes('secretsmanager:DeleteSecret'));
  for (const handler of ['connections', 'dispatcher']) {
    expect(deletes(handler)).toMatchObject([
      {
        Action: ['secretsmanager:DeleteSecret'],
        Condition: { BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' } },
      },
    ]);
  }
  const [pattern] = /secret:([^"]*)/.exec(JSON.stringify(deletes('dispatcher')))?.slice(1) ?? [];
  const matched = new RegExp(`^${(pattern ?? '').replaceAll('*', '.*').replaceAll('?', '.')}$`);
  const [tenantId, connectionId] = ['01K9ZZZZZZZZZZZZZZZZZZZZZ1', '01K9ZZZZZZZZZZZZZZZZZZZZZ2'];
  expect(matched.test(`erp-sync/prod/${tenantId}/${connectionId}-AbCdEf`)).toBe(true);
  expect(matched.test(`erp-sync/prod/${tenantId}/crm-AbCdEf`)).toBe(false);
});

const allHandlers = ['authorizer', 'connections', 'links', 'sync', 'session', 'dispatcher', 'worker'];

test('only the functions of the API read the signing key, and only session its own', () => {
  const readers = allHandlers.filter((handler) => JSON.stringify(statementsOf(handler)).includes('signing-key'));
  expect(readers).toEqual(['connections', 'links', 'sync']);
  const openers = allHandlers.filter((handler) => JSON.stringify(statementsOf(handler)).includes('session-key'));
  expect(openers).toEqual(['session']);
});

test('only connections keeps schedules, and may hand over the scheduler role alone; the dispatcher removes them', () => {
  expect([...actionsOf('dispatcher', 'scheduler'), ...actionsOf('dispatcher', 'iam')]).toEqual([
    'scheduler:DeleteSchedule',
  ]);
  for (const handler of ['authorizer', 'links', 'sync', 'session', 'worker']) {
    expect([...actionsOf(handler, 'scheduler'), ...actionsOf(handler, 'iam')]).toEqual([]);
  }
  const [pass] = statementsOf('connections').filter(({ Action }) => Action.includes('iam:PassRole'));
  expect(pass).toMatchObject({
    Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^SchedulesRole/), 'Arn'] }],
    Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  });
});

test('the scheduler role calls the dispatcher and nothing else, for schedules of this group only', () => {
  expect(statementsOf('Schedules').flatMap(({ Action }) => Action)).toEqual(['lambda:InvokeFunction']);
  const [role] = Object.entries(resourcesOf(prod, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('SchedulesRole'));
  expect(JSON.stringify(role)).toContain('aws:SourceArn');
});

test('only the worker receives messages', () => {
  for (const handler of ['connections', 'links', 'sync', 'dispatcher']) {
    expect(actionsOf(handler, 'sqs')).toEqual(['sqs:SendMessage']);
  }
  expect(actionsOf('worker', 'sqs')).toContain('sqs:ReceiveMessage');
});

test('only dispatcher, worker and the two functions that find drift tell operators, by the one topic and its key', () => {
  const readers = ['authorizer', 'connections', 'links', 'sync', 'dispatcher', 'worker'];
  for (const handler of readers) {
    const tells = ['connections', 'sync', 'dispatcher', 'worker'].includes(handler);
    expect(actionsOf(handler, 'sns'), handler).toEqual(tells ? ['sns:Publish'] : []);
    expect(actionsOf(handler, 'kms'), handler).toEqual(tells ? ['kms:Decrypt', 'kms:GenerateDataKey'] : []);
  }
});

test('nothing scans the table', () => {
  expect(JSON.stringify(policies)).not.toContain('dynamodb:Scan');
});

test('what only the emulator needs is granted on the local stage alone', () => {
  for (const bridge of ['sqs:SendMessageBatch', ':schedule/default/*']) {
    expect(JSON.stringify(prod.toJSON())).not.toContain(bridge);
    expect(JSON.stringify(templateOf('local').toJSON())).toContain(bridge);
  }
});
