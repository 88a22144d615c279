import { expect, test } from 'vitest';
import { auditStore } from '../../functions/adapters/aws/dynamodb/set-up/audit.ts';
import { sessionsStore } from '../../functions/adapters/aws/dynamodb/set-up/sessions.ts';
import { tenantsStore } from '../../functions/adapters/aws/dynamodb/set-up/tenants.ts';
import type { AuditEntry } from '../../functions/core/model/audit.ts';
import type { Session, SignInPass } from '../../functions/core/model/session.ts';
import type { Table } from '../../functions/ports/table.ts';
import { anApiKey, aTenant, at, newId } from './stores-fixtures.ts';

const nowMs = Date.parse(at);
const hourMs = 3_600_000;
const user = { id: '5', name: 'Tom Berg', groups: ['2'] };

/** Sessions, and what they are made of. */
export function sessionsSuite(on: string, tableOf: () => Table): void {
  const aSession = (tenantId: string, over: Partial<Session> = {}): Session => ({
    ...{ tenantId, id: newId(), secretHash: 'hash', role: 'user', createdAt: at },
    ...{ endsAtMs: nowMs + 24 * hourMs, usedAtMs: nowMs },
    ...{ user, answeredAtMs: nowMs, askFromMs: nowMs + 1_000, refreshToken: 'sealed' },
    ...over,
  });
  const aPass = (tenantId: string): SignInPass => ({
    ...{ tenantId, id: newId(), secretHash: 'hash', challenge: 'challenge', goodUntilMs: nowMs + 60_000 },
    ...{ user, role: 'user', answeredAtMs: nowMs },
  });
  const told = (tenantId: string, act: AuditEntry['act']): AuditEntry[] => [
    { tenantId, id: newId(), at, act, by: { kind: 'user' }, subject: { kind: 'session', id: 's1' }, changes: [] },
  ];
  const acts = async (table: Table, tenantId: string) =>
    (await auditStore({ table }).list(tenantId, {}, { limit: 100 })).items.map(({ act }) => act).toReversed();

  test(`of a pass, and of a token, one session is made, with its entry (${on})`, async () => {
    const table = tableOf();
    const sessions = sessionsStore({ table });
    const [tenantId, other] = [newId(), newId()];
    const pass = aPass(tenantId);
    const start = () => told(tenantId, 'session.start');
    const missing = { passId: pass.id };
    expect(await sessions.create(aSession(tenantId), missing, start())).toBe(false);
    expect(await sessions.keepPass(pass)).toBe(true);
    expect(await sessions.keepPass({ ...pass, challenge: 'another' })).toBe(false);
    expect(await sessions.readPass(tenantId, pass.id)).toEqual(pass);
    expect(await sessions.readPass(other, pass.id)).toBeUndefined();
    const first = aSession(tenantId);
    const made = await Promise.all([first, aSession(tenantId)].map((one) => sessions.create(one, missing, start())));
    expect(made.toSorted()).toEqual([false, true]);
    expect(await sessions.readPass(tenantId, pass.id)).toBeUndefined();
    expect(await sessions.keepPass(pass)).toBe(false);
    const token = { tokenHash: 'abc' };
    expect(await sessions.create(aSession(tenantId), token, start())).toBe(true);
    expect(await sessions.create(aSession(tenantId), token, start())).toBe(false);
    expect(await sessions.create(aSession(other), token, told(other, 'session.start'))).toBe(true);
    expect(await acts(table, tenantId)).toEqual(['session.start', 'session.start']);
  });

  test(`what changes nothing is told all the same, and a tenant is found by the context that it has claimed (${on})`, async () => {
    const table = tableOf();
    const tenants = tenantsStore({ table });
    const tenant = aTenant();
    await tenants.create(tenant, anApiKey(tenant.id));
    expect(await tenants.whoClaims(tenant.crmContext)).toBe(tenant.id);
    expect(await tenants.whoClaims(tenant.crmContext.toLowerCase())).toBe(tenant.id);
    expect(await tenants.whoClaims(`${tenant.crmContext}0`)).toBeUndefined();
    await auditStore({ table }).note(told(tenant.id, 'session.refused'));
    expect(await acts(table, tenant.id)).toEqual(['session.refused']);
  });

  test(`a session is ended once, with its entry, and nothing brings it back (${on})`, async () => {
    const table = tableOf();
    const sessions = sessionsStore({ table });
    const tenantId = newId();
    const session = aSession(tenantId);
    await sessions.create(session, undefined, []);
    expect(await sessions.get(tenantId, session.id)).toEqual(session);
    expect(await sessions.end(tenantId, session.id, told(tenantId, 'session.end'))).toBe(true);
    expect(await sessions.end(tenantId, session.id, told(tenantId, 'session.end'))).toBe(false);
    await sessions.noteUse(tenantId, session.id, nowMs + 1);
    await sessions.noteAnswer(tenantId, session.id, { user, role: 'admin', answeredAtMs: nowMs, askFromMs: nowMs });
    expect(await sessions.takeAsking(session, nowMs + hourMs, nowMs + hourMs, 'due')).toBe(false);
    expect(await sessions.takeAsking(session, nowMs + hourMs, nowMs + hourMs, 'now')).toBe(false);
    await sessions.leaveAsking(tenantId, session.id, nowMs);
    expect(await sessions.get(tenantId, session.id)).toBeUndefined();
    expect(await acts(table, tenantId)).toEqual(['session.end']);
  });

  test(`of those who find it time to ask one has the turn, and what it learns is kept (${on})`, async () => {
    const sessions = sessionsStore({ table: tableOf() });
    const tenantId = newId();
    const session = aSession(tenantId);
    await sessions.create(session, undefined, []);
    expect(await sessions.takeAsking(session, nowMs + 999, nowMs + 31_000, 'due')).toBe(false);
    const turns = [0, 1, 2].map(() => sessions.takeAsking(session, nowMs + 1_000, nowMs + 31_000, 'due'));
    expect((await Promise.all(turns)).toSorted()).toEqual([false, false, true]);
    const meanwhile = (await sessions.get(tenantId, session.id)) ?? session;
    expect(await sessions.takeAsking(meanwhile, nowMs + 31_000, nowMs + 61_000, 'due')).toBe(true);
    const answer = {
      user: { ...user, groups: ['3'] },
      role: 'admin' as const,
      answeredAtMs: nowMs + 2,
      askFromMs: nowMs + 3,
    };
    await sessions.noteAnswer(tenantId, session.id, answer);
    await sessions.noteUse(tenantId, session.id, nowMs + 60_000);
    await sessions.noteUse(tenantId, session.id, nowMs + 50_000);
    expect(await sessions.get(tenantId, session.id)).toEqual({ ...session, ...answer, usedAtMs: nowMs + 60_000 });
  });

  test(`one asks with a refresh token at a time, due or not, and never with one that another has replaced (${on})`, async () => {
    const sessions = sessionsStore({ table: tableOf() });
    const tenantId = newId();
    const session = aSession(tenantId);
    await sessions.create(session, undefined, []);
    const asRead = async () => (await sessions.get(tenantId, session.id)) ?? session;
    const whens = ['now', 'due', 'now', 'due'] as const;
    const turns = whens.map((when) => sessions.takeAsking(session, nowMs + 2_000, nowMs + 32_000, when));
    expect((await Promise.all(turns)).filter(Boolean)).toHaveLength(1);
    const during = await asRead();
    expect(await sessions.takeAsking(during, nowMs + 31_999, nowMs + 61_999, 'now')).toBe(false);
    await sessions.leaveAsking(tenantId, session.id, nowMs + 31_999);
    expect(await asRead()).toEqual(during);
    await sessions.leaveAsking(tenantId, session.id, nowMs + 32_000);
    const before = await asRead();
    expect(await sessions.takeAsking(before, nowMs + 3_000, nowMs + 33_000, 'now')).toBe(true);
    const answer = { user, role: 'user' as const, answeredAtMs: nowMs + 3_000, askFromMs: nowMs + 4_000 };
    await sessions.noteAnswer(tenantId, session.id, { ...answer, refreshToken: 'another' });
    expect(await asRead()).toEqual({ ...session, ...answer, refreshToken: 'another' });
    for (const when of ['now', 'due'] as const) {
      expect(await sessions.takeAsking(before, nowMs + 90_000, nowMs + 120_000, when)).toBe(false);
    }
    expect(await sessions.takeAsking(await asRead(), nowMs + 3_500, nowMs + 33_500, 'due')).toBe(false);
    expect(await sessions.takeAsking(await asRead(), nowMs + 3_500, nowMs + 33_500, 'now')).toBe(true);
  });
}
