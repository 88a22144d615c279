/**
 * What the guards ask once a message. Always true: a blank or a missing record is believed only after its system was asked
 * for our rights, where it can say. It only reads, so a crash leaves nothing. Attacked by test/sync/brake.test.ts.
 */
import type { Side } from '../../core/model/side.ts';
import type { RecordAccess } from '../../ports/record-system.ts';
import type { Engine } from '../engine.ts';
import type { OpenEnds } from '../open-ends.ts';

export interface MessageFacts {
  /** Which rights our user has on records of the type. */
  access(side: Side, type: string): Promise<RecordAccess>;
  /** How many links the connection has, those that are disconnected left out. */
  linkCount(): Promise<number>;
}

export function messageFacts(engine: Engine, context: OpenEnds): MessageFacts {
  const { tenantId, id } = context.setup.connection;
  const asked = new Map<string, Promise<RecordAccess>>();
  let counted: Promise<number> | undefined;
  return {
    access(side, type) {
      const name = `${side} ${type}`;
      const answer = asked.get(name) ?? context[side].access(type);
      asked.set(name, answer);
      return answer;
    },
    linkCount() {
      counted ??= countLinks(engine, tenantId, id);
      return counted;
    },
  };
}

export async function countLinks(engine: Engine, tenantId: string, connectionId: string): Promise<number> {
  const counts = await engine.connections.summary(tenantId, connectionId);
  return Object.values(counts).reduce(
    (sum, { links: { pending, active, paused, broken } }) => sum + pending + active + paused + broken,
    0,
  );
}
