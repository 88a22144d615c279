/**
 * What DynamoDB refuses, so that no test passes on a call that fails once deployed. From its documentation:
 * limits https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html,
 * transactions https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html,
 * queries https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html.
 * Attacked by `test/contract/table-limits-suite.ts`, which DynamoDB's emulator passes too, but for the refusals that
 * `test/emulator/stores.test.ts` says it does not make.
 */
import { Buffer } from 'node:buffer';
import { SyncError } from '../../core/errors.ts';
import type { Attribute, Condition, Item, Key, QueryRequest, Write } from '../../ports/table.ts';
import { itemBytes } from './item-bytes.ts';
import { isSet } from './memory-writes.ts';

/** DynamoDB ends a page before the item that would take it past this. */
export const largestPageBytes = 1024 * 1024;
const largestItemBytes = 400 * 1024;
const largestTransactionBytes = 4 * 1024 * 1024;
const mostWritesPerTransaction = 100;
const mostOptions = 100;
const longestPartitionKey = 2048;
const longestSortKey = 1024;

const indexKeys = ['gsi1', 'gsi2', 'gsi3'].flatMap((index) => [
  { name: `${index}pk`, longest: longestPartitionKey },
  { name: `${index}sk`, longest: longestSortKey },
]);

/** Before the table is looked at: keys, condition, and what is written as far as the request shows it. */
export function checkWrite(write: Write): void {
  checkCondition(write.when);
  if ('put' in write) {
    checkItem(write.put);
    // A set without members is left out, but only as an attribute of its own.
    for (const value of Object.values(write.put)) if (!isEmptySet(value)) checkSets(value);
  } else if ('delete' in write) {
    checkKey(write.delete);
  } else {
    checkKey(write.update);
    Object.values(write.set ?? {}).forEach(checkSets);
  }
}

/** An item as it would be stored: its keys, those of the indexes, and its size. */
export function checkItem(item: Item): void {
  checkKey(item);
  for (const { name, longest } of indexKeys) {
    if (item[name] !== undefined) checkKeyPart(name, item[name], longest);
  }
  const bytes = itemBytes(item);
  if (bytes > largestItemBytes) throw refused(`an item has ${bytes} bytes, at most ${largestItemBytes} fit`);
}

export function checkKey({ pk, sk }: Key): void {
  checkKeyPart('pk', pk, longestPartitionKey);
  checkKeyPart('sk', sk, longestSortKey);
}

export function checkQuery({ pk, prefix, between, limit }: QueryRequest): void {
  checkKeyPart('pk', pk, longestPartitionKey);
  for (const part of between ?? (prefix ? [prefix] : [])) checkKeyPart('sk', part, longestSortKey);
  if (between && Buffer.compare(Buffer.from(between[0]), Buffer.from(between[1])) > 0) {
    throw refused('BETWEEN has its bounds reversed');
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) throw refused(`the limit is ${limit}`);
}

export function checkTransaction(writes: readonly Write[]): void {
  const count = writes.length;
  if (count < 1 || count > mostWritesPerTransaction) throw refused(`a transaction has ${count} writes`);
  for (const write of writes) checkWrite(write);
}

/** Of each write the item before and after it; the larger one counts. */
export function checkTransactionBytes(touched: readonly (readonly (Item | undefined)[])[]): void {
  const largest = touched.map((items) => Math.max(...items.map((item) => (item ? itemBytes(item) : 0))));
  const bytes = largest.reduce((all, size) => all + size, 0);
  if (bytes > largestTransactionBytes) throw refused(`the items of a transaction have ${bytes} bytes`);
}

function checkCondition({ oneOf = {} }: Condition = {}): void {
  for (const [name, options] of Object.entries(oneOf)) {
    if (options.length < 1 || options.length > mostOptions) throw refused(`IN has ${options.length} values (${name})`);
  }
}

function checkSets(value: Attribute | undefined): void {
  if (isEmptySet(value)) throw refused('a set has no members');
  if (typeof value === 'object' && value !== null && !isSet(value)) Object.values(value).forEach(checkSets);
}

function isEmptySet(value: Attribute | undefined): boolean {
  return value instanceof Set && value.size === 0;
}

function checkKeyPart(name: string, value: unknown, longest: number): void {
  if (typeof value !== 'string') throw refused(`${name} is a key and no text`);
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) throw refused(`${name} is empty`);
  if (bytes > longest) throw refused(`${name} has ${bytes} bytes, at most ${longest} fit`);
}

/** As the real table translates a ValidationException: the program is at fault, no repeat helps. */
function refused(reason: string): SyncError {
  return new SyncError('defect', `DynamoDB refuses a call: ${reason}.`);
}
