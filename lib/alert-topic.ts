import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

export interface AlertTopicProps {
  readonly stage: Stage;
  /** Whom to tell by mail; AWS asks that address to confirm. */
  readonly email?: string | undefined;
}

/** What operators are told: by the engine, and by alarms. Its key is its own, for alarms may not use that of AWS. */
export class AlertTopic extends Construct {
  readonly topic: Topic;
  private readonly key: Key;

  constructor(scope: Construct, id: string, { stage, email }: AlertTopicProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `ERP Sync, stage ${stage.name}: alerts`,
      enableKeyRotation: true,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', {
      topicName: `erp-sync-${stage.name}-alerts`,
      masterKey: this.key,
      // The emulator is called by plain http, which this policy denies.
      enforceSSL: !stage.isEmulated,
    });
    const alarms = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    };
    this.key.addToResourcePolicy(
      new PolicyStatement({ ...alarms, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({ ...alarms, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  grantTell(grantee: IGrantable): void {
    const statements = [
      { actions: ['sns:Publish'], resources: [this.topic.topicArn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] },
    ];
    for (const one of statements) grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(one));
  }
}
