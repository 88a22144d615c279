import path from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundling } from './bundling.ts';
import type { Stage } from './stages.ts';

const root = path.dirname(import.meta.dirname);

export interface ServiceFunctionProps {
  readonly stage: Stage;
  /** Name of the handler's file. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** As the handler's schema in `functions/wiring/env.ts` wants it. */
  readonly environment: Readonly<Record<string, string>>;
}

export function functionName(stage: Stage, handler: string): string {
  return `erp-sync-${stage.name}-${handler}`;
}

/** One Lambda function: its handler bundled with all it needs, a role of its own, a log group that forgets. */
export class ServiceFunction extends Construct {
  readonly lambda: NodejsFunction;

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

    this.lambda = new NodejsFunction(this, 'Function', {
      functionName: name,
      entry: path.join(root, 'functions', 'handlers', `${handler}.ts`),
      projectRoot: root,
      depsLockFilePath: path.join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      role,
      logGroup,
      // A variable that only version 2 of the SDK reads.
      awsSdkConnectionReuse: false,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: handler,
        POWERTOOLS_METRICS_NAMESPACE: 'ErpSync',
      },
      bundling: { ...bundling, format: OutputFormat.ESM, bundleAwsSDK: true, logLevel: LogLevel.WARNING },
    });
  }
}
