import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  payload: AdapterPayload;
  readonly untilMs: number;
}

/** What the provider stores, by kind of thing: people sign in again after a restart. */
export function keptInMemory(): (kind: string) => Adapter {
  const things = new Map<string, Kept>();
  return (kind) => {
    const place = (id: string) => `${kind} ${id}`;
    const find = async (id: string) => {
      const kept = things.get(place(id));
      return kept && Date.now() < kept.untilMs ? kept.payload : undefined;
    };
    return {
      find,
      async upsert(id, payload, expiresInSeconds) {
        const untilMs = expiresInSeconds ? Date.now() + expiresInSeconds * 1000 : Number.POSITIVE_INFINITY;
        things.set(place(id), { payload, untilMs });
      },
      async findByUid(uid) {
        const kept = [...things.values()].find(({ payload }) => payload.kind === kind && payload.uid === uid);
        return kept && Date.now() < kept.untilMs ? kept.payload : undefined;
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        const payload = await find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        things.delete(place(id));
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of things) if (payload.grantId === grantId) things.delete(id);
      },
    };
  };
}
