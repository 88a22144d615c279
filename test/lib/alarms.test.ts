import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { stageNames } from '../../functions/wiring/env.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
const everyStage = stageNames.map((stage) => ({ stage, template: templateOf(stage) }));

const Alarm = z.looseObject({ AlarmName: z.string(), AlarmDescription: z.string() });

const alarmsOf = (template: Template) =>
  Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Alarm.parse(Properties));

function alarmOf({ stage, template }: (typeof everyStage)[number], name: string) {
  const found = alarmsOf(template).find(({ AlarmName }) => AlarmName === `erp-sync-${stage}-${name}`);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found;
}

test('what each alarm means, and what is to be done, is a row of docs/deploy.md, which names no other', () => {
  const [, table = ''] = /### Alarms\n([\s\S]*?)\n## /.exec(page) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  for (const { stage, template } of everyStage) {
    const names = alarmsOf(template).map(({ AlarmName }) => AlarmName.replace(`erp-sync-${stage}-`, ''));
    expect(names.toSorted()).toEqual(named.toSorted());
    for (const { AlarmDescription } of alarmsOf(template)) {
      expect(AlarmDescription).toMatch(/\. See "Alarms" in docs\/deploy\.md\.$/);
    }
  }
  for (const row of rows) expect(row.split('|').filter((cell) => cell.trim() !== '')).toHaveLength(4);
});

test('there are as many alarms, of one metric each, as docs/deploy.md reckons with', () => {
  for (const { template } of everyStage) {
    const alarms = alarmsOf(template);
    expect(alarms).toHaveLength(12);
    for (const alarm of alarms) expect(alarm.MetricName).toEqual(expect.any(String));
    expect(page).toContain('twelve alarms 1.20');
  }
});

test('where nothing is told there is no alarm', () => {
  for (const { template } of everyStage) {
    for (const alarm of alarmsOf(template)) {
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      });
    }
  }
});

test('an alarm goes off when one poll in twenty is over ten minutes late, by the metric that the dispatcher of its stage writes', () => {
  for (const one of everyStage) {
    expect(alarmOf(one, 'late-polls')).toMatchObject({
      Namespace: `ErpSync/${one.stage}`,
      MetricName: 'PollLateness',
      Dimensions: [{ Name: 'service', Value: 'dispatcher' }],
      ExtendedStatistic: 'p95',
      Period: 600,
      EvaluationPeriods: 1,
      Threshold: 600,
    });
    const functions = Object.values(resourcesOf(one.template, 'AWS::Lambda::Function'));
    const [dispatcher] = functions.filter(
      ({ Properties }) => Properties.FunctionName === `erp-sync-${one.stage}-dispatcher`,
    );
    expect(dispatcher?.Properties.Environment).toMatchObject({
      Variables: {
        POWERTOOLS_SERVICE_NAME: 'dispatcher',
        POWERTOOLS_METRICS_NAMESPACE: `ErpSync/${one.stage}`,
      },
    });
  }
});

test('each dead-letter queue has an alarm that goes off at its first message', () => {
  for (const one of everyStage) {
    const queues = resourcesOf(one.template, 'AWS::SQS::Queue');
    for (const lane of ['high', 'normal', 'low']) {
      const alarm = alarmOf(one, `${lane}-dead`);
      expect(alarm).toMatchObject({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Statistic: 'Maximum',
        Threshold: 0,
      });
      const queue = /"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(alarm.Dimensions))?.[1] ?? '';
      expect(queues[queue]?.Properties.QueueName).toBe(`erp-sync-${one.stage}-${lane}-dead`);
    }
  }
});

test('an alarm goes off at the first answer 500, which the access log counts', () => {
  for (const one of everyStage) {
    const counted = { MetricNamespace: `ErpSync/${one.stage}`, MetricName: 'RequestsFailed', MetricValue: '1' };
    const [filter] = Object.values(resourcesOf(one.template, 'AWS::Logs::MetricFilter'));
    expect(filter?.Properties).toMatchObject({
      FilterPattern: '{ $.status = "500" }',
      LogGroupName: { Ref: expect.stringMatching(/^HttpAccessLog/) },
      MetricTransformations: [counted],
    });
    expect(alarmOf(one, 'api-defects')).toMatchObject({
      Namespace: counted.MetricNamespace,
      MetricName: counted.MetricName,
      Statistic: 'Sum',
      Threshold: 0,
    });
    const [deployed] = Object.values(resourcesOf(one.template, 'AWS::ApiGatewayV2::Stage'));
    expect(JSON.stringify(deployed?.Properties.AccessLogSettings)).toContain('\\"status\\":\\"$context.status\\"');
  }
});

test('an alarm goes off where over twenty answers within ten minutes are 5xx', () => {
  for (const one of everyStage) {
    expect(alarmOf(one, 'api-failing')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [
        { Name: 'ApiId', Value: { Ref: expect.stringMatching(/^HttpApi/) } },
        { Name: 'Stage', Value: '$default' },
      ],
      Statistic: 'Sum',
      Period: 600,
      Threshold: 20,
    });
  }
});

const ofFunction = (handler: string, MetricName: string) => ({
  Namespace: 'AWS/Lambda',
  MetricName,
  Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(new RegExp(`^${handler}Function`)) } }],
  Statistic: 'Sum',
});

test.each(['session', 'dispatcher', 'worker'])(
  'an alarm goes off at the third failure of %s within a quarter of an hour, which is no answer of the API',
  (handler) => {
    for (const one of everyStage) {
      expect(alarmOf(one, `${handler}-failing`)).toMatchObject({
        ...ofFunction(handler, 'Errors'),
        ...{ Period: 900, EvaluationPeriods: 1, Threshold: 2 },
      });
    }
  },
);

test('an alarm goes off where the worker found no place for a quarter of an hour', () => {
  for (const one of everyStage) {
    expect(alarmOf(one, 'worker-throttled')).toMatchObject({
      ...ofFunction('worker', 'Throttles'),
      ...{ Period: 300, EvaluationPeriods: 3, Threshold: 0 },
    });
  }
});

test('an alarm goes off at the third call within three hours that the scheduler gave up, and one at the third that Lambda gave up', () => {
  for (const one of everyStage) {
    const [group] = Object.values(resourcesOf(one.template, 'AWS::Scheduler::ScheduleGroup'));
    expect(alarmOf(one, 'calls-undelivered')).toMatchObject({
      Namespace: 'AWS/Scheduler',
      MetricName: 'InvocationDroppedCount',
      Dimensions: [{ Name: 'ScheduleGroup', Value: group?.Properties.Name }],
      Statistic: 'Sum',
      ...{ Period: 10_800, Threshold: 2 },
    });
    expect(alarmOf(one, 'calls-dropped')).toMatchObject({
      ...ofFunction('dispatcher', 'AsyncEventsDropped'),
      ...{ Period: 10_800, Threshold: 2 },
    });
  }
});
