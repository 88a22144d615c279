import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { stackContext } from '../../lib/stack-context.ts';
import { resourcesOf, stackOf, templateOf } from './synthesised-stack.ts';

const of = (said: Readonly<Record<string, unknown>>) => stackContext({ tryGetContext: (name: string) => said[name] });

test('what is said by -c is read', () => {
  const said = { stage: 'prod', publicUrl: 'https://sync.example.com', alertEmail: 'ops@example.com', reserve: 'true' };
  expect(of(said)).toMatchObject({
    stage: { name: 'prod' },
    reserve: true,
    signIn: { publicUrl: 'https://sync.example.com', crmClientId: '' },
    alertEmail: 'ops@example.com',
    restoredTable: undefined,
  });
});

test('without a stage, or with one that does not exist, nothing is made, and the stages are named', () => {
  for (const stage of [undefined, '', 'production', 'Prod']) {
    expect(() => of({ stage })).toThrow('Which stage? Say -c stage=dev|prod|local.');
  }
});

test.each([[{}], [{ stage: 'production' }]])(
  'the app with %j says the sentence alone, and makes nothing',
  (context) => {
    const app = path.resolve(import.meta.dirname, '../../lib/app.ts');
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const { status, stderr, stdout } = spawnSync(process.execPath, [app], { env, encoding: 'utf8' });
    expect({ status, stderr, stdout }).toEqual({
      status: 2,
      stderr: 'Which stage? Say -c stage=dev|prod|local.\n',
      stdout: '',
    });
  },
);

test('a synthesis warns of nothing', () => {
  for (const stage of ['dev', 'prod'] as const) {
    const said = Annotations.fromStack(stackOf(stage));
    for (const found of [said.findWarning('*', Match.anyValue()), said.findError('*', Match.anyValue())]) {
      expect(found.map(({ entry }) => entry.data)).toEqual([]);
    }
  }
});

test('a restored table is one of the stage', () => {
  const named = (restoredTable: unknown) => of({ stage: 'prod', restoredTable }).restoredTable;
  expect(named('erp-sync-prod-restored')).toBe('erp-sync-prod-restored');
  for (const wrong of ['erp-sync-prod', 'erp-sync-dev-restored', 'erp-sync-prod-a table', '', true]) {
    expect(() => named(wrong)).toThrow('Its name begins with erp-sync-prod- in stage prod.');
  }
});

test('after a restore every function uses the restored table alone, and the table of the stack stays', () => {
  const template = templateOf('prod', { restoredTable: 'erp-sync-prod-restored' });
  const functions = Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
  expect(functions).toHaveLength(7);
  for (const { Properties } of functions) {
    expect(Properties.Environment).toMatchObject({ Variables: { TABLE_NAME: 'erp-sync-prod-restored' } });
  }
  const tables = resourcesOf(template, 'AWS::DynamoDB::GlobalTable');
  const [own] = Object.keys(tables);
  expect(Object.values(tables)).toMatchObject([
    { DeletionPolicy: 'Retain', Properties: { TableName: 'erp-sync-prod' } },
  ]);
  const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(policies).not.toContain(own);
  expect(policies).toContain(':table/erp-sync-prod-restored"');
  expect(policies).toContain(':table/erp-sync-prod-restored/index/gsi3"');
  template.hasOutput('TableName', { Value: 'erp-sync-prod-restored' });
});
