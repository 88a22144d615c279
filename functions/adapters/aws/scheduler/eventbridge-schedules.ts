import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Schedules } from '../../../ports/schedules.ts';
import type { DispatchMessage } from '../../../ports/work-queue.ts';
import { awsFailure } from '../aws-failure.ts';

export interface EventBridgeSchedulesOptions {
  readonly client: SchedulerClient;
  readonly groupName: string;
  readonly dispatcherArn: string;
  /** The role that EventBridge Scheduler takes to call the dispatcher. */
  readonly roleArn: string;
}

/** One schedule per connection in the stage's group. A firing that cannot be delivered is dropped: the next one makes up for it. */
export function eventBridgeSchedules(options: EventBridgeSchedulesOptions): Schedules {
  const { client, groupName } = options;
  return {
    async put(tenantId, connectionId, everyMinutes) {
      const schedule = scheduleOf(options, tenantId, connectionId, everyMinutes);
      try {
        await client.send(new CreateScheduleCommand(schedule));
      } catch (error) {
        if (!(error instanceof ConflictException)) throw awsFailure('Scheduler CreateSchedule', error);
        await client.send(new UpdateScheduleCommand(schedule)).catch((fault: unknown) => {
          throw awsFailure('Scheduler UpdateSchedule', fault);
        });
      }
    },

    async remove(tenantId, connectionId) {
      try {
        const name = scheduleName(tenantId, connectionId);
        await client.send(new DeleteScheduleCommand({ GroupName: groupName, Name: name }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw awsFailure('Scheduler DeleteSchedule', error);
      }
    },
  };
}

/** Two ids of 26 characters: within the 64 that a name may have. */
export function scheduleName(tenantId: string, connectionId: string): string {
  return `${tenantId}.${connectionId}`;
}

/** Rates are in whole minutes, the unit always in the plural (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). */
function scheduleOf(
  { groupName, dispatcherArn, roleArn }: EventBridgeSchedulesOptions,
  tenantId: string,
  connectionId: string,
  everyMinutes: number,
): CreateScheduleCommandInput {
  const message: DispatchMessage = { kind: 'poll', tenantId, connectionId };
  return {
    GroupName: groupName,
    Name: scheduleName(tenantId, connectionId),
    ScheduleExpression: `rate(${everyMinutes} minutes)`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: dispatcherArn,
      RoleArn: roleArn,
      Input: JSON.stringify(message),
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 },
    },
  };
}
