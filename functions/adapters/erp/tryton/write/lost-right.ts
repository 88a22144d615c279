import { SyncError } from '../../../../core/errors.ts';
import { allAllowed, type RecordAccess, type RecordWrite } from '../../../../ports/record-system.ts';
import type { RowRight } from '../read/record.ts';
import type { ModelAccess } from '../wire/models.ts';

interface Rights {
  readonly type: string;
  readonly access: () => Promise<RecordAccess>;
  readonly rowAccess: () => Promise<Readonly<Record<string, ModelAccess>>>;
}

/** Whether a refused write was refused for a right that our user does not have: one reason for all records of the type. */
export function lostRight({ type, access, rowAccess }: Rights) {
  let asked: Promise<RecordAccess> | undefined;
  let askedOfRows: Promise<Readonly<Record<string, ModelAccess>>> | undefined;
  const lost = (what: string) =>
    new SyncError('misconfigured', 'The Tryton user may not write the records of a type.', {
      recordType: type,
      explanation: `The Tryton user has no right to ${what} any more. Give it back, or map nothing to Tryton there.`,
    });
  return async ({ values }: RecordWrite, rowRights: readonly RowRight[]): Promise<SyncError | undefined> => {
    // Something may have been written already: a right that cannot be asked for is not one that was lost.
    asked ??= access().catch(() => allAllowed);
    const { write, unwritable } = await asked;
    const locked = Object.keys(values).filter((field) => unwritable.includes(field));
    if (!write || locked.length > 0) return lost(`write ${write ? locked.join(', ') : 'these records'}`);
    if (rowRights.length === 0) return undefined;
    askedOfRows ??= rowAccess().catch(() => ({}));
    const rights = await askedOfRows;
    const missing = rowRights.find(({ model, right }) => rights[model]?.[right] === false);
    return missing && lost(`${missing.right} rows of ${missing.model}`);
  };
}
