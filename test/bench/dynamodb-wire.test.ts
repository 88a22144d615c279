import { expect, test } from 'vitest';
import { itemFromWire, toWire } from '../../bench/dynamodb-wire.ts';
import type { Item } from '../../functions/ports/table.ts';

test('an item survives the journey through the protocol', () => {
  const item: Item = {
    pk: 'p',
    sk: 's',
    text: '',
    number: 1.5,
    yes: true,
    nothing: null,
    set: new Set(['a', 'b']),
    list: [1, 'two', [null]],
    map: { deep: { er: false } },
  };
  expect(itemFromWire(JSON.parse(JSON.stringify(toWire({ ...item, absent: undefined }))))).toEqual(item);
});
