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

test('what is too large is said as people know it, with what to do and without the keys of the table', () => {
  const sizes = (type: string) => {
    const own = { pk: 'T#t1#secret-part', sk: 'S#1' };
    try {
      storedItem({ type, key: own }, { words: 'x'.repeat(100_000) });
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return '';
  };
  expect(sizes('actor-type')).toMatch(
    /^The mapping of the actor type is too large: 100\d{3} bytes, of which 100000 fit\. Map fewer fields, /,
  );
  expect(sizes('link')).toMatch(
    /^The link is too large: .* Shorten the texts of its two records, or map fewer fields\.$/,
  );
  for (const type of ['connection', 'list-pairing', 'run', 'note']) {
    expect(sizes(type)).toMatch(/ is too large: /);
    expect(sizes(type)).not.toMatch(/T#|S#|note/);
  }
});
