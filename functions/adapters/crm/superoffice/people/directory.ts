import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { CrmDirectory, DirectoryEntry } from '../../../../ports/crm-directory.ts';
import { plainName } from '../fields/plain-name.ts';
import { readJson } from '../read/archive.ts';
import { session as openSession } from '../session/session.ts';
import type { SuperOfficeParts } from '../settings.ts';

/** An item of an MDO list; headings hold others, and have an id that is none (spec 3.5). */
interface Item {
  readonly Id: number;
  readonly Name?: string | null | undefined;
  readonly Deleted?: boolean | null | undefined;
  readonly ChildItems?: readonly Item[] | null | undefined;
}
const Item: z.ZodType<Item> = z.lazy(() =>
  z.object({
    Id: z.number(),
    Name: z.string().nullish(),
    Deleted: z.boolean().nullish(),
    ChildItems: z.array(Item).nullish(),
  }),
);

function entriesOf(items: readonly Item[]): DirectoryEntry[] {
  return items.flatMap(({ Id, Name, Deleted, ChildItems }) => [
    ...(Deleted || Id <= 0 ? [] : [{ id: String(Id), name: plainName(Name || String(Id)) }]),
    ...entriesOf(ChildItems ?? []),
  ]);
}

/** Nothing where the answer is no list of people, or is nested deeper than can be followed. */
function entriesIn(json: unknown): DirectoryEntry[] | undefined {
  try {
    const items = z.array(Item).safeParse(json);
    return items.success ? entriesOf(items.data) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Users and user groups as the system user sees them; the lists hold all of them (MDO lists `associate`, `usergroup`). */
export function directory(parts: SuperOfficeParts): CrmDirectory {
  const session = openSession(parts);

  async function read(list: 'associate' | 'usergroup'): Promise<DirectoryEntry[]> {
    const { json } = await readJson(session, parts.runtime, { method: 'GET', path: `MDOList/${list}` });
    const entries = entriesIn(json);
    if (!entries) throw new SyncError('transient', "The CRM's list of its people cannot be read.");
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    return [...byId.values()].toSorted((one, other) => Number(one.id) - Number(other.id));
  }

  return { users: () => read('associate'), groups: () => read('usergroup') };
}
