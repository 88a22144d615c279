import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { SyncError } from '../../../../core/errors.ts';
import type { Attribute, Item, Key, Write } from '../../../../ports/table.ts';
import { conditionExpression, placeholders, updateExpression } from './expressions.ts';
import { attributesOf } from './stored-item.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write in the words of DynamoDB; its parts are those of the single commands too. */
export function transactItem(write: Write, TableName: string): TransactItem {
  const terms = placeholders();
  const ConditionExpression = conditionExpression(write.when, terms);
  if ('put' in write) return { Put: { TableName, Item: asStored(write.put), ConditionExpression, ...terms.parts() } };
  if ('delete' in write) {
    return { Delete: { TableName, Key: keyOnly(write.delete), ConditionExpression, ...terms.parts() } };
  }
  Object.values(write.set ?? {}).forEach(refuseEmptySets);
  const UpdateExpression = updateExpression(write, terms);
  const Key = keyOnly(write.update);
  return { Update: { TableName, Key, UpdateExpression, ConditionExpression, ...terms.parts() } };
}

export function keyOnly({ pk, sk }: Key): { pk: string; sk: string } {
  return { pk, sk };
}

/** DynamoDB refuses empty sets: an attribute that is a set without members is left out. */
export function asStored(item: Item): Record<string, unknown> {
  const stored = Object.entries(item).filter(([, value]) => !(value instanceof Set && value.size === 0));
  for (const [, value] of stored) refuseEmptySets(value);
  return Object.fromEntries(stored);
}

/** The SDK would throw an error that looks like a lost connection. */
function refuseEmptySets(value: Attribute | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (!(value instanceof Set)) Object.values(value).forEach(refuseEmptySets);
  else if (value.size === 0) throw new SyncError('defect', 'A set without members cannot be stored.');
}

export function asItem(attributes: Record<string, unknown>): Item {
  const { pk, sk } = attributes;
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new SyncError('defect', 'An item has no key.');
  return { ...attributesOf(attributes), pk, sk };
}
