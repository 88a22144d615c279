import { expect, test } from 'vitest';
import { joiningReads } from '../../../../../functions/adapters/aws/dynamodb/table/joining-reads.ts';
import { memoryTable } from '../../../../../functions/adapters/memory/memory-table.ts';
import { SyncError } from '../../../../../functions/core/errors.ts';
import type { Key, Table } from '../../../../../functions/ports/table.ts';

const key = (name: string): Key => ({ pk: name, sk: 's' });

async function watched(over: Partial<Table> = {}) {
  const inner = memoryTable();
  await inner.putMany(['a', 'b', 'c'].map((name) => ({ ...key(name), n: name })));
  const calls: string[] = [];
  const table: Table = {
    ...inner,
    get: async (one) => {
      calls.push('get');
      return inner.get(one);
    },
    getMany: async (keys) => {
      calls.push(`getMany ${keys.length}`);
      return inner.getMany(keys);
    },
    ...over,
  };
  return { table: joiningReads(table), calls };
}

test('reads of one moment are one call, and each has what it asked for', async () => {
  const { table, calls } = await watched();
  const read = await Promise.all([
    table.get(key('a')),
    table.getMany([key('b'), key('x'), key('b')]),
    table.get(key('y')),
    table.getMany([key('c'), key('a')]),
  ]);
  expect(read).toMatchObject([{ n: 'a' }, [{ n: 'b' }], undefined, [{ n: 'c' }, { n: 'a' }]]);
  expect(calls).toEqual(['getMany 7']);
});

test('a read alone is as it was, and so is one of many keys', async () => {
  const { table, calls } = await watched();
  expect(await table.get(key('a'))).toMatchObject({ n: 'a' });
  expect(await table.getMany([])).toEqual([]);
  await Promise.all([table.getMany(Array.from({ length: 101 }, (_, n) => key(`k${n}`))), table.get(key('b'))]);
  expect(calls).toEqual(['get', 'getMany 0', 'getMany 101', 'get']);
});

test('a read that fails fails for all that were joined, and the next ones are made', async () => {
  let fails = true;
  const failing = async () => {
    if (fails) throw new SyncError('transient', 'No answer.');
    return [];
  };
  const { table } = await watched({ getMany: failing });
  const reads = ['a', 'b'].map((name) => table.get(key(name)).catch((error: SyncError) => error.kind));
  expect(await Promise.all(reads)).toEqual(['transient', 'transient']);
  fails = false;
  expect(await Promise.all([table.get(key('a')), table.get(key('b'))])).toEqual([undefined, undefined]);
});
