import { createHmac } from 'node:crypto';
import { guardSignIn } from '../adapters/http/guard-sign-in.ts';
import { failureOf, signInFailureId } from '../core/model/failure.ts';
import type { Side } from '../core/model/side.ts';
import { fingerprint } from '../core/values/fingerprint.ts';
import type { Connections } from '../ports/connections.ts';
import type { Failures } from '../ports/failures.ts';
import type { GuardSignIn, Signer } from '../ports/record-systems.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { SignIns } from '../ports/sign-ins.ts';

export interface SignInGuardParts {
  readonly signIns: SignIns;
  readonly failures: Pick<Failures, 'open' | 'close'>;
  readonly connections: Pick<Connections, 'inOrder'>;
  readonly runtime: Runtime;
  /** Hashes secrets that are not stored; a function without it tests none. */
  readonly signingKey?: (() => Promise<string>) | undefined;
}

export interface GuardedEnd {
  readonly side: Side;
  readonly signer: Signer;
  readonly by: 'engine' | 'person';
  /** Who signs in where. */
  readonly account: object;
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** Guards of sign-ins that all functions share, and an open failure on each connection that waits for one. */
export function signInGuards({ signIns, failures, connections, runtime, signingKey }: SignInGuardParts) {
  return ({ side, signer, by, account, secrets }: GuardedEnd): GuardSignIn => {
    const { tenantId, connectionId, secretVersion } = signer;
    const secretId = async () => {
      if (secretVersion !== undefined) return `${connectionId ?? side}@${secretVersion}`;
      const hash = createHmac('sha256', (await signingKey?.()) ?? '').update(`sign-in\n${fingerprint(secrets)}`);
      return hash.digest('base64url');
    };
    /** An ERP's user is one connection's, the CRM's is everybody's. */
    const concerned = async () => {
      if (side === 'erp') return connectionId === undefined ? [] : [connectionId];
      return (await connections.inOrder(tenantId)).map(({ id }) => id);
    };
    return guardSignIn({
      signIns,
      runtime,
      by,
      signIn: async () => ({ tenantId, account: fingerprint({ side, ...account }), secret: await secretId() }),
      async onPause({ kind, explanation }, untilMs) {
        for (const id of await concerned()) {
          const failure = failureOf({
            tenantId,
            id: signInFailureId(id, side),
            connectionId: id,
            kind,
            reason: 'sign-in-paused',
            explanation,
            at: runtime.now(),
            nextAttemptAt: new Date(untilMs).toISOString(),
          });
          await failures.open(failure);
        }
      },
      async onResume() {
        for (const id of await concerned()) await failures.close(tenantId, signInFailureId(id, side));
      },
    });
  };
}
