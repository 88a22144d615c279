import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionName } from './service-function.ts';
import type { Stage } from './stages.ts';

/** The group that holds a schedule per active connection, and the role that calls the dispatcher for them. */
export class Schedules extends Construct {
  readonly group: ScheduleGroup;
  private readonly role: Role;
  private readonly dispatcherArn: string;
  private readonly stage: Stage;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.stage = stage;
    const { account } = Stack.of(this);
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: `erp-sync-${stage.name}`,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.group.scheduleGroupArn } },
      }),
    });
    // By name: the dispatcher itself is told about the schedules, and a reference would go round in a circle.
    this.dispatcherArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: `function:${functionName(stage, 'dispatcher')}`,
    });
    this.role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.dispatcherArn] }));
  }

  /**
   * The scheduler only hands a call to Lambda, which would try it for six hours: where the dispatcher finds no place, calls of
   * all that time would then run at once. Five minutes leave room for Lambda's two repetitions of one that failed.
   */
  forgetOldCalls(dispatcher: LambdaFunction): void {
    dispatcher.configureAsyncInvoke({ maxEventAge: Duration.minutes(5) });
  }

  /** Create, change and delete schedules of this group, for this role only. */
  grantManage(grantee: IGrantable): void {
    this.grantRemove(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'],
        resources: this.scheduleArns(),
      }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }

  grantRemove(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['scheduler:DeleteSchedule'], resources: this.scheduleArns() }),
    );
  }

  variables() {
    return {
      SCHEDULE_GROUP: this.group.scheduleGroupName,
      DISPATCHER_ARN: this.dispatcherArn,
      SCHEDULER_ROLE_ARN: this.role.roleArn,
    };
  }

  private scheduleArns(): string[] {
    // The emulator takes every schedule to be in the default group, whatever group it is in.
    const groups = [this.group.scheduleGroupName, ...(this.stage.isEmulated ? ['default'] : [])];
    return groups.map((group) => Stack.of(this).formatArn({ service: 'scheduler', resource: `schedule/${group}/*` }));
  }
}
