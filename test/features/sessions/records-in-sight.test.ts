import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { recordsInSight } from '../../../functions/features/sessions/records-in-sight.ts';
import { renewSession } from '../../../functions/features/sessions/renew-session.ts';
import type { CrmRecordName } from '../../../functions/ports/record-sight.ts';
import type { ApiWorld } from '../api-world.ts';
import { words } from './provider-double.ts';
import { begin, sessionTrail, signIn, signInWorld } from './sign-in-steps.ts';

const minuteMs = 60_000;
const company = (crmKey: string): CrmRecordName => ({ crmType: 'company', crmKey });

/** What an instance of the function is asked of Tom's session. */
function askedOf({ app }: Pick<ApiWorld, 'app'>, session: string, userId = '5') {
  const inSight = recordsInSight(app);
  const [, tenantId = '', sessionId = ''] = session.split('_');
  return (...records: CrmRecordName[]) => inSight({ sight: { tenantId, sessionId, userId, records } });
}

async function tom() {
  const world = await signInWorld();
  const session = await signIn(world, '5');
  world.provider.asked.length = 0;
  return { world, session, ask: askedOf(world, session) };
}

const callsTo = (world: ApiWorld, part: string) => world.provider.asked.filter(({ url }) => url.includes(part)).length;
const stored = (world: ApiWorld, session: string) =>
  world.app.sessions.get(world.tenantId, session.split('_')[2] ?? '');

test('what the CRM keeps from a user is not shown: a call for all records of a type, and one for those that it left out', async () => {
  const { world, ask } = await tom();
  world.provider.hidden.add('5 2');
  const many = Array.from({ length: 100 }, (_, at) => company(String(at + 1)));
  const answer = await ask(...many, { crmType: 'person', crmKey: '7' });
  const shown = many.filter(({ crmKey }) => crmKey !== '2');
  expect(answer).toEqual({ shown: [...shown, { crmType: 'person', crmKey: '7' }] });
  expect([callsTo(world, '/Archive/'), callsTo(world, '/oauth/tokens')]).toEqual([3, 1]);
});

test('it is asked as the user, and of a record its key alone', async () => {
  const { world, ask } = await tom();
  await ask(company('1'));
  const [list] = world.provider.asked.filter(({ url }) => url.includes('/Archive/'));
  const { searchParams } = new URL(list?.url ?? '');
  expect(searchParams.get('$select')).toBe('contactId');
  expect(list?.headers?.Authorization).toMatch(/^Bearer 8A:Cust11111\./);
  expect(list?.headers).not.toHaveProperty('SO-AppToken');
});

test('a key that no record of the CRM can have is not shown, and nobody is asked for it', async () => {
  const { world, ask } = await tom();
  expect(await ask(company('c1'), company('1) or contactId gt (0'))).toEqual({ shown: [] });
  expect(callsTo(world, '/Archive/')).toBe(0);
});

test('an access token is asked for once in its life, and anew before its end', async () => {
  const { world, ask } = await tom();
  for (let n = 0; n < 5; n += 1) {
    await ask(company('1'));
    world.nowMs += 11 * minuteMs;
  }
  expect(callsTo(world, '/oauth/tokens')).toBe(1);
  world.nowMs += 4 * minuteMs;
  expect(await ask(company('1'))).toEqual({ shown: [company('1')] });
  expect(callsTo(world, '/oauth/tokens')).toBe(2);
});

test('an access token that is good no more is replaced at once', async () => {
  const { world, ask } = await tom();
  await ask(company('1'));
  world.provider.forgetAccessTokens();
  expect(await ask(company('1'))).toEqual({ shown: [company('1')] });
});

test('a user whom the CRM lets in no more loses the session, with an entry, and sees nothing', async () => {
  const { world, session, ask } = await tom();
  await ask(company('1'));
  world.provider.users.delete('5');
  expect(await ask(company('1'))).toEqual({ refusal: 'ended' });
  expect(await stored(world, session)).toBeUndefined();
  expect((await sessionTrail(world)).at(-1)).toMatchObject({ act: 'session.end', by: { id: '5' } });
});

