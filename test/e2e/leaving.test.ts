/** What leaves: a deleted connection past its time, with the rights that the functions have; then the whole tenant, by what the operator's command does. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { deleteTenant } from '../../functions/features/tenants/delete-tenant.ts';
import { wireLeaving } from '../../functions/wiring/leaving.ts';
import { localCredentials } from '../../local/deploy.ts';
import { LOCAL_REGION } from '../../local/ministack.ts';
import { invokeDispatcher } from './emulated-aws-call.ts';
import { connect, customerPair, twoCompanies } from './linked-records.ts';
import { ended, until } from './runs.ts';
import { openWorld, type World } from './world.ts';

const tableName = 'erp-sync-local';

function clientOptions({ system }: World) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = localCredentials();
  return { endpoint: system.awsEndpoint, region: LOCAL_REGION, credentials: { accessKeyId, secretAccessKey } };
}

/** As if it had been deleted so long ago. */
async function deletedDaysAgo(world: World, days: number): Promise<void> {
  const { tenantId, connectionId } = world;
  const at = new Date(Date.now() - days * 86_400_000).toISOString();
  await new DynamoDBClient(clientOptions(world)).send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: `${tenantId}#connection#${connectionId}` }, sk: { S: 'connection' } },
      UpdateExpression: 'SET deletedAt = :at',
      ExpressionAttributeValues: { ':at': { S: at } },
    }),
  );
}

const statusOf = async ({ system, adminKey, connectionId }: World) => {
  const headers = { authorization: `Bearer ${adminKey}` };
  return (await fetch(`${system.apiUrl}/v1/connections/${connectionId}`, { headers })).status;
};

test('a deleted connection is purged by dispatcher and worker, and its tenant is deleted by an operator', async () => {
  const world = await openWorld();
  const { system, api, tenantId, connectionId } = world;
  const company = await twoCompanies(world, 'Leaving', { phone: '+31 20 700 0077' });
  const { runId, items } = await connect(world, [customerPair(company)]);
  await ended(world, runId);
  const url = `${system.apiUrl}/v1/connections/${connectionId}`;
  const authorization = `Bearer ${world.adminKey}`;
  const etag = (await fetch(url, { headers: { authorization } })).headers.get('etag') ?? '';
  const deleted = await fetch(url, { method: 'DELETE', headers: { authorization, 'if-match': etag } });
  expect(deleted.status).toBe(204);
  const call = () => invokeDispatcher(system.awsEndpoint, { kind: 'purge', tenantId, connectionId });
  await call();
  expect(await statusOf(world)).toBe(200);

  await deletedDaysAgo(world, 31);
  await until('The purge', async () => {
    await call();
    return (await statusOf(world)) === 404 || undefined;
  });
  await expect(api.get(`/v1/links/${items[0]?.linkId}`)).rejects.toThrow('404');
  const secret = await new SecretsManagerClient(clientOptions(world)).send(
    new DescribeSecretCommand({ SecretId: `erp-sync/local/${tenantId}/${connectionId}` }),
  );
  expect(secret.DeletedDate).toBeDefined();

  Object.assign(process.env, localCredentials());
  const leaving = wireLeaving({ stage: 'local', tableName, endpointUrl: system.awsEndpoint });
  const tenant = await leaving.tenants.get(tenantId);
  if (!tenant) throw new Error('it is there');
  // Nobody works for this tenant any more, so there is nothing to wait for.
  const runtime = { ...leaving.runtime, sleep: async () => {} };
  const gone = await deleteTenant({ ...leaving, runtime }, tenant, () => {});
  expect(gone).toMatchObject({ apiKeys: 2, connections: 0, links: 0 });
  expect(await leaving.tenants.get(tenantId)).toBeUndefined();
});
