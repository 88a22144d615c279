import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type * as z from 'zod';
import { SyncError } from '../../../core/errors.ts';
import type { Schedules } from '../../../ports/schedules.ts';
import type { ScheduleCall } from '../../../ports/work-queue.ts';
import { awsFailure } from '../aws-failure.ts';

export interface EventBridgeSchedulesOptions {
  readonly client: SchedulerClient;
  readonly groupName: string;
  readonly dispatcherArn: string;
  /** The role that EventBridge Scheduler takes to call the dispatcher. */
  readonly roleArn: string;
}

/** A firing that is lost, or a purge that was cut off, is made good by the next one. */
const minutesBetweenPurgeCalls = 60;

/** Who changes a schedule at the same time is met a few times at most. */
const mostTries = 5;

/** Somebody else is making, changing or removing the same schedule. */
function isMet(error: unknown): boolean {
  return error instanceof ConflictException || error instanceof ResourceNotFoundException;
}

async function untilDone(change: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) if (await change()) return;
  throw new SyncError('transient', 'The schedule is being changed all the time.');
}

/** The part of it that needs no dispatcher. */
export function scheduleRemoval({
  client,
  groupName,
}: Pick<EventBridgeSchedulesOptions, 'client' | 'groupName'>): Pick<Schedules, 'remove'> {
  async function removeOnce(name: string): Promise<boolean> {
    try {
      await client.send(new DeleteScheduleCommand({ GroupName: groupName, Name: name }));
      return true;
    } catch (error) {
      if (!isMet(error)) throw awsFailure('Scheduler DeleteSchedule', error);
      return error instanceof ResourceNotFoundException;
    }
  }
  return { remove: (tenantId, connectionId) => untilDone(() => removeOnce(scheduleName(tenantId, connectionId))) };
}

/** One schedule per connection in the stage's group. A firing that cannot be delivered is dropped: the next one makes up for it. */
export function eventBridgeSchedules(options: EventBridgeSchedulesOptions): Schedules {
  const { client } = options;

  /** False: it was there and is gone again, or both. */
  async function putOnce(schedule: CreateScheduleCommandInput): Promise<boolean> {
    try {
      await client.send(new CreateScheduleCommand(schedule));
      return true;
    } catch (error) {
      if (!(error instanceof ConflictException)) throw awsFailure('Scheduler CreateSchedule', error);
    }
    try {
      await client.send(new UpdateScheduleCommand(schedule));
      return true;
    } catch (error) {
      if (!isMet(error)) throw awsFailure('Scheduler UpdateSchedule', error);
      return false;
    }
  }

  return {
    put: (tenantId, connectionId, everyMinutes, connectorId) => {
      const call = { kind: 'poll', tenantId, connectionId, connectorId } as const;
      return untilDone(() => putOnce(scheduleOf(options, call, everyMinutes)));
    },
    putPurge: (tenantId, connectionId, from) => {
      const call = { kind: 'purge', tenantId, connectionId } as const;
      const StartDate = from === undefined ? undefined : new Date(from);
      return untilDone(() => putOnce({ ...scheduleOf(options, call, minutesBetweenPurgeCalls), StartDate }));
    },
    ...scheduleRemoval(options),
  };
}

/** Two ids of 26 characters: within the 64 that a name may have. */
export function scheduleName(tenantId: string, connectionId: string): string {
  return `${tenantId}.${connectionId}`;
}

/** Rates are in whole minutes, the unit always in the plural (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). */
function scheduleOf(
  { groupName, dispatcherArn, roleArn }: EventBridgeSchedulesOptions,
  call: z.infer<typeof ScheduleCall>,
  everyMinutes: number,
): CreateScheduleCommandInput {
  return {
    GroupName: groupName,
    Name: scheduleName(call.tenantId, call.connectionId),
    ScheduleExpression: `rate(${everyMinutes} minutes)`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: dispatcherArn,
      RoleArn: roleArn,
      Input: JSON.stringify(call),
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 },
    },
  };
}
