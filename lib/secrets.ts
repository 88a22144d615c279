import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** Secrets are made at run time, one per tenant's CRM and per connection, all under this prefix. */
export function secretPrefix(stage: Stage): string {
  return `erp-sync/${stage.name}`;
}

export function grantReadSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grant(scope, grantee, stage, ['secretsmanager:GetSecretValue']);
}

export function grantKeepSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grantReadSecrets(scope, grantee, stage);
  grant(scope, grantee, stage, [
    ...['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
    'secretsmanager:ListSecretVersionIds',
  ]);
}

/** AWS adds six random characters to a secret's name in its ARN, so its resource always ends with a wildcard. */
function grant(scope: Construct, grantee: IGrantable, stage: Stage, actions: string[]): void {
  const arn = Stack.of(scope).formatArn({ service: 'secretsmanager', resource: `secret:${secretPrefix(stage)}/*` });
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [arn] }));
}
