/**
 * Joins transactions that come at one moment: one call to the table takes those of many links. Always true: each
 * transaction is made whole or not at all and has the answer that it would have had alone: where a joined one is refused or
 * clashes nothing of it was written, and each is tried by itself. A crash leaves a joined transaction whole or not at all.
 * Attacked by test/adapters/aws/dynamodb/table/joining-table.test.ts.
 */
import { isDeepStrictEqual } from 'node:util';
import { asSyncError } from '../../../../core/errors.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { Table, TransactResult, Write } from '../../../../ports/table.ts';
import { addressOf } from './address-of.ts';
import { writesPerTransaction } from './one-transaction.ts';

interface Waiting {
  readonly writes: readonly Write[];
  readonly token: string | undefined;
  readonly answer: (result: TransactResult | Promise<TransactResult>) => void;
}

/** Several transactions as one. */
interface Joined {
  readonly members: Waiting[];
  readonly writes: Map<string, Write>;
}

export function joiningTable(table: Table): Table {
  let waiting: Waiting[] = [];

  const flush = () => {
    const all = waiting;
    waiting = [];
    for (const joined of joinedOf(all)) void send(table, joined);
  };

  return {
    ...table,
    transact: (writes, token) =>
      new Promise((answer) => {
        waiting.push({ writes, token, answer });
        if (waiting.length === 1) setImmediate(flush);
      }),
  };
}

async function send(table: Table, { members, writes }: Joined): Promise<void> {
  const alone = () => {
    for (const member of members) member.answer(table.transact(member.writes, member.token));
  };
  if (members.length === 1) return alone();
  try {
    const result = await table.transact([...writes.values()], tokenOf(members), 'tell');
    if (!result.ok) return alone();
    for (const member of members) member.answer(result);
  } catch (failure) {
    // What is refused as a whole may be one member's fault; of anything else all have the news.
    if (asSyncError(failure).kind === 'defect') return alone();
    for (const member of members) member.answer(Promise.reject(failure));
  }
}

function tokenOf(members: readonly Waiting[]): string | undefined {
  const tokens = members.map(({ token }) => token);
  return tokens.includes(undefined) ? undefined : fingerprint(tokens);
}

function joinedOf(all: readonly Waiting[]): Joined[] {
  const joined: Joined[] = [];
  for (const one of all) {
    const last = joined.at(-1);
    const together = last && joinedWrites(last.writes, one.writes);
    if (last && together) {
      last.members.push(one);
      for (const [address, write] of together) last.writes.set(address, write);
    } else joined.push({ members: [one], writes: new Map(one.writes.map((write) => [addressWritten(write), write])) });
  }
  return joined;
}

/** What `more` adds and replaces among the writes; nothing where they do not fit together into one transaction. */
function joinedWrites(writes: ReadonlyMap<string, Write>, more: readonly Write[]): Map<string, Write> | undefined {
  const together = new Map<string, Write>();
  let size = writes.size;
  for (const write of more) {
    const address = addressWritten(write);
    const other = together.get(address) ?? writes.get(address);
    const sum = other ? summed(other, write) : write;
    if (!sum) return undefined;
    if (!other) size += 1;
    together.set(address, sum);
  }
  return size <= writesPerTransaction ? together : undefined;
}

/** Two additions to one item are one; nothing for any other two writes. */
function summed(one: Write, other: Write): Write | undefined {
  if (!('update' in one && 'update' in other) || !isAddition(one) || !isAddition(other)) return undefined;
  if (!isDeepStrictEqual(one.set, other.set)) return undefined;
  const add = { ...one.add };
  for (const [name, amount] of Object.entries(other.add ?? {})) add[name] = (add[name] ?? 0) + amount;
  return { ...one, add };
}

function isAddition(write: Extract<Write, { readonly update: object }>): boolean {
  return !(write.when || write.remove || write.addMembers || write.dropMembers);
}

function addressWritten(write: Write): string {
  return addressOf('put' in write ? write.put : 'delete' in write ? write.delete : write.update);
}
