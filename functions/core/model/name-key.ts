import { SyncError } from '../errors.ts';

/** What has a name that nothing else of its kind has in its tenant. */
export type Named = 'connector' | 'connection';

/** Names that people take for one have one key: blanks around them, case and how accents are composed make no difference. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase().normalize('NFC');
}

export function isSameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** In words that tell who has the name, not the name. */
export function nameTaken(kind: Named, holderId: string): string {
  return `The ${kind} ${holderId} has this name already`;
}

/** SyncError `conflict`, as it is thrown wherever a name is given or taken back. */
export function nameConflict(kind: Named, holderId: string): SyncError {
  return new SyncError('conflict', `${nameTaken(kind, holderId)}: choose another one, or rename that one first.`);
}
