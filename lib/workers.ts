import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { lanes } from '../functions/core/timing/lanes.ts';
import type { PriorityQueues } from './priority-queues.ts';
import type { Stage } from './stages.ts';

/** Messages that the lanes hand out at once: a worker with fewer places of its own would refuse some of them. */
export function workersAtOnce({ concurrency }: Stage): number {
  return lanes.reduce((sum, lane) => sum + concurrency[lane], 0);
}

/**
 * One worker function with an event source per lane, so that a long low queue never takes the high one's share. A
 * message is a batch by itself: it is work of seconds, and a crash raises the receive count of no other.
 */
export function feedWorker(worker: LambdaFunction, { queues }: PriorityQueues, stage: Stage): void {
  for (const lane of lanes) {
    worker.addEventSource(
      new SqsEventSource(queues[lane], {
        batchSize: 1,
        maxConcurrency: stage.concurrency[lane],
        reportBatchItemFailures: true,
      }),
    );
  }
}
