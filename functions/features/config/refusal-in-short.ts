import type { EntryResult } from './config-result.ts';

/** As many faults, and values that differ, of a thing that is refused: a file may have more than an answer holds. */
const mostTold = 100;

/** What is told of a thing of the file; nothing of what is refused was done, so the beginning of it is enough. */
export function refusalInShort(result: EntryResult): EntryResult {
  const { outcome, changes, errors } = result;
  if (outcome !== 'refused') return result;
  const [next] = errors.slice(mostTold);
  const rest = next && { path: next.path, message: `From here on ${errors.length - mostTold} more are not listed` };
  return {
    ...result,
    changes: changes.slice(0, mostTold),
    errors: [...errors.slice(0, mostTold), ...(rest ? [rest] : [])],
  };
}
