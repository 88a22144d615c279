import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** Secrets are made at run time, one per tenant's CRM and per connection, all under this prefix. */
export function secretPrefix(stage: Stage): string {
  return `erp-sync/${stage.name}`;
}

export function grantReadSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grant(scope, grantee, `${secretPrefix(stage)}/*`, ['secretsmanager:GetSecretValue']);
}

export function grantKeepSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grantReadSecrets(scope, grantee, stage);
  grant(scope, grantee, `${secretPrefix(stage)}/*`, [
    ...['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
    ...['secretsmanager:ListSecretVersionIds', 'secretsmanager:RestoreSecret'],
    'secretsmanager:UpdateSecretVersionStage',
  ]);
}

/** Of connections that are purged. */
export function grantRemoveSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grant(scope, grantee, `${secretPrefix(stage)}/*`, ['secretsmanager:DeleteSecret']);
}

/** AWS adds six random characters to a secret's name in its ARN, so its resource always ends with a wildcard. */
function grant(scope: Construct, grantee: IGrantable, pattern: string, actions: string[]): void {
  const arn = Stack.of(scope).formatArn({ service: 'secretsmanager', resource: `secret:${pattern}` });
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [arn] }));
}

function signingKeyName(stage: Stage): string {
  return `erp-sync-${stage.name}/signing-key`;
}

/** The stage's own key, for page cursors and request hashes. It lies outside the tenants' prefix: workers cannot read it. */
export function addSigningKey(scope: Construct, stage: Stage): { readonly name: string } {
  const name = signingKeyName(stage);
  new Secret(scope, 'SigningKey', {
    secretName: name,
    description: 'Signs page cursors and hashes request bodies',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  return { name };
}

export function grantReadSigningKey(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grant(scope, grantee, `${signingKeyName(stage)}-??????`, ['secretsmanager:GetSecretValue']);
}
