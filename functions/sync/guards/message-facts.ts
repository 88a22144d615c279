/**
 * What the guards ask once a message. Always true: a blank or a missing record is believed only after its system was asked
 * for our rights, where it can say. It only reads, so a crash leaves nothing. Attacked by test/sync/brake.test.ts.
 */
import { type ReadPair, repeatedValues } from '../../core/merge/repeated-values.ts';
import type { Side } from '../../core/model/side.ts';
import type { SummaryCounts } from '../../ports/connections.ts';
import type { RecordAccess } from '../../ports/record-system.ts';
import type { Engine } from '../engine.ts';
import type { OpenEnds } from '../open-ends.ts';
import type { ActVerdict } from './act-verdict.ts';
import { RefusalTally } from './refusal-tally.ts';

export interface MessageFacts {
  /** Which rights our user has on records of the type. */
  access(side: Side, type: string): Promise<RecordAccess>;
  /** How many links the connection has, those that are disconnected left out. */
  linkCount(): Promise<number>;
  /** What was read of a link of the message. */
  noteRead(linkId: string, read: ReadPair): void;
  /** It has few links of the many that its chunk had. */
  readonly isRest: boolean;
  /** Texts that would come to many of the links read; found out when it is asked for. */
  repeated(): ReadonlySet<string>;
  /** What became of the message's writes. */
  readonly refusals: RefusalTally;
  /** What an act came to that several links of the message ask about at once. */
  once(act: string, ask: () => Promise<ActVerdict>): Promise<ActVerdict>;
}

export function messageFacts(engine: Engine, context: OpenEnds, isRest: boolean): MessageFacts {
  const { tenantId, id } = context.setup.connection;
  const asked = new Map<string, Promise<RecordAccess>>();
  const read = new Map<string, ReadPair>();
  let repeated: ReadonlySet<string> | undefined;
  const taken = new Map<string, Promise<ActVerdict>>();
  let counted: Promise<number> | undefined;
  return {
    isRest,
    refusals: new RefusalTally(),
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
    noteRead(linkId, pair) {
      read.set(linkId, pair);
      repeated = undefined;
    },
    repeated() {
      repeated ??= repeatedValues(read.values());
      return repeated;
    },
    once(act, ask) {
      const verdict = taken.get(act) ?? ask();
      taken.set(act, verdict);
      return verdict;
    },
  };
}

/** Those of all types that are not disconnected. */
export function linksIn(counts: SummaryCounts): number {
  return Object.values(counts).reduce(
    (sum, { links: { pending, active, paused, broken } }) => sum + pending + active + paused + broken,
    0,
  );
}

export async function countLinks(engine: Engine, tenantId: string, connectionId: string): Promise<number> {
  return linksIn(await engine.connections.summary(tenantId, connectionId));
}
