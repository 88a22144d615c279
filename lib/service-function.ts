import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { writeBundle } from './bundle.ts';
import type { Stage } from './stages.ts';

export interface ServiceFunctionProps {
  readonly stage: Stage;
  /** Name of the handler's file. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Taken from what all functions of the account share; absent = none is. */
  readonly reservedConcurrency?: number | undefined;
  /** As the handler's schema in `functions/wiring/env.ts` wants it. */
  readonly environment: Readonly<Record<string, string>>;
}

export function functionName(stage: Stage, handler: string): string {
  return `erp-sync-${stage.name}-${handler}`;
}

/** For a function that waits for what another finds out. */
export function grantCall(caller: LambdaFunction, called: LambdaFunction): void {
  caller.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [called.functionArn] }));
}

/** Apart by stage: an account may have several. */
export function metricsNamespace(stage: Stage): string {
  return `ErpSync/${stage.name}`;
}

/** One Lambda function: its handler bundled with all it needs, a role of its own, a log group that forgets. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { stage, handler } = props;
    const name = functionName(stage, handler);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role made by CDK could create log groups and write to all of them.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    const { bundlingRequired } = Stack.of(this);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: name,
      // CDK asks for no code where none is deployed, such as to destroy a stack.
      code: bundlingRequired ? Code.fromAsset(writeBundle(handler)) : Code.fromInline('export {};'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      reservedConcurrentExecutions: props.reservedConcurrency,
      role,
      logGroup,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: handler,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(stage),
      },
    });
  }
}
