import { App } from 'aws-cdk-lib';
import { ErpSyncStack, type ErpSyncStackProps } from './erp-sync-stack.ts';
import { stackContext } from './stack-context.ts';

const app = new App();

/** Whoever deploys gets the sentence, not the place in our code that says it. */
function contextOrEnd(): ErpSyncStackProps {
  try {
    return stackContext(app.node);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const context = contextOrEnd();
new ErpSyncStack(app, `ErpSync-${context.stage.name}`, {
  ...context,
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
