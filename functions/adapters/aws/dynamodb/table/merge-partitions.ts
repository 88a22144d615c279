/**
 * Partitions read side by side as if they were one. Always true: nothing is handed out before what stands above it in any
 * of them, however unevenly they are filled. It only reads, so a crash leaves nothing. Attacked by
 * test/contract/stores-log-suite.ts.
 */
import type { Item, QueryRequest, Table } from '../../../../ports/table.ts';
import { textIn } from './stored-item.ts';

export interface MergedPartitions {
  readonly partitions: readonly string[];
  readonly index?: QueryRequest['index'];
  /** Inclusive bounds of the sort key. */
  readonly range: readonly [string, string];
}

/** Some of what is left, newest (the highest sort key) first; fewer than asked for where a partition has to be read on. */
type Take = (count: number) => Promise<{ readonly items: readonly Item[]; readonly ended: boolean }>;

interface Source {
  readonly pk: string;
  /** Read and not yet taken. */
  readonly ahead: Item[];
  start: string | undefined;
  ended: boolean;
}

/** From an index it yields keys only. */
export function mergePartitions(table: Table, { partitions, index, range }: MergedPartitions): Take {
  const sources = partitions.map((pk): Source => ({ pk, ahead: [], start: undefined, ended: false }));
  const readOn = async (source: Source, count: number): Promise<void> => {
    const { pk, ahead, start } = source;
    const limit = count - ahead.length;
    const { items, next } = await table.query({ pk, index, between: range, descending: true, limit, start });
    ahead.push(...items);
    source.start = next;
    source.ended = next === undefined;
  };
  return async (count) => {
    // Each may hold all that is asked for; with as many as an even share twice over it seldom runs out.
    const enough = Math.min(count, (2 * count) / sources.length);
    const short = sources.filter(({ ahead, ended }) => !ended && ahead.length < enough);
    await Promise.all(short.map((source) => readOn(source, count)));
    const items: Item[] = [];
    while (items.length < count) {
      // One that is read to its last item may have the next one further on.
      if (sources.some(({ ahead, ended }) => ahead.length === 0 && !ended)) break;
      const item = newestSource(sources, index)?.ahead.shift();
      if (!item) break;
      items.push(item);
    }
    return { items, ended: sources.every(({ ahead, ended }) => ended && ahead.length === 0) };
  };
}

function newestSource(sources: readonly Source[], index: QueryRequest['index']): Source | undefined {
  let newest: { source: Source; sk: string } | undefined;
  for (const source of sources) {
    const [first] = source.ahead;
    const sk = first && sortKeyIn(first, index);
    if (sk !== undefined && (!newest || sk > newest.sk)) newest = { source, sk };
  }
  return newest?.source;
}

export function sortKeyIn(item: Item, index: QueryRequest['index']): string {
  return (index && textIn(item, `${index}sk`)) ?? item.sk;
}
