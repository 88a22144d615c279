import { App } from 'aws-cdk-lib';
import { ErpSyncStack } from './erp-sync-stack.ts';
import { signInContext } from './sign-in-context.ts';
import { emailNamed, isReserved, stageNamed } from './stages.ts';

const app = new App();
const stage = stageNamed(app.node.tryGetContext('stage') ?? 'dev');

new ErpSyncStack(app, `ErpSync-${stage.name}`, {
  stage,
  reserve: isReserved(app.node.tryGetContext('reserve')),
  signIn: signInContext(stage, app.node.tryGetContext('publicUrl'), app.node.tryGetContext('crmClientId')),
  alertEmail: emailNamed(app.node.tryGetContext('alertEmail')),
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
