import { batches } from '../../../../core/batches.ts';
import { asSyncError } from '../../../../core/errors.ts';
import type { KeysAnswered } from '../../../../ports/record-system.ts';
import type { Models } from '../wire/models.ts';
import { idOf, largestInteger } from './read-records.ts';

/** Ids alone are little work: Tryton cuts longer lists into queries by itself. */
const idsPerSearch = 1_000;

/** Ids that an answer left out are asked for until one has none of them: servers cap answers. */
async function shown(models: Models, model: string, ids: readonly number[]): Promise<Set<number>> {
  const all = new Set<number>();
  let left = ids;
  while (left.length > 0) {
    const answered = new Set(await models.search(model, [['id', 'in', left]]));
    const rest = left.filter((id) => !answered.has(id));
    if (rest.length === left.length) return all;
    for (const id of left) if (answered.has(id)) all.add(id);
    left = rest;
  }
  return all;
}

/** Which records a search shows, inactive ones too. One that a record rule hides is not found: only a read tells why. */
export async function whichExist(models: Models, model: string, keys: readonly string[]): Promise<KeysAnswered> {
  const unique = [...new Set(keys)];
  const found = new Set<string>();
  const unanswered = new Set(unique.filter((key) => idOf(key) === undefined));
  const ids = unique.flatMap((key) => idOf(key) ?? []);
  for (const slice of batches(
    ids.filter((id) => id <= largestInteger),
    idsPerSearch,
  )) {
    for (const id of await shown(models, model, slice)) found.add(String(id));
  }
  const large = ids.filter((id) => id > largestInteger);
  try {
    for (const id of await shown(models, model, large)) found.add(String(id));
  } catch (thrown) {
    // A database may fail on the search itself.
    const error = asSyncError(thrown);
    if (error.kind !== 'defect') throw error;
    for (const id of large) unanswered.add(String(id));
  }
  return {
    found: [...found],
    notFound: unique.filter((key) => !found.has(key) && !unanswered.has(key)),
    unanswered: [...unanswered],
  };
}
