import { SyncError } from '../../../../core/errors.ts';
import { bytesOf } from '../../../../core/values/bytes-of.ts';
import type { Write } from '../../../../ports/table.ts';

/** As DynamoDB limits them. */
export const writesPerTransaction = 100;
/** DynamoDB takes 4 MiB. */
const mostBytes = 4_000_000;

/**
 * Writes of unknown number that are to be one transaction; SyncError `too-large` in words, before DynamoDB refuses them in
 * its own. `what`: what is too much, and `instead`: what can be done.
 */
export function oneTransaction(
  writes: readonly Write[],
  { what, instead }: { readonly what: string; readonly instead: string },
): readonly Write[] {
  const bytes = writes.reduce((sum, write) => sum + ('put' in write ? bytesOf(JSON.stringify(write.put)) : 0), 0);
  if (writes.length <= writesPerTransaction && bytes <= mostBytes) return writes;
  const sizes = `${bytes} bytes in ${writes.length} parts; at most ${mostBytes} bytes in ${writesPerTransaction} parts fit`;
  throw new SyncError('too-large', `${what} is too much to be stored at once: ${sizes}. ${instead}`);
}
