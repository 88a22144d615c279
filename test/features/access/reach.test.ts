/** What a user of the CRM reaches: every operation for users, of things within the scope of their connection and without. */
import { expect, test } from 'vitest';
import { type Operation, operations } from '../../../functions/http/registry.ts';
import { everyRequest, nothing, type UserWorld, userWorld, withoutNames } from './user-steps.ts';

test('every operation for users is tried, but for those about nothing but the caller', () => {
  const forUsers = Object.entries<Operation>(operations).filter(([, { roles, ofCaller }]) => {
    return roles !== 'public' && roles.includes('user') && !ofCaller;
  });
  const tried = new Set(everyRequest.map(([name]) => name.split(' ')[0]));
  expect([...tried].toSorted()).toEqual(forUsers.map(([id]) => id).toSorted());
});

/** Set up once: what is asked of it changes nothing, for it is refused. */
async function closedWorld(close: (one: UserWorld) => Promise<unknown>): Promise<UserWorld> {
  const one = await userWorld();
  await close(one);
  return one;
}

const outOfScope = await closedWorld((one) => one.scope({ users: ['10'], groups: ['1'] }));
const deleted = await closedWorld(async (one) => {
  for (const { id } of (await one.world.send('GET', '/v1/connections')).json.items) {
    await one.world.change('DELETE', `/v1/connections/${id}`);
  }
});

test.each(
  everyRequest.flatMap(([name, request]) => [
    [name, 'out of scope', request, outOfScope] as const,
    [name, 'of a deleted connection', request, deleted] as const,
  ]),
)('%s of what is %s is answered like one of what does not exist', async (_name, _how, request, one) => {
  const { out } = request(one.asked);
  const refused = await one.ask(request(one.asked));
  expect(refused.status).toBe(out === 'not-found' ? 404 : 200);
  if (out === 'empty') expect(refused.json).toEqual({ items: [] });
  const unknown = await one.ask(request(nothing));
  expect(withoutNames(refused, one.asked)).toBe(withoutNames(unknown, nothing));
});

const inScope = await closedWorld((one) => one.scope({ users: [], groups: ['2'] }));

test.each(everyRequest)('%s of what is in scope is answered', async (_, request) => {
  const isRead = request(nothing).method === 'GET';
  const one = isRead ? inScope : await closedWorld((fresh) => fresh.scope({ users: ['5'], groups: [] }));
  const { good, out } = request(one.asked);
  const { status, json } = await one.ask(request(one.asked));
  expect({ status, detail: json?.detail }).toEqual({ status: good, detail: undefined });
  if (out === 'empty') expect(json.items.length).toBeGreaterThan(0);
});

const withoutTab = await closedWorld((one) => one.erpTab({ groups: ['1'] }));

test.each(everyRequest)('%s needs the ERP tab, whatever it is asked about', async (_, request) => {
  for (const asked of [withoutTab.asked, nothing]) {
    const { status, json } = await withoutTab.ask(request(asked));
    expect({ status, type: json.type, detail: json.detail }).toEqual({
      status: 403,
      type: 'forbidden',
      detail: 'The ERP tab is for certain groups of the CRM, and you are in none of them: ask an administrator.',
    });
  }
});
