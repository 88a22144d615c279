import { SyncError } from '../../../../core/errors.ts';
import { allAllowed, type RecordAccess, type RecordWrite } from '../../../../ports/record-system.ts';

/** Whether a refused write was refused for a right that our user does not have: one reason for all records of the type. */
export function lostRight({ type, access }: { type: string; access: () => Promise<RecordAccess> }) {
  let asked: Promise<RecordAccess> | undefined;
  return async ({ values }: RecordWrite): Promise<SyncError | undefined> => {
    // Something may have been written already: a right that cannot be asked for is not one that was lost.
    asked ??= access().catch(() => allAllowed);
    const { write, unwritable } = await asked;
    const locked = Object.keys(values).filter((field) => unwritable.includes(field));
    if (write && locked.length === 0) return undefined;
    return new SyncError('misconfigured', 'The Tryton user may not write the records of a type.', {
      recordType: type,
      explanation: `The Tryton user has no right to write ${write ? locked.join(', ') : 'these records'} any more. Give it back, or map nothing to Tryton there.`,
    });
  };
}
