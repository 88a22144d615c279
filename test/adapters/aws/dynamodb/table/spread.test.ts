import { expect, test } from 'vitest';
import { changeItems } from '../../../../../functions/adapters/aws/dynamodb/links/change-items.ts';
import { summaryWrites } from '../../../../../functions/adapters/aws/dynamodb/links/summary-counters.ts';
import { itemBytes } from '../../../../../functions/adapters/memory/item-bytes.ts';
import { ulids } from '../../../../../functions/adapters/runtime/system-runtime.ts';
import { batches } from '../../../../../functions/core/batches.ts';
import type { Link } from '../../../../../functions/core/model/link.ts';
import type { Item, Write } from '../../../../../functions/ports/table.ts';
import { aChange, aLink } from '../../../../contract/stores-fixtures.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const unitsAPartitionTakes = 1000;
const recordsASecond = 5000;
const linksPerChunk = 98;
/** A transaction has 100 writes, and a link's record takes four to six. */
const linksPerTransaction = 16;

/** Write units of one second, by partition. */
class Units {
  private readonly byPartition = new Map<string, number>();

  add(partition: string, units: number): void {
    this.byPartition.set(partition, (this.byPartition.get(partition) ?? 0) + units);
  }

  /** An index's entry has the keys alone; it is written once for each started KB. */
  addEntry(item: Item, index: 'gsi1' | 'gsi2'): void {
    const [pk, sk] = [item[`${index}pk`], item[`${index}sk`]];
    if (typeof pk !== 'string') throw new Error(`a change is listed in ${index}`);
    const bytes = itemBytes({ pk: item.pk, sk: item.sk, [`${index}pk`]: pk, [`${index}sk`]: sk });
    this.add(`${index} ${pk}`, Math.ceil(bytes / 1024));
  }

  /** In a transaction a write of less than 1 KB takes two. */
  addCounters(writes: readonly Write[]): void {
    for (const write of writes) if ('update' in write) this.add(write.update.pk, 2);
  }

  most(): number {
    return Math.max(...this.byPartition.values());
  }

  sum(): number {
    return [...this.byPartition.values()].reduce((all, units) => all + units, 0);
  }
}

/** Links as one burst of connecting makes them, all in one millisecond, or as a year of it does. */
const idsOf: Readonly<Record<string, () => string[]>> = {
  'counted up within a millisecond': () => idsEvery(0),
  'of different milliseconds': () => idsEvery(6_000_000),
};

function idsEvery(stepMs: number): string[] {
  let nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  const newId = ulids(() => nowMs);
  return Array.from({ length: recordsASecond }, () => {
    nowMs += stepMs;
    return newId();
  });
}

for (const [made, newIds] of Object.entries(idsOf)) {
  const links = () => newIds().map((id) => aLink({ tenantId: 't', id }));
  const active = (link: Link): Link => ({ ...link, state: 'active' });

  test(`5,000 records a second of one connection and run take no more than a partition of the log does (ids ${made})`, () => {
    const units = new Units();
    for (const link of links()) {
      for (const item of changeItems([aChange(link), aChange(link)], 90)) {
        units.addEntry(item, 'gsi1');
        units.addEntry(item, 'gsi2');
      }
    }
    expect(units.sum()).toBe(2 * recordsASecond);
    expect(units.most()).toBeLessThanOrEqual(unitsAPartitionTakes);
  });

  test(`5,000 records a second that all change the summary take no more than a partition of it does (ids ${made})`, () => {
    const units = new Units();
    for (const link of links()) units.addCounters(summaryWrites(link, active(link)));
    expect(units.sum()).toBe(2 * recordsASecond);
    expect(units.most()).toBeLessThanOrEqual(unitsAPartitionTakes);
  });

  test(`the records of a chunk have one counter where its id chooses it, and chunks are spread (ids ${made})`, () => {
    const units = new Units();
    const counters = new Set<string>();
    const chunks = batches(links(), linksPerChunk);
    for (const [number, chunk] of chunks.entries()) {
      for (const together of batches(chunk, linksPerTransaction)) {
        const writes = together.flatMap((link) => summaryWrites(link, active(link), `chunk${number}`));
        const [first] = writes;
        expect(new Set(writes.map((write) => 'update' in write && write.update.pk)).size).toBe(1);
        units.addCounters(first ? [first] : []);
        if (first && 'update' in first) counters.add(first.update.pk);
      }
    }
    expect(counters.size).toBeGreaterThan(16);
    expect(units.most()).toBeLessThanOrEqual(unitsAPartitionTakes / 10);
  });
}
