/**
 * Always true: a name is claimed by one connector or one connection of a tenant at most, from the transaction that gives it
 * to that on until the one that takes it away. What an earlier version stored has its name without a claim; it claims the
 * next one. What such a version renames or deletes leaves its claim, which whoever wants the name lets go. A crash leaves a
 * claim with who has the name. Attacked by test/contract/stores-names-suite.ts.
 */
import { SyncError } from '../../../../core/errors.ts';
import { type Named, nameConflict, nameKey } from '../../../../core/model/name-key.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { NameMove } from '../../../../ports/name-move.ts';
import type { Item, Key, Table, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { numberIn, storedItem, textIn } from '../table/stored-item.ts';

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

function isCalled(item: Item, name: string): boolean {
  return textIn(item, 'state') !== 'deleted' && nameKey(textIn(item, 'name') ?? '') === nameKey(name);
}

/** False where it has the name after all, or gets it at this moment. */
async function letGo(table: Table, holder: Holder, name: string): Promise<boolean> {
  const { tenantId, kind, id: holderId } = holder;
  const key = kind === 'connector' ? keys.connector(tenantId, holderId) : keys.connection(tenantId, holderId);
  const item = await table.get(key);
  if (item && isCalled(item, name)) return false;
  const claim: Write = { delete: claimKey(holder, name), when: { equals: { holderId } } };
  if (!item) return (await table.transact([claim])).ok;
  // It changes nothing: who is renamed meanwhile has another revision.
  const when = { equals: { revision: numberIn(item, 'revision') } };
  return (await table.transact([claim, { update: key, set: { name: textIn(item, 'name') ?? '' }, when }])).ok;
}

/** SyncError `conflict` where somebody else has the name, or had just before; else the claim is gone, and it is tried again. */
export async function letGoOrRefuse(table: Table, holder: Holder, name: string): Promise<void> {
  const by = await holderOf(table, claimKey(holder, name));
  if (by === undefined) throw new SyncError('conflict', `Another ${holder.kind} had this name until now: try again.`);
  if (!(await letGo(table, { ...holder, id: by }, name))) throw nameConflict(holder.kind, by);
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
  if (isRefused || !isTaken || move.takes === undefined) return false;
  await letGoOrRefuse(table, holder, move.takes);
  return withName(table, holder, move, { change, along });
}
