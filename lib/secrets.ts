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

/** Those of the tenants' CRMs alone: an ERP's lies under the id of its connection. */
export function grantReadCrmSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grant(scope, grantee, `${secretPrefix(stage)}/*/crm-??????`, ['secretsmanager:GetSecretValue']);
}

export function grantKeepSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grantReadSecrets(scope, grantee, stage);
  grant(scope, grantee, `${secretPrefix(stage)}/*`, [
    ...['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'],
    ...['secretsmanager:ListSecretVersionIds', 'secretsmanager:RestoreSecret'],
    'secretsmanager:UpdateSecretVersionStage',
  ]);
  grantRemove(scope, grantee, `${secretPrefix(stage)}/*`);
}

/** Of connections that are purged: the id of one has 26 characters, which no other owner's name has. */
export function grantRemoveSecrets(scope: Construct, grantee: IGrantable, stage: Stage): void {
  grantRemove(scope, grantee, `${secretPrefix(stage)}/*/${'?'.repeat(26)}-??????`);
}

/** Whose secret it is no policy can tell, for a function works for all tenants; but none goes for good before seven days. */
function grantRemove(scope: Construct, grantee: IGrantable, pattern: string): void {
  grant(scope, grantee, pattern, ['secretsmanager:DeleteSecret'], {
    // Absent where a recovery window is asked for.
    BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' },
  });
}

/** AWS adds six random characters to a secret's name in its ARN, so its resource always ends with a wildcard. */
function grant(
  scope: Construct,
  grantee: IGrantable,
  pattern: string,
  actions: string[],
  conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  const arn = Stack.of(scope).formatArn({ service: 'secretsmanager', resource: `secret:${pattern}` });
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [arn], conditions }));
}

type StageKey = 'signing-key' | 'session-key';

const purposes: Readonly<Record<StageKey, string>> = {
  'signing-key': 'Signs page cursors and hashes request bodies',
  'session-key': 'Seals states of sign-ins and the refresh tokens of sessions',
};

function keyName(stage: Stage, key: StageKey): string {
  return `erp-sync-${stage.name}/${key}`;
}

/** A key of the stage's own. It lies outside the tenants' prefix: workers cannot read it. */
function addKey(scope: Construct, id: string, stage: Stage, key: StageKey): { readonly name: string } {
  const name = keyName(stage, key);
  new Secret(scope, id, {
    secretName: name,
    description: purposes[key],
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  return { name };
}

/** For page cursors and request hashes. */
export const addSigningKey = (scope: Construct, stage: Stage) => addKey(scope, 'SigningKey', stage, 'signing-key');

/** For what sign-ins carry and sessions keep. */
export const addSessionKey = (scope: Construct, stage: Stage) => addKey(scope, 'SessionKey', stage, 'session-key');

export function grantReadKey(scope: Construct, grantee: IGrantable, stage: Stage, key: StageKey): void {
  grant(scope, grantee, `${keyName(stage, key)}-??????`, ['secretsmanager:GetSecretValue']);
}
