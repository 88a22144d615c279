/**
 * Allowances and brakes. Always true: the counter of an allowance is the number of its marks and never above the limit, a
 * brake stands with its open failure, and an answer with its run. Each is one transaction, so a crash leaves all of it or
 * nothing. Attacked by test/contract/stores-brakes-suite.ts, test/sync/brake.test.ts and test/property/brake.test.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import type { Brake } from '../../../../core/model/brake.ts';
import { brakeFailureId } from '../../../../core/model/failure.ts';
import type { Brakes } from '../../../../ports/brakes.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { Condition, Table, Write } from '../../../../ports/table.ts';
import { failureItem } from '../links/failures.ts';
import { expiryAfter, type RetentionDays } from '../set-up/retention.ts';
import { keys } from '../table/keys.ts';
import { numberIn, storedItem } from '../table/stored-item.ts';
import { endingOf } from './ending-of.ts';
import { runItem } from './run-items.ts';

/** Longer than any run, and than the day. */
const allowanceLifeMs = 30 * 86_400_000;
const mostTries = 10;

export function brakesStore(parts: {
  readonly table: Table;
  readonly runtime: Pick<Runtime, 'nowMs'>;
  readonly retentionDays: RetentionDays;
}): Brakes {
  const { table, runtime, retentionDays } = parts;
  return {
    async take({ tenantId, connectionId, kind, of }, taker, limit) {
      const counter = keys.allowance(tenantId, connectionId, kind, of);
      const expiresAtMs = runtime.nowMs() + allowanceLifeMs;
      const key = keys.taken(tenantId, connectionId, kind, of, taker);
      const mark = storedItem({ type: 'taken', key, expiresAtMs }, { taker });
      const set = { type: 'allowance', v: 1, expires: Math.ceil(expiresAtMs / 1000) };
      for (let tries = 0; tries < mostTries; tries += 1) {
        const [has, sum] = await Promise.all([table.get(key), table.get(counter)]);
        if (has) return true;
        if ((sum ? numberIn(sum, 'taken') : 0) >= limit) return false;
        const within: Condition = sum ? { below: { taken: limit } } : { exists: false };
        const { ok } = await table.transact([
          { put: mark, when: { exists: false } },
          { update: counter, set, add: { taken: 1 }, when: within },
        ]);
        if (ok) return true;
      }
      throw new SyncError('transient', `The allowance of connection ${connectionId} is being changed all the time.`);
    },
    async stop({ run, at, reason, brakes }) {
      const expiresAtMs = expiryAfter(at, await retentionDays(run.tenantId));
      const { ok } = await table.transact([
        endingOf(run, { state: 'stopped-by-brake', at, reason, expiresAtMs }),
        ...brakes.flatMap(({ brake, failure }): Write[] => [replaced(brake), { put: failureItem(failure) }]),
      ]);
      return ok;
    },
    async set(brake, failure) {
      const { ok } = await table.transact([replaced(brake), { put: failureItem(failure) }]);
      return ok;
    },
    async answer(brakes, run) {
      const { ok } = await table.transact([{ put: runItem(run), when: { exists: false } }, ...brakes.map(replaced)]);
      return ok;
    },
    async lift(brake) {
      const { tenantId, connectionId, kind, revision } = brake;
      const { ok } = await table.transact([
        { delete: keys.brake(tenantId, connectionId, kind), when: { equals: { revision } } },
        { delete: keys.failure(tenantId, brakeFailureId(connectionId, kind)) },
      ]);
      return ok;
    },
  };
}

/** Revision 0 is a brake that does not stand yet. */
function replaced(brake: Brake): Write {
  const { tenantId, connectionId, kind, revision } = brake;
  const key = keys.brake(tenantId, connectionId, kind);
  const put = storedItem({ type: 'brake', key }, { ...brake, revision: revision + 1 });
  return { put, when: revision === 0 ? { exists: false } : { equals: { revision } } };
}
