import { expect, test } from 'vitest';
import * as z from 'zod';
import { readItem, storedItem } from '../../../../../functions/adapters/aws/dynamodb/table/stored-item.ts';

const Note = z.object({ words: z.string(), at: z.string().optional() });
const key = { pk: 'p', sk: 's' };

test('an item is read as what was stored, without its undefined parts', () => {
  const item = storedItem({ type: 'note', key, expiresAtMs: 1_500 }, { words: 'one', at: undefined });
  expect(Object.keys(item)).not.toContain('at');
  expect(item.expires).toBe(2);
  expect(Object.keys(storedItem({ type: 'note', key }, { words: 'one' }))).not.toContain('expires');
  expect(readItem('note', Note, item)).toEqual({ words: 'one' });
});

test('an item of another type, of another version or of another shape is not read', () => {
  const item = storedItem({ type: 'note', key }, { words: 'one' });
  for (const other of [
    { ...item, type: 'link' },
    { ...item, v: 2 },
    { ...item, words: 1 },
  ]) {
    expect(() => readItem('note', Note, other)).toThrow(expect.objectContaining({ kind: 'defect' }));
  }
});

test('an item over 100 KB is refused before it is stored', () => {
  const made = (length: number) => storedItem({ type: 'note', key }, { words: 'x'.repeat(length) });
  expect(made(99_000).words).toHaveLength(99_000);
  expect(() => made(100_000)).toThrow(expect.objectContaining({ kind: 'too-large' }));
});
