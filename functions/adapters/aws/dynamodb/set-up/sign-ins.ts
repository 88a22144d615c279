/**
 * What is known of sign-ins. Always true: a refusal stands in an item of its own by secret, so that another secret of the
 * same user is not held back by it; of those who want to try a refused secret again one at a time may. Each is one write,
 * so a crash leaves it or not. Attacked by test/wiring/sign-in-guards.test.ts.
 */
import type { SignIn, SignIns } from '../../../../ports/sign-ins.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, numberIn, textIn } from '../table/stored-item.ts';

/** A refusal outlives every connection that is still looked after. */
const keptMs = 400 * 86_400_000;

const accountOf = ({ tenantId, account }: SignIn) => keys.signInAccount(tenantId, account);
const secretOf = ({ tenantId, account, secret }: SignIn) => keys.signInSecret(tenantId, account, secret);
const expiresAfter = (atMs: number) => Math.ceil((atMs + keptMs) / 1000);

export function signInsStore({ table }: { readonly table: Table }): SignIns {
  return {
    async read(signIn) {
      const items = await table.getMany([accountOf(signIn), secretOf(signIn)]);
      const account = items.find((item) => item.type === 'sign-in-account');
      const refused = items.find((item) => item.type === 'sign-in-refused');
      return {
        pausedUntilMs: account && numberIn(account, 'pausedUntilMs'),
        lastRefusedAtMs: account && numberIn(account, 'lastRefusedAtMs'),
        refusals: account && numberIn(account, 'refusals'),
        refused: refused && { explanation: textIn(refused, 'explanation') },
      };
    },
    async noteRefused(signIn, { atMs, triedAtMs, refusals, explanation }) {
      const expires = expiresAfter(atMs);
      const refused = attributesOf({ type: 'sign-in-refused', v: 1, triedAtMs, explanation, expires });
      await table.write({ put: { ...secretOf(signIn), ...refused } });
      const set = { type: 'sign-in-account', v: 1, lastRefusedAtMs: atMs, refusals, expires };
      await table.write({ update: accountOf(signIn), set });
    },
    async takeTry(signIn, nowMs, sinceMs) {
      const { ok } = await table.transact([
        { update: secretOf(signIn), set: { triedAtMs: nowMs }, when: { exists: true, below: { triedAtMs: sinceMs } } },
      ]);
      return ok;
    },
    async notePaused(signIn, pausedUntilMs) {
      const set = { type: 'sign-in-account', v: 1, pausedUntilMs, expires: expiresAfter(pausedUntilMs) };
      await table.write({ update: accountOf(signIn), set });
    },
    async noteAccepted(signIn) {
      await table.write({ delete: secretOf(signIn) });
      await table.write({ delete: accountOf(signIn) });
    },
  };
}
