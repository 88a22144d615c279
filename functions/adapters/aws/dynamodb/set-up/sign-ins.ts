/**
 * What is known of sign-ins. Always true: a refusal stands in an item of its own by secret, so that another secret of the
 * same user is not held back by it; of those who want to try a refused secret again one at a time may, and a turn has one
 * holder. Each is one write, so a crash leaves it or not. Attacked by test/wiring/sign-in-guards.test.ts.
 */
import type { SignIn, SignIns } from '../../../../ports/sign-ins.ts';
import type { Table } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { attributesOf, numberIn, textIn } from '../table/stored-item.ts';

/** A refusal outlives every connection that is still looked after. */
const keptMs = 400 * 86_400_000;

const accountOf = ({ tenantId, account }: SignIn) => keys.signInAccount(tenantId, account);
const turnOf = ({ tenantId, account }: SignIn) => keys.signInTurn(tenantId, account);
const secretOf = ({ tenantId, account, secret }: SignIn) => keys.signInSecret(tenantId, account, secret);
const expiresAfter = (atMs: number) => Math.ceil((atMs + keptMs) / 1000);

export function signInsStore({ table }: { readonly table: Table }): SignIns {
  return {
    async read(signIn) {
      const items = await table.getMany([accountOf(signIn), secretOf(signIn), turnOf(signIn)]);
      const account = items.find((item) => item.type === 'sign-in-account');
      const refused = items.find((item) => item.type === 'sign-in-refused');
      const proven = items.find((item) => item.type === 'sign-in-proven');
      const turn = items.find((item) => item.type === 'sign-in-turn');
      return {
        pausedUntilMs: account && numberIn(account, 'pausedUntilMs'),
        lastRefusedAtMs: account && numberIn(account, 'lastRefusedAtMs'),
        refusals: account && numberIn(account, 'refusals'),
        refused: refused && { explanation: textIn(refused, 'explanation') },
        provenAtMs: proven && numberIn(proven, 'provenAtMs'),
        turn: turn && { holder: textIn(turn, 'holder') ?? '', untilMs: numberIn(turn, 'untilMs') ?? 0 },
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
    async noteAccepted(signIn, atMs) {
      const proven = { type: 'sign-in-proven', v: 1, provenAtMs: atMs, expires: expiresAfter(atMs) };
      await table.transact([{ put: { ...secretOf(signIn), ...proven } }, { delete: accountOf(signIn) }]);
    },
    async takeTurn(signIn, { holder, untilMs }, ended) {
      const turn = { type: 'sign-in-turn', v: 1, holder, untilMs, expires: Math.ceil(untilMs / 1000) };
      const when = ended ? { equals: { holder: ended.holder } } : { exists: false };
      const { ok } = await table.transact([{ put: { ...turnOf(signIn), ...turn }, when }]);
      return ok;
    },
    async endTurn(signIn, holder) {
      await table.write({ delete: turnOf(signIn), when: { equals: { holder } } });
    },
  };
}
