/** What docs/deploy.md says that an operator needs is enough to make and delete a tenant, and nothing less is. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { deleteTenant } from '../../functions/features/tenants/delete-tenant.ts';
import { wireLeaving } from '../../functions/wiring/leaving.ts';
import { localCredentials } from '../../local/deploy.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/ministack.ts';
import { iamCall } from './emulated-aws-call.ts';
import { openWorld } from './world.ts';

const root = path.resolve(import.meta.dirname, '../..');
const Policy = z.object({
  Version: z.string(),
  Statement: z.array(z.looseObject({ Sid: z.string(), Resource: z.union([z.string(), z.array(z.string())]) })),
});

/** The policy of the page, for this account and stage. */
function policyOfThePage() {
  const page = readFileSync(path.join(root, 'docs/deploy.md'), 'utf8');
  const text = /```json\n(\{\n {2}"Version"[\s\S]*?)```/.exec(page)?.[1] ?? '';
  const here = text
    .replaceAll('123456789012', LOCAL_ACCOUNT)
    .replaceAll('eu-west-1', LOCAL_REGION)
    .replaceAll('erp-sync-prod', 'erp-sync-local')
    .replaceAll('erp-sync/prod', 'erp-sync/local')
    // The emulator takes every schedule to be in the default group, whatever group it is in.
    .replaceAll(':schedule/erp-sync-local/', ':schedule/default/');
  return Policy.parse(JSON.parse(here));
}

/** A user of the account, with a key of their own. */
async function newUser(endpoint: string, UserName: string) {
  await iamCall(endpoint, 'CreateUser', { UserName });
  const answer = await iamCall(endpoint, 'CreateAccessKey', { UserName });
  const said = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(answer)?.[1] ?? '';
  return { AWS_ACCESS_KEY_ID: said('AccessKeyId'), AWS_SECRET_ACCESS_KEY: said('SecretAccessKey') };
}

const putPolicy = (endpoint: string, UserName: string, Statement: readonly object[]) =>
  iamCall(endpoint, 'PutUserPolicy', {
    ...{ UserName, PolicyName: 'operator' },
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });

test('an operator with the policy of the page makes a tenant and deletes one with all that it has; without its statements neither', async () => {
  const { system, tenantId } = await openWorld();
  const { awsEndpoint } = system;
  const UserName = 'operator';
  const { Statement } = policyOfThePage();
  expect(Statement.map(({ Sid }) => Sid)).toEqual([
    ...['Deploy', 'TenantItems', 'TenantSecrets', 'FindSecrets', 'TenantSchedules'],
  ]);
  const key = await newUser(awsEndpoint, UserName);
  const env = { PATH: process.env.PATH, ...localCredentials(), ...key };
  const create = () =>
    spawnSync(
      process.execPath,
      [
        ...['cli/tenant.ts', 'create', '--stage', 'local', '--crm-context', 'CustOfTheOperator'],
        ...['--endpoint-url', awsEndpoint],
      ],
      { cwd: root, env, encoding: 'utf8' },
    );
  await putPolicy(awsEndpoint, UserName, Statement.slice(0, 1));
  expect(create()).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('may not write to the table erp-sync-local'),
  });
  await putPolicy(awsEndpoint, UserName, Statement);
  expect(create()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^esk_/) });

  Object.assign(process.env, localCredentials(), key);
  try {
    const leaving = wireLeaving({ stage: 'local', tableName: 'erp-sync-local', endpointUrl: awsEndpoint });
    const tenant = await leaving.tenants.get(tenantId);
    if (!tenant) throw new Error('it is there');
    const runtime = { ...leaving.runtime, sleep: async () => {} };
    const remove = () => deleteTenant({ ...leaving, runtime }, tenant, () => {});
    for (const missing of ['TenantSchedules', 'TenantSecrets', 'FindSecrets']) {
      await putPolicy(
        awsEndpoint,
        UserName,
        Statement.filter(({ Sid }) => Sid !== missing),
      );
      await expect(remove(), missing).rejects.toThrow(/failed/);
    }
    await putPolicy(awsEndpoint, UserName, Statement);
    await remove();
    expect(await leaving.tenants.get(tenantId)).toBeUndefined();
  } finally {
    Object.assign(process.env, localCredentials());
  }
});
