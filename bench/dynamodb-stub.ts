/**
 * DynamoDB's protocol on loopback, over tables in memory, answered at once: what a client pays for its calls can be measured
 * beside it. Understands the expressions that `functions/adapters/aws/dynamodb/table/expressions.ts` makes. Started as a
 * process of its own, which tells its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attribute, Condition, Item, Key, QueryRequest, Table, Write } from '../functions/ports/table.ts';
import { fromWire, itemFromWire, toWire, type WireItem } from './dynamodb-wire.ts';
import { lightTable } from './light-table.ts';

interface Expressions {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: WireItem;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly UpdateExpression?: string;
}

interface WriteRequest extends Expressions {
  readonly TableName: string;
  readonly Item?: WireItem;
  readonly Key?: WireItem;
}

interface QueryCall extends Expressions {
  readonly TableName: string;
  readonly IndexName?: 'gsi1' | 'gsi2' | 'gsi3';
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: WireItem;
}

type TransactItem = { readonly Put?: WriteRequest; readonly Delete?: WriteRequest; readonly Update?: WriteRequest };
type BatchPut = { readonly PutRequest: { readonly Item: WireItem } };

const tables = new Map<string, Table>();

function tableNamed(name: string): Table {
  const table = tables.get(name) ?? lightTable();
  tables.set(name, table);
  return table;
}

/** What `#n0` and `:v0` stand for. */
function meanings({ ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Expressions) {
  return {
    name: (reference = '') => ExpressionAttributeNames[reference] ?? reference,
    value: (reference = ''): Attribute => fromWire(ExpressionAttributeValues[reference] ?? {}),
  };
}

function conditionOf(request: Expressions): Condition | undefined {
  if (request.ConditionExpression === undefined) return undefined;
  const { name, value } = meanings(request);
  const found = {
    exists: undefined as boolean | undefined,
    equals: {} as Record<string, string | number | boolean>,
    absent: [] as string[],
    below: {} as Record<string, number>,
    contains: {} as Record<string, string>,
    oneOf: {} as Record<string, string[]>,
  };
  for (const part of request.ConditionExpression.split(' AND ')) {
    const [, called, attribute, member] = /^(\w+)\((#\w+)(?:, (:\w+))?\)$/.exec(part) ?? [];
    const [, left, operator, right = ''] = /^(#\w+) (=|<|IN) (.*)$/.exec(part) ?? [];
    if (called === 'attribute_exists') found.exists = true;
    else if (called === 'contains') found.contains[name(attribute)] = String(value(member));
    else if (called && name(attribute) === 'pk') found.exists = false;
    else if (called) found.absent.push(name(attribute));
    else if (operator === '=') found.equals[name(left)] = value(right) as string;
    else if (operator === '<') found.below[name(left)] = Number(value(right));
    else if (operator)
      found.oneOf[name(left)] = right
        .slice(1, -1)
        .split(', ')
        .map((one) => String(value(one)));
    else throw new Error(`a condition that nobody makes: ${part}`);
  }
  return found;
}

function updateOf(request: WriteRequest): Write {
  const { name, value } = meanings(request);
  const update = {
    update: keyFrom(request.Key),
    set: {} as Record<string, Attribute>,
    remove: [] as string[],
    add: {} as Record<string, number>,
    addMembers: {} as Record<string, string[]>,
    dropMembers: {} as Record<string, string[]>,
    when: conditionOf(request),
  };
  const clauses = (request.UpdateExpression ?? '').split(/ ?\b(SET|REMOVE|ADD|DELETE) /).slice(1);
  for (let at = 0; at < clauses.length; at += 2) {
    for (const part of (clauses[at + 1] ?? '').split(', ')) {
      const [left, right = ''] = part.split(clauses[at] === 'SET' ? ' = ' : ' ');
      const attribute = name(left);
      const given = clauses[at] === 'REMOVE' ? null : value(right);
      if (clauses[at] === 'SET') update.set[attribute] = given;
      else if (clauses[at] === 'REMOVE') update.remove.push(attribute);
      else if (clauses[at] === 'DELETE') update.dropMembers[attribute] = [...(given as ReadonlySet<string>)];
      else if (given instanceof Set) update.addMembers[attribute] = [...given];
      else update.add[attribute] = Number(given);
    }
  }
  return update;
}

function keyFrom(wire: WireItem = {}): Key {
  return { pk: String(fromWire(wire.pk ?? {})), sk: String(fromWire(wire.sk ?? {})) };
}

function putOf(request: WriteRequest): Write {
  return { put: itemFromWire(request.Item ?? {}), when: conditionOf(request) };
}

function deleteOf(request: WriteRequest): Write {
  return { delete: keyFrom(request.Key), when: conditionOf(request) };
}

function writeOf({ Put, Delete, Update }: TransactItem): Write {
  if (Put) return putOf(Put);
  if (Delete) return deleteOf(Delete);
  if (Update) return updateOf(Update);
  throw new Error('a part of a transaction that nobody makes');
}

function queryOf(call: QueryCall): QueryRequest {
  const { value } = meanings(call);
  const references = call.KeyConditionExpression?.match(/:v\d+/g) ?? [];
  const [pk = '', one, other] = references.map((reference) => String(value(reference)));
  const start = call.ExclusiveStartKey && String(fromWire(call.ExclusiveStartKey.at ?? {}));
  return {
    pk,
    prefix: other === undefined ? one : undefined,
    between: one !== undefined && other !== undefined ? [one, other] : undefined,
    index: call.IndexName,
    descending: call.ScanIndexForward === false,
    limit: call.Limit,
    start,
  };
}

class Refused extends Error {
  readonly type: string;
  readonly reasons: readonly { readonly Code: string }[] | undefined;

  constructor(type: string, reasons?: readonly { readonly Code: string }[]) {
    super(type);
    this.type = type;
    this.reasons = reasons;
  }
}

async function single(request: WriteRequest, write: Write) {
  const result = await tableNamed(request.TableName).write(write);
  if (!result.ok) throw new Refused('ConditionalCheckFailedException');
  return result.item ? { Attributes: toWire(result.item) } : {};
}

/** What the one client sends for each operation. */
interface Calls {
  readonly GetItem: WriteRequest;
  readonly BatchGetItem: { readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly WireItem[] }>> };
  readonly Query: QueryCall;
  readonly PutItem: WriteRequest;
  readonly DeleteItem: WriteRequest;
  readonly UpdateItem: WriteRequest;
  readonly BatchWriteItem: { readonly RequestItems: Readonly<Record<string, readonly BatchPut[]>> };
  readonly TransactWriteItems: { readonly TransactItems: readonly TransactItem[] };
}

const operations: { readonly [Operation in keyof Calls]: (call: Calls[Operation]) => Promise<object> } = {
  async GetItem({ TableName, Key }) {
    const item = await tableNamed(TableName).get(keyFrom(Key));
    return item ? { Item: toWire(item) } : {};
  },
  async BatchGetItem({ RequestItems }) {
    const Responses: Record<string, WireItem[]> = {};
    for (const [name, { Keys }] of Object.entries(RequestItems)) {
      Responses[name] = (await tableNamed(name).getMany(Keys.map(keyFrom))).map(toWire);
    }
    return { Responses, UnprocessedKeys: {} };
  },
  async Query(call) {
    const { items, next } = await tableNamed(call.TableName).query(queryOf(call));
    const LastEvaluatedKey = next === undefined ? undefined : { at: { S: next } };
    return { Items: items.map(toWire), Count: items.length, LastEvaluatedKey };
  },
  PutItem: (request) => single(request, putOf(request)),
  DeleteItem: (request) => single(request, deleteOf(request)),
  UpdateItem: (request) => single(request, updateOf(request)),
  async BatchWriteItem({ RequestItems }) {
    for (const [name, puts] of Object.entries(RequestItems)) {
      await tableNamed(name).putMany(puts.map(({ PutRequest }): Item => itemFromWire(PutRequest.Item)));
    }
    return { UnprocessedItems: {} };
  },
  async TransactWriteItems({ TransactItems }) {
    const [first] = TransactItems;
    const name = (first?.Put ?? first?.Delete ?? first?.Update)?.TableName ?? '';
    const result = await tableNamed(name).transact(TransactItems.map(writeOf));
    if (result.ok) return {};
    const Code = (at: number) => (result.failed.includes(at) ? 'ConditionalCheckFailed' : 'None');
    throw new Refused(
      'TransactionCanceledException',
      TransactItems.map((_, at) => ({ Code: Code(at) })),
    );
  },
};

function isOperation(name: string): name is keyof Calls {
  return Object.hasOwn(operations, name);
}

function answer<Operation extends keyof Calls>(operation: Operation, body: string): Promise<object> {
  return operations[operation](JSON.parse(body) as Calls[Operation]);
}

const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'stub' };
  try {
    if (!isOperation(operation)) throw new Error(`an operation that nobody calls: ${operation}`);
    const answered = await answer(operation, Buffer.concat(parts).toString());
    response.writeHead(200, headers).end(JSON.stringify(answered));
  } catch (error) {
    if (!(error instanceof Refused)) process.stderr.write(`${String(error)}\n`);
    const type = error instanceof Refused ? error.type : 'ValidationException';
    const reasons = error instanceof Refused ? error.reasons : undefined;
    const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, Message: type, CancellationReasons: reasons };
    response.writeHead(400, headers).end(JSON.stringify(body));
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
