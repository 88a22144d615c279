import { batches } from '../../../../core/batches.ts';
import { asSyncError, type SyncError } from '../../../../core/errors.ts';
import type { FailedRead } from '../../../../ports/record-system.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { RecordType } from '../fields/record-types.ts';
import type { Calls } from '../session/session.ts';
import { type ArchivePage, type Row, readArchive } from './archive.ts';
import { keyOf } from './item-rows.ts';

interface Selection {
  readonly select: readonly string[];
  readonly zoneFree?: boolean;
  readonly raw?: boolean;
}

interface RowsByKey {
  readonly rows: readonly Row[];
  readonly failed: readonly FailedRead[];
  /** The server's clock when the first read began; undefined if nothing had to be read. */
  readonly readAtMs: number | undefined;
}

const idsPerCall = 100;
/** So many failures are no longer those of single records. */
const mostFailed = 20;

/**
 * The rows of those ids, at most 100 a call (spec 3.2). Ids that an answer left out are asked for again until an answer
 * has none of them: servers cap pages. A list refused for the sake of one record is halved until that one is alone.
 */
export async function rowsByKey(
  session: Calls,
  runtime: Runtime,
  recordType: RecordType,
  ids: readonly string[],
  { select, zoneFree, raw }: Selection,
): Promise<RowsByKey> {
  const { key } = recordType.columns;
  const rows: Row[] = [];
  const failed: FailedRead[] = [];
  const startsMs: number[] = [];

  function read(filter: string, top: number, ofRecords: boolean): Promise<ArchivePage> {
    const { provider, entities } = recordType;
    return readArchive(session, runtime, { provider, entities, select, filter, top, zoneFree, raw, ofRecords });
  }

  async function readSome(some: readonly string[]): Promise<void> {
    let left = some;
    while (left.length > 0) {
      const page = await read(`${key} in (${left.join(',')})`, left.length, true);
      startsMs.push(page.readAtMs);
      rows.push(...page.rows);
      const found = new Set(page.rows.map((row) => String(keyOf(row, key))));
      const rest = left.filter((id) => !found.has(id));
      if (rest.length === left.length) return;
      left = rest;
    }
  }

  async function readOrHalve(some: readonly string[], isOfRecords: boolean): Promise<void> {
    try {
      await readSome(some);
    } catch (error) {
      const failure = asSyncError(error);
      const isAlone = some.length === 1 && !isOfRecords;
      if (!mayBeOfOneRecord(failure, isAlone) || failed.length >= mostFailed) throw failure;
      // Refused without any record too: then it is the whole list that is refused.
      if (!isOfRecords) await read(`${key} in (0)`, 1, false);
      const [id] = some;
      if (some.length === 1 && id !== undefined) {
        failed.push({ key: id, error: failure });
        return;
      }
      for (const half of batches(some, Math.ceil(some.length / 2))) await readOrHalve(half, true);
    }
  }

  for (const some of batches(ids, idsPerCall)) await readOrHalve(some, false);
  return { rows, failed, readAtMs: startsMs.length > 0 ? Math.min(...startsMs) : undefined };
}

/** A refusal, or what the server said in its own words of several: a lost answer is nobody's fault. */
function mayBeOfOneRecord({ kind, explanation }: SyncError, isAlone: boolean): boolean {
  return kind === 'forbidden' || (kind === 'transient' && explanation !== undefined && !isAlone);
}
