import { Duration } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Lane, lanes } from '../functions/core/timing/lanes.ts';
import { maxReceives, visibilitySeconds } from '../functions/core/timing/receives.ts';
import type { Stage } from './stages.ts';

/**
 * A standard queue per lane, each with its dead-letter queue. Messages carry a group, which makes them fair queues
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html).
 */
export class PriorityQueues extends Construct {
  readonly queues: Readonly<Record<Lane, Queue>>;
  readonly deadLetterQueues: Readonly<Record<Lane, Queue>>;
  private readonly stage: Stage;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.stage = stage;
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      // The emulator is called by plain http, which this policy denies.
      enforceSSL: !stage.isEmulated,
    };
    const deadLetterQueue = (lane: Lane) =>
      new Queue(this, `${lane}-dead`, {
        ...common,
        queueName: `erp-sync-${stage.name}-${lane}-dead`,
        retentionPeriod: Duration.days(14),
      });
    this.deadLetterQueues = perLane(deadLetterQueue);
    this.queues = perLane(
      (lane) =>
        new Queue(this, lane, {
          ...common,
          queueName: `erp-sync-${stage.name}-${lane}`,
          visibilityTimeout: Duration.seconds(visibilitySeconds(stage.workerTimeoutSeconds)),
          retentionPeriod: Duration.days(4),
          deadLetterQueue: { queue: this.deadLetterQueues[lane], maxReceiveCount: maxReceives },
        }),
    );
  }

  grantSend(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        // AWS authorises a batch as sqs:SendMessage; the emulator asks for an action that AWS does not have.
        actions: ['sqs:SendMessage', ...(this.stage.isEmulated ? ['sqs:SendMessageBatch'] : [])],
        resources: lanes.map((lane) => this.queues[lane].queueArn),
      }),
    );
  }

  variables() {
    return {
      QUEUE_URL_HIGH: this.queues.high.queueUrl,
      QUEUE_URL_NORMAL: this.queues.normal.queueUrl,
      QUEUE_URL_LOW: this.queues.low.queueUrl,
    };
  }
}

function perLane(make: (lane: Lane) => Queue): Readonly<Record<Lane, Queue>> {
  return { high: make('high'), normal: make('normal'), low: make('low') };
}
