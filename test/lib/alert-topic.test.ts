import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { AlertTopic } from '../../lib/alert-topic.ts';
import { emailNamed, stages } from '../../lib/stages.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const prod = templateOf('prod');

test('alerts are encrypted with a key that rotates, and go by https only', () => {
  const [topic] = Object.values(resourcesOf(prod, 'AWS::SNS::Topic'));
  expect(topic?.Properties).toMatchObject({
    TopicName: 'erp-sync-prod-alerts',
    KmsMasterKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^AlertsKey/), 'Arn'] },
  });
  const [key] = Object.values(resourcesOf(prod, 'AWS::KMS::Key'));
  expect(key?.Properties.EnableKeyRotation).toBe(true);
  const [policy] = Object.values(resourcesOf(prod, 'AWS::SNS::TopicPolicy'));
  expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
});

test('every alarm goes to the topic, which takes alarms of this account only', () => {
  const alarms = Object.values(resourcesOf(prod, 'AWS::CloudWatch::Alarm'));
  expect(alarms).not.toHaveLength(0);
  for (const { Properties } of alarms) {
    expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlertsTopic/) }]);
  }
  const [policy] = Object.values(resourcesOf(prod, 'AWS::SNS::TopicPolicy'));
  expect(JSON.stringify(policy)).toMatch(/cloudwatch\.amazonaws\.com/);
  expect(JSON.stringify(policy)).toContain('aws:SourceAccount');
});

test('an address is subscribed where one is named, and nobody by default', () => {
  expect(resourcesOf(prod, 'AWS::SNS::Subscription')).toEqual({});
  const stack = new Stack(new App(), 'Stack');
  new AlertTopic(stack, 'Alerts', { stage: stages.prod, email: emailNamed('ops@example.com') });
  const [subscription] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::SNS::Subscription'));
  expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
  expect(() => emailNamed('nobody')).toThrow('alertEmail');
});
