import { isSameName, type Named, nameConflict } from '../core/model/name-key.ts';

/**
 * SyncError `conflict` where one of these has the name; what an earlier version stored has no claim, so it is looked for here.
 * The claim decides between those who come at once.
 */
export function refuseNameOf(
  kind: Named,
  others: readonly { readonly id: string; readonly name: string }[],
  { id, name }: { readonly id?: string; readonly name: string },
): void {
  const holder = others.find((other) => other.id !== id && isSameName(other.name, name));
  if (holder) throw nameConflict(kind, holder.id);
}
