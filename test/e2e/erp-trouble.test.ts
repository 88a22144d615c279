import { GetSecretValueCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeAll, expect, test } from 'vitest';
import { ApiFailure } from '../../local/api-client.ts';
import { LOCAL_REGION } from '../../local/ministack.ts';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { linkedCompany } from './linked-records.ts';
import { ended, runOf, startRun, sync, until } from './runs.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

/** Of a user that no test signs in as: Tryton answers each further attempt of a user later, and the sixth no more. */
const wrong = { user: 'intruder', password: 'Never-Was-Right-4711' };
/** A user of its own: what was refused once is not tried again within ten minutes. */
const wrongAgain = { user: 'second-intruder', password: 'Never-Was-Right-4712' };
const refusal = 'Tryton does not accept this user name and password.';

/** Every version of every secret of the tenant, as the operator's own credentials show them. */
async function storedSecrets({ system, tenantId }: World): Promise<Record<string, string>> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint: system.awsEndpoint, region: LOCAL_REGION, credentials });
  const versions: Record<string, string> = {};
  // Those of all tests' tenants are more than a page.
  for await (const { SecretList = [] } of paginateListSecrets({ client, pageSize: 100 }, {})) {
    for (const { Name, SecretVersionsToStages = {} } of SecretList.filter((one) => one.Name?.includes(tenantId))) {
      for (const VersionId of Object.keys(SecretVersionsToStages)) {
        const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: Name, VersionId }));
        versions[`${Name} ${VersionId}`] = SecretString;
      }
    }
  }
  return versions;
}

async function refusalOf(request: Promise<unknown>): Promise<ApiFailure> {
  const failure = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof ApiFailure) return failure;
  throw new Error('The request was not refused', { cause: failure });
}

test('a wrong ERP password is refused in the words of the connector, and no secret is stored', async () => {
  const { api, connectorId, system } = world;
  const before = await storedSecrets(world);
  expect(Object.values(before).some((secret) => secret.includes(trytonAccounts.connection.password))).toBe(true);
  const config = { database: system.erp.database, ...wrong };
  const refused = await refusalOf(api.post('/v1/connections', { connectorId, name: 'Wrong', config }));
  expect(refused).toMatchObject({ status: 422, problem: { explanation: refusal } });
  expect(await storedSecrets(world)).toEqual(before);
  expect(await api.all('/v1/connections')).toHaveLength(1);
});

test('a password changed to a wrong one is refused, and the connection goes on with the one it has', async () => {
  const { api, connectionId } = world;
  const path = `/v1/connections/${connectionId}`;
  const { partyId, companyId } = await linkedCompany(world, 'Password kept');
  await api.post(`${path}/deactivate`);
  const before = await storedSecrets(world);
  const { etag } = await api.request('GET', path);
  const patch = { body: { config: wrongAgain }, headers: { 'if-match': etag } };
  expect(await refusalOf(api.request('PATCH', path, patch))).toMatchObject({
    ...{ status: 422, problem: { explanation: refusal } },
  });
  expect(await storedSecrets(world)).toEqual(before);
  await api.post(`${path}/activate`);
  await world.crm.edit('company', companyId, { phone: '+31 20 700 0011' });
  expect(await sync(world)).toMatchObject({ state: 'done' });
  expect(await world.erp.party(partyId)).toMatchObject({ phone: '+31 20 700 0011' });
});

test('while the ERP is down a run waits where people see it, and nothing is lost when it comes back', async () => {
  const { crm, erp, proxy } = world;
  const { partyId, companyId } = await linkedCompany(world, 'ERP down');
  await erp.edit(partyId, { phone: '+31 20 700 0012' });
  await crm.edit('company', companyId, { email: 'info@after.example' });
  await proxy.goDown();
  const { id } = await startRun(world);
  const waiting = await until('The wait', async () => {
    const run = await runOf(world, id);
    return run.waiting ? run : undefined;
  });
  expect(waiting).toMatchObject({ state: 'running', waiting: { kind: 'transient', attempt: 1 } });
  expect(await crm.read('company', companyId)).toMatchObject({ phone: '+31 20 123 4567' });
  await proxy.comeBack();
  const run = await ended(world, id);
  expect(run).toMatchObject({ state: 'done', counters: { writtenToCrm: 1, writtenToErp: 1, failed: 0 } });
  expect(run).not.toHaveProperty('waiting');
  expect(await crm.read('company', companyId)).toMatchObject({ phone: '+31 20 700 0012' });
  expect(await erp.party(partyId)).toMatchObject({ email: 'info@after.example' });
});
