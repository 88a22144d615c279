import { SyncError } from '../../core/errors.ts';
import type { Attribute, Condition, Item, Write } from '../../ports/table.ts';

/** What DynamoDB's condition expression would say. */
export function conditionHolds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (!condition) return true;
  const { exists, equals = {}, absent = [], below = {}, contains = {}, oneOf = {} } = condition;
  const has = (name: string) => item?.[name] !== undefined;
  return (
    (exists === undefined || exists === (item !== undefined)) &&
    Object.entries(equals).every(([name, value]) => item?.[name] === value) &&
    absent.every((name) => !has(name)) &&
    Object.entries(below).every(([name, limit]) => {
      const value = item?.[name];
      return typeof value === 'number' && value < limit;
    }) &&
    Object.entries(contains).every(([name, member]) => membersOf(item, name).has(member)) &&
    Object.entries(oneOf).every(([name, values]) => {
      const value = item?.[name];
      return typeof value === 'string' && values.includes(value);
    })
  );
}

/** The item that a write leaves. */
export function itemAfter(write: Write, before: Item | undefined): Item | undefined {
  if ('put' in write) return attributeCopy(write.put);
  if ('delete' in write) return undefined;
  const { set = {}, remove = [], add = {}, addMembers = {}, dropMembers = {} } = write;
  const names = [set, add, addMembers, dropMembers].flatMap(Object.keys).concat(remove);
  if (new Set(names).size < names.length) throw new SyncError('defect', 'An update changes one attribute twice.');
  if (names.includes('pk') || names.includes('sk')) throw new SyncError('defect', 'An update changes a key.');
  const after: Record<string, Attribute | undefined> = { ...before };
  for (const [name, value] of Object.entries(set)) after[name] = value;
  for (const name of remove) delete after[name];
  for (const [name, amount] of Object.entries(add)) after[name] = numberIn(before, name) + amount;
  for (const [name, members] of Object.entries(addMembers)) {
    after[name] = new Set([...membersOf(before, name), ...members]);
  }
  for (const [name, members] of Object.entries(dropMembers)) {
    after[name] = new Set([...membersOf(before, name)].filter((member) => !members.includes(member)));
  }
  return attributeCopy({ ...after, pk: write.update.pk, sk: write.update.sk });
}

/** A copy that shares nothing, as after a journey to the database: no undefined attributes, no empty sets. */
export function attributeCopy(item: Item): Item {
  return { ...copyOfMap(item), pk: item.pk, sk: item.sk };
}

function copyOfMap(map: { readonly [name: string]: Attribute | undefined }): Record<string, Attribute> {
  const copy: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined || (isSet(value) && value.size === 0)) continue;
    copy[name] = copyOf(value);
  }
  return copy;
}

function copyOf(value: Attribute): Attribute {
  if (value === null || typeof value !== 'object') return value;
  if (isSet(value)) return new Set(value);
  return isList(value) ? value.map(copyOf) : copyOfMap(value);
}

export function isList(value: Attribute): value is readonly Attribute[] {
  return Array.isArray(value);
}

export function isSet(value: Attribute): value is ReadonlySet<string> {
  return value instanceof Set;
}

function numberIn(item: Item | undefined, name: string): number {
  const value = item?.[name] ?? 0;
  if (typeof value !== 'number') throw new SyncError('defect', `Attribute ${name} is not a number.`);
  return value;
}

function membersOf(item: Item | undefined, name: string): ReadonlySet<string> {
  const value = item?.[name] ?? new Set<string>();
  if (!isSet(value)) throw new SyncError('defect', `Attribute ${name} is not a set.`);
  return value;
}
