/**
 * Always true: a session that has ended stays ended, for uses, turns and answers are written only to one that is there; of
 * a pass, and of a token, one session is made at most, in the transaction that uses it up; a sign-in leaves one pass. A
 * crash leaves all of a session with its entry, or nothing. Attacked by test/contract/stores-sessions-suite.ts.
 */
import { Session, SignInPass } from '../../../../core/model/session.ts';
import { stateGoodMs } from '../../../../core/timing/session.ts';
import type { MadeOf, Sessions } from '../../../../ports/sessions.ts';
import type { Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, readItem, storedItem } from '../table/stored-item.ts';
import { trailWrites } from './audit.ts';

const dayMs = 86_400_000;
/** So that a state that is used again still finds its pass. */
const passKeptMs = 6 * stateGoodMs;

export function sessionsStore({ table }: { readonly table: Table }): Sessions {
  const usedUp = (session: Session, madeOf: MadeOf | undefined): Write[] => {
    if (madeOf === undefined) return [];
    const { tenantId, endsAtMs } = session;
    if ('passId' in madeOf) {
      const pass = keys.signInPass(tenantId, madeOf.passId);
      return [{ update: pass, set: { isUsed: true }, when: { exists: true, absent: ['isUsed'] } }];
    }
    const key = keys.usedToken(tenantId, madeOf.tokenHash);
    const item = storedItem({ type: 'used-token', key, expiresAtMs: endsAtMs + dayMs }, {});
    return [{ put: item, when: { exists: false } }];
  };

  return {
    async create(session, madeOf, trail) {
      const { tenantId, id, endsAtMs } = session;
      const key = keys.session(tenantId, id);
      const item = storedItem({ type: 'session', key, expiresAtMs: endsAtMs + dayMs }, session);
      const made: Write = { put: item, when: { exists: false } };
      return (await table.transact([made, ...usedUp(session, madeOf), ...trailWrites(trail)])).ok;
    },
    async get(tenantId, sessionId) {
      const item = await table.get(keys.session(tenantId, sessionId));
      return item && readItem('session', Session, item);
    },
    async noteUse(tenantId, sessionId, usedAtMs) {
      const when = { exists: true, below: { usedAtMs } };
      await table.write({ update: keys.session(tenantId, sessionId), set: { usedAtMs }, when });
    },
    async takeAsking({ tenantId, id, refreshToken = '', askingUntilMs }, nowMs, untilMs, when) {
      const below: Record<string, number> = {};
      if (askingUntilMs !== undefined) below.askingUntilMs = nowMs + 1;
      if (when === 'due') below.askFromMs = nowMs + 1;
      const condition = {
        exists: true,
        // Whoever had the turn since may have got another token.
        equals: { refreshToken },
        absent: askingUntilMs === undefined ? ['askingUntilMs'] : [],
        below,
      };
      const set = { askingUntilMs: untilMs, ...(when === 'due' && { askFromMs: untilMs }) };
      return (await table.transact([{ update: keys.session(tenantId, id), set, when: condition }])).ok;
    },
    async leaveAsking(tenantId, sessionId, untilMs) {
      const when = { exists: true, equals: { askingUntilMs: untilMs } };
      await table.write({ update: keys.session(tenantId, sessionId), remove: ['askingUntilMs'], when });
    },
    async noteAnswer(tenantId, sessionId, answer) {
      const set = attributesOf(answer);
      const remove = ['askingUntilMs'];
      await table.write({ update: keys.session(tenantId, sessionId), set, remove, when: { exists: true } });
    },
    async end(tenantId, sessionId, trail) {
      const gone: Write = { delete: keys.session(tenantId, sessionId), when: { exists: true } };
      return (await table.transact([gone, ...trailWrites(trail)])).ok;
    },
    async keepPass(pass) {
      const key = keys.signInPass(pass.tenantId, pass.id);
      const item = storedItem({ type: 'sign-in-pass', key, expiresAtMs: pass.goodUntilMs + passKeptMs }, pass);
      return (await table.transact([{ put: item, when: { exists: false } }])).ok;
    },
    async readPass(tenantId, passId) {
      const item = await table.get(keys.signInPass(tenantId, passId));
      return item && item.isUsed !== true ? readItem('sign-in-pass', SignInPass, item) : undefined;
    },
  };
}
