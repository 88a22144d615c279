import { asSyncError, SyncError } from '../../../../core/errors.ts';
import type { SearchPage, SearchRequest } from '../../../../ports/record-system.ts';
import type { TrytonType } from '../configuration.ts';
import { onlyProjects } from '../fields/project-table.ts';
import type { Models } from '../wire/models.ts';
import { hasMore, idOf, recordsPerRead, searchRecords, stateOf } from './read-records.ts';
import type { RecordTable } from './record.ts';

/** What a person types may be in any of these. */
const searchedFields: Readonly<Record<TrytonType['model'], readonly string[]>> = {
  'party.party': ['name', 'code', 'identifiers.code', 'contact_mechanisms.value'],
  'project.work': ['name', 'number'],
};

/** `%` and `_` mean themselves. */
function pattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

function domainOf({ model, categories }: TrytonType, text: string): unknown[] {
  const roles = categories.map((name) => ['categories.name', '=', name]);
  const wanted = text.trim();
  return [
    ...(model === 'project.work' ? [onlyProjects] : [['active', '=', true], ...roles]),
    ...(wanted === '' ? [] : [['OR', ...searchedFields[model].map((field) => [[field, 'ilike', pattern(wanted)]])]]),
  ];
}

/** Who searches may; it is the connection's user who lacks the right. */
function ofUser(error: SyncError, { type }: TrytonType): SyncError {
  const { kind, message, explanation } = error;
  if (kind !== 'forbidden') return error;
  return new SyncError('misconfigured', message, {
    cause: error,
    recordType: type,
    ...(explanation && { explanation }),
  });
}

/** Active records of the type in which the text occurs, in the order of their ids; the cursor is the last id. */
export async function searchActors(
  deps: { models: Models; table: RecordTable; type: TrytonType; ownUserId: number | undefined },
  request: SearchRequest,
): Promise<SearchPage> {
  const { models, table, type, ownUserId } = deps;
  const limit = Math.min(request.limit, recordsPerRead);
  const after = idOf(request.cursor ?? '') ?? 0;
  const rest = domainOf(type, request.text);
  const page = await searchRecords(models, table, { domain: [['id', '>', after], ...rest], limit }).catch(
    (thrown: unknown) => {
      throw ofUser(asSyncError(thrown), type);
    },
  );
  const more = await hasMore(models, table, { page, limit, rest });
  return {
    records: page.records.map((record) => stateOf(record, request.fields, ownUserId)),
    cursor: more ? String(page.lastId) : undefined,
  };
}
