/** What the functions `session` and `authorizer` may touch of the table, held against what they do there. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Key, Write } from '../../functions/ports/table.ts';
import type { ApiWorld } from '../features/api-world.ts';
import { begin, codeFor, newPage, signIn, signInWorld } from '../features/sessions/sign-in-steps.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const Statement = z.object({
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
const Policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(Statement) }),
  Roles: z.array(z.object({ Ref: z.string() })),
});

const policies = Object.values(resourcesOf(templateOf('prod'), 'AWS::IAM::Policy')).map(({ Properties }) =>
  Policy.parse(Properties),
);

type Grants = (action: string, pk: string) => boolean;

/** Whether a function may do something to the items of a partition. */
function grantsOf(handler: string): Grants {
  const granted = policies
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(`${handler}Role`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => Action.some((one) => one.startsWith('dynamodb:')))
    .map(({ Action, Condition }) => ({
      actions: Action,
      partitions: z
        .array(z.string())
        .parse([Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? '*'].flat()),
    }));
  return (action, pk) => {
    const matches = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(pk);
    return granted.some(
      ({ actions, partitions }) => actions.includes(`dynamodb:${action}`) && partitions.some(matches),
    );
  };
}

const isGranted = grantsOf('session');
const isGrantedToAuthorizer = grantsOf('authorizer');
const ofTenants = ['T#connections', 'T#connection#C', 'T#link#L', 'T#failure#F', 'T#run#R', 'T#actor#A', 'T#due#C#1'];
const itemActions = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

interface Touch {
  readonly action: string;
  readonly pk: string;
}

function touchOf(write: Write): Touch {
  if ('put' in write) return { action: 'PutItem', pk: write.put.pk };
  if ('delete' in write) return { action: 'DeleteItem', pk: write.delete.pk };
  return { action: 'UpdateItem', pk: write.update.pk };
}

/** What requests touch; calls that no grant could be right for have no partition. */
async function touchedBy(world: ApiWorld, requests: () => Promise<unknown>): Promise<Touch[]> {
  const touched: Touch[] = [];
  world.storageGate = (method, [first]) => {
    // The table's own words: the first parameter is what each of its methods is given.
    if (method === 'get') touched.push({ action: 'GetItem', pk: (first as Key).pk });
    else if (method === 'getMany') touched.push(...(first as Key[]).map(({ pk }) => ({ action: 'BatchGetItem', pk })));
    else if (method === 'write') touched.push(touchOf(first as Write));
    else if (method === 'transact') touched.push(...(first as Write[]).map(touchOf));
    else touched.push({ action: String(method), pk: '' });
  };
  await requests();
  world.storageGate = () => {};
  return touched;
}

test('session may do all that sign-ins need, by code, by id_token and by key, with refusals and the end', async () => {
  const world = await signInWorld();
  world.limitFailures({ caller: 100, tenant: 100 });
  const { key } = (await world.send('POST', '/v1/api-keys', { body: { name: 'ERP tab', role: 'service' } })).json;
  const touched = await touchedBy(world, async () => {
    const page = newPage();
    const code = await codeFor(world, page, '5');
    const headers = { 'idempotency-key': 'once' };
    expect((await begin(world, { code, verifier: page.verifier }, headers)).status).toBe(201);
    const idToken = world.provider.idToken('10', 'Cust11111');
    expect((await begin(world, { idToken, tenant: 'Cust11111' })).status).toBe(201);
    expect((await begin(world, { idToken: 'none', tenant: 'Cust11111' })).status).toBe(401);
    expect((await begin(world, { apiKey: key })).status).toBe(201);
    expect((await begin(world, { code: 'none', verifier: page.verifier })).status).toBe(401);
    const bearer = await signIn(world, '10');
    expect((await world.send('DELETE', '/v1/session', { bearer })).status).toBe(204);
  });
  expect(touched.length).toBeGreaterThan(20);
  expect(touched.filter(({ action, pk }) => !isGranted(action, pk))).toEqual([]);
});

test('session reaches nothing of links, connections, failures and the log, and makes or removes no key and changes no trail', () => {
  for (const pk of ofTenants) {
    for (const action of itemActions) expect(isGranted(action, pk), `${action} ${pk}`).toBe(false);
  }
  for (const action of ['UpdateItem', 'DeleteItem']) expect(isGranted(action, 'T#audit')).toBe(false);
  for (const action of ['PutItem', 'DeleteItem']) expect(isGranted(action, 'T#api-keys')).toBe(false);
  for (const action of ['PutItem', 'UpdateItem', 'DeleteItem']) expect(isGranted(action, 'T#tenant')).toBe(false);
});

test('the authorizer may do all that it needs for keys and sessions, good ones and others', async () => {
  const world = await signInWorld();
  const { key } = (await world.send('POST', '/v1/api-keys', { body: { name: 'ERP tab', role: 'service' } })).json;
  const ofKey = (await begin(world, { apiKey: key })).json.session;
  const ofUser = await signIn(world, '5');
  world.nowMs += 61_000;
  const touched = await touchedBy(world, async () => {
    for (const bearer of [key, ofKey, ofUser]) expect(await world.authorize(bearer)).toHaveProperty('role');
    for (const bearer of [`${key}x`, `${ofUser}x`]) expect(await world.authorize(bearer)).toHaveProperty('refusal');
  });
  expect(new Set(touched.map(({ action }) => action))).toEqual(new Set(['GetItem', 'UpdateItem']));
  expect(touched.filter(({ action, pk }) => !isGrantedToAuthorizer(action, pk))).toEqual([]);
});

test('the authorizer reaches nothing else of a tenant, and changes no tenant', () => {
  for (const pk of [...ofTenants, 'T#audit', 'T#names', 'T#idempotency#I', 'T#sign-in-pass#P', 'crm-context#C']) {
    for (const action of itemActions) expect(isGrantedToAuthorizer(action, pk), `${action} ${pk}`).toBe(false);
  }
  for (const action of ['PutItem', 'UpdateItem', 'DeleteItem']) {
    expect(isGrantedToAuthorizer(action, 'T#tenant')).toBe(false);
  }
  for (const action of ['PutItem', 'DeleteItem']) expect(isGrantedToAuthorizer(action, 'T#session#S')).toBe(false);
});
