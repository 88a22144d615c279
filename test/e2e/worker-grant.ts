import { iamCall } from './emulated-aws-call.ts';
import type { RunningSystem } from './start-system.ts';

const policyName = 'taken-away';

/**
 * Takes the worker's grant to read some secrets away. A refusal beside the grant, because that can name one tenant's
 * secrets: the grant itself covers all tenants', and other tests run meanwhile. Answers how to give it back.
 */
export async function takeAway({ awsEndpoint }: RunningSystem, secrets: string): Promise<() => Promise<void>> {
  const roles = await iamCall(awsEndpoint, 'ListRoles', { MaxItems: '1000' });
  const RoleName = /<RoleName>([^<]*workerRole[^<]*)</i.exec(roles)?.[1];
  if (RoleName === undefined) throw new Error('The worker has no role of its own');
  const statement = {
    Effect: 'Deny',
    Action: 'secretsmanager:GetSecretValue',
    Resource: `arn:aws:secretsmanager:*:*:secret:${secrets}`,
  };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iamCall(awsEndpoint, 'PutRolePolicy', { RoleName, PolicyName: policyName, PolicyDocument });
  return async () => {
    await iamCall(awsEndpoint, 'DeleteRolePolicy', { RoleName, PolicyName: policyName });
  };
}