test('nothing is asked with a session that has ended, is another tenant’s or another user’s', async () => {
  const { world, session, ask } = await tom();
  await ask(company('1'));
  world.provider.asked.length = 0;
  expect(await askedOf(world, session, '10')(company('1'))).toEqual({ refusal: 'ended' });
  const elsewhere = session.replace(world.tenantId, world.otherTenantId);
  expect(await askedOf(world, elsewhere)(company('1'))).toEqual({ refusal: 'ended' });
  await world.send('DELETE', '/v1/session', { bearer: session });
  expect(await ask(company('1'))).toEqual({ refusal: 'ended' });
  const later = await signIn(world, '5');
  world.nowMs += 8 * 60 * minuteMs;
  world.provider.asked.length = 0;
  expect(await askedOf(world, later)(company('1'))).toEqual({ refusal: 'ended' });
  expect(world.provider.asked).toEqual([]);
});

test('with a session of an id_token there is nothing to ask with', async () => {
  const world = await signInWorld();
  const idToken = world.provider.idToken('5', 'Cust11111');
  const { session } = (await begin(world, { idToken, tenant: 'Cust11111' })).json;
  expect(await askedOf(world, session)(company('1'))).toEqual({ refusal: 'not-askable' });
});

test.each([400, 429, 500, 503])('a CRM that answers %i shows nothing, and ends nothing', async (status) => {
  const { world, session, ask } = await tom();
  await ask(company('1'));
  world.provider.archiveStatus = status;
  expect(await ask(company('1'), company('2'))).toMatchObject({ refusal: 'unanswered' });
  world.provider.archiveStatus = 200;
  world.provider.down = true;
  expect(await ask(company('1'))).toMatchObject({ refusal: 'unanswered' });
  expect(await stored(world, session)).toBeDefined();
  world.provider.down = false;
  expect(await ask(company('1'))).toEqual({ shown: [company('1')] });
  expect(JSON.stringify(world.logged)).not.toContain(words);
});

test('where the CRM fails over one record nothing is shown', async () => {
  const { world, ask } = await tom();
  world.provider.troubled.add('2');
  expect(await ask(company('1'), company('2'), company('3'))).toMatchObject({ refusal: 'unanswered' });
});

test('a user who may read nothing of a type is shown none of it', async () => {
  const { world, session, ask } = await tom();
  world.provider.archiveStatus = 403;
  expect(await ask(company('1'))).toEqual({ shown: [] });
  expect(await stored(world, session)).toBeDefined();
});

test('an old access token that is refused with 403 says nothing of rights: another is asked for first', async () => {
  const { world, ask } = await tom();
  await ask(company('1'));
  world.nowMs += 30 * minuteMs;
  world.provider.archiveStatus = 403;
  const asking = ask(company('1'));
  expect(await asking).toEqual({ shown: [] });
  expect(callsTo(world, '/oauth/tokens')).toBe(2);
});

test('a refresh token that is good once is used once, however many instances ask at one time, and the new one is kept', async () => {
  const { world, session } = await tom();
  world.provider.rotates = true;
  world.nowMs += 9 * minuteMs;
  const [, tenantId = '', sessionId = ''] = session.split('_');
  const runtime = { ...world.app.runtime, sleep: async () => setTimeout(5) };
  const instance = { app: { ...world.app, runtime } };
  const renewals = [0, 1].map(() => renewSession(world.app, { renew: { tenantId, sessionId } }));
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => askedOf(instance, session)(company('1'))));
  await Promise.all(renewals);
  for (const answer of answers) expect(answer).toEqual({ shown: [company('1')] });
  expect(await askedOf(world, session)(company('1'))).toEqual({ shown: [company('1')] });
  expect(await world.authorize(session)).toMatchObject({ userid: '5' });
});

test('what comes with an access token of the user is kept as of a renewal', async () => {
  const { world, session, ask } = await tom();
  world.provider.users.set('5', { name: 'Tom Berg', groups: [9], isAdministrator: false });
  await ask(company('1'));
  expect(await stored(world, session)).toMatchObject({ user: { groups: ['9'] }, answeredAtMs: world.nowMs });
});

test('a turn that a crash left is waited for, and then nothing is shown until it is over', async () => {
  const { world, session, ask } = await tom();
  const found = await stored(world, session);
  if (!found) throw new Error('There is no session.');
  await world.app.sessions.takeAsking(found, world.nowMs, world.nowMs + 30_000, 'now');
  expect(await ask(company('1'))).toEqual({ refusal: 'unanswered' });
  world.nowMs += 30_000;
  expect(await ask(company('1'))).toEqual({ shown: [company('1')] });
});
