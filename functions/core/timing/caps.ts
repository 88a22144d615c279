/**
 * How many worker messages a tenant, and a connection of it, has in hand at once: no backlog and no slow system of one
 * tenant holds the workers that another waits for. Plain values and pure functions.
 */
import type { Run } from '../model/run.ts';
import type { Side } from '../model/side.ts';

/** Well below the workers of one lane (`lib/stages.ts`), so that most of them are always somebody else's. */
export const messagesInHand = { connection: 4, tenant: 8 } as const;
/**
 * The most chunks of a run that have messages out at once, far below the 20 that the design allows: as many as are worked on
 * and as many to follow. More would be put off time after time.
 */
export const mostChunksOut = 2 * messagesInHand.connection;
/** What a person waits for goes beyond the caps by so many: a backlog in hand does not keep it from starting. */
export const interactiveBeyond = 2;
/** So long after a system asked for patience one message at a time works with it. */
export const calmMs = 60_000;

const firstPutOffMs = 1_000;
const longestPutOffMs = 60_000;
/** Somebody waits. */
const longestInteractivePutOffMs = 4_000;

/** A message in hand, or one that asks to be. */
export interface Holding {
  readonly connectionId: string;
  readonly interactive: boolean;
}

/** What a tenant has in hand beside the message that asks, dead workers' left out, and which systems are to be left calm now. */
export interface InHand {
  readonly others: readonly Holding[];
  /** The CRM has asked for patience a moment ago: it is the tenant's. */
  readonly crmCalm: boolean;
  readonly erpCalm: boolean;
}

/**
 * Whether a message may be worked on beside what is in hand. Others that ask at the same moment count too, so that together
 * they never exceed a cap; but no number of them keeps an interactive one out, for they never hold more than the cap.
 */
export function mayEnter(asking: Holding, { others, crmCalm, erpCalm }: InHand): boolean {
  const ofConnection = others.filter(({ connectionId }) => connectionId === asking.connectionId);
  return (
    fits(asking, others, crmCalm ? 1 : messagesInHand.tenant) &&
    fits(asking, ofConnection, erpCalm ? 1 : messagesInHand.connection)
  );
}

function fits({ interactive }: Holding, others: readonly Holding[], cap: number): boolean {
  const waitedFor = others.filter((one) => one.interactive).length;
  const rest = others.length - waitedFor;
  return interactive ? Math.min(rest, cap) + waitedFor < cap + interactiveBeyond : rest + waitedFor < cap;
}

/**
 * The delay of a message that has been put off `times` before: a second, twice as long each time up to a minute, so that a
 * backlog does not come back all the time; jittered by ±25 %, so that it does not come back all at once. `random` is in
 * [0, 1).
 */
export function putOffMs(times: number, interactive: boolean, random: number): number {
  const longest = interactive ? longestInteractivePutOffMs : longestPutOffMs;
  const delay = Math.min(longest, firstPutOffMs * 2 ** Math.min(times, 6));
  return Math.min(longest, Math.round(delay * (0.75 + 0.5 * random)));
}

/** Some chunks of the run were not sent, and no more are out than are worked on at once: time to send several. */
export function awaitsSending({ out = 0, unsent = 0 }: Pick<Run, 'out' | 'unsent'>): boolean {
  return unsent > 0 && out <= messagesInHand.connection;
}

/** A worker's share of the calls that may be open to a system: the CRM is its tenant's, an ERP its connection's. */
export function callsAtOnce(callsOpen: number, side: Side): number {
  return Math.max(1, Math.floor(callsOpen / messagesInHand[side === 'crm' ? 'tenant' : 'connection']));
}
