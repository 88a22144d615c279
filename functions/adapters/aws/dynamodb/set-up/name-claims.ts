/**
 * Always true: a name is claimed by one connector or one connection of a tenant at most, from the transaction that gives it
 * to that on until the one that takes it away. What an earlier version stored has its name without a claim; it claims the
 * next one. A crash leaves a claim with who has the name. Attacked by test/contract/stores-names-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { type Named, nameConflict, nameKey } from '../../../../core/model/name-key.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { NameMove } from '../../../../ports/name-move.ts';
import type { Key, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { storedItem, textIn } from '../table/stored-item.ts';

interface Holder {
  readonly kind: Named;
  readonly tenantId: string;
  readonly id: string;
}

/** By a digest: a name may be longer than a key. */
function claimKey({ tenantId, kind }: Holder, name: string): Key {
  return keys.name(tenantId, kind, fingerprint(nameKey(name)));
}

export function claimWrite(holder: Holder, name: string): Write {
  const key = claimKey(holder, name);
  return { put: storedItem({ type: 'name-claim', key }, { holderId: holder.id }), when: { exists: false } };
}

async function holderOf(table: Table, key: Key): Promise<string | undefined> {
  const claim = await table.get(key);
  return claim && textIn(claim, 'holderId');
}

/** Throws: somebody else has claimed the name, or had just before. */
export async function refuseTaken(table: Table, holder: Holder, name: string): Promise<never> {
  const by = await holderOf(table, claimKey(holder, name));
  if (by !== undefined) throw nameConflict(holder.kind, by);
  throw new SyncError('conflict', `Another ${holder.kind} had this name until now: try again.`);
}

/** The writes of a move, to be part of the transaction that stores the change. */
async function moveWrites(table: Table, holder: Holder, { gives, takes }: NameMove): Promise<Write[]> {
  if (gives !== undefined && takes !== undefined && nameKey(gives) === nameKey(takes)) return [];
  const given = gives === undefined ? undefined : claimKey(holder, gives);
  const isOwn = given !== undefined && (await holderOf(table, given)) === holder.id;
  return [
    ...(takes === undefined ? [] : [claimWrite(holder, takes)]),
    ...(isOwn ? [{ delete: given, when: { equals: { holderId: holder.id } } }] : []),
  ];
}

/** The change and its move in one transaction; false where the change itself is refused. */
export async function withName(
  table: Table,
  holder: Holder,
  move: NameMove,
  { change, along }: { readonly change: Write; readonly along: readonly Write[] },
): Promise<boolean> {
  const result = await table.transact([change, ...(await moveWrites(table, holder, move)), ...along]);
  if (result.ok) return true;
  const [isRefused, isTaken] = [0, 1].map((at) => result.failed.includes(at));
  if (!isRefused && isTaken && move.takes !== undefined) await refuseTaken(table, holder, move.takes);
  return false;
}
