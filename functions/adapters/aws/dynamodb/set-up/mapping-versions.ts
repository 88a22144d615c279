/**
 * Always true: the version that an actor type says it has is there, for both are one transaction, and it is never changed.
 * Attacked by test/contract/stores-audit-suite.ts.
 */
import { MappingVersion } from '../../../../core/model/mapping-version.ts';
import type { MappingVersions } from '../../../../ports/mapping-versions.ts';
import type { Item, Table, Write } from '../../../../ports/table.ts';
import { keys, partitions, sortKeys } from '../table/keys.ts';
import { readPage } from '../table/read-page.ts';
import { readItem, storedItem } from '../table/stored-item.ts';

const type = 'mapping-version';

/** What a store adds to the transaction of a change. */
export function versionWrites(version: MappingVersion | undefined): Write[] {
  if (!version) return [];
  return [{ put: storedItem({ type, key: keys.mappingVersion(version, version.number) }, version) }];
}

export function mappingVersionsStore({ table }: { readonly table: Table }): MappingVersions {
  const read = (item: Item) => readItem(type, MappingVersion, item);
  return {
    list: (of, page) =>
      readPage({
        table,
        partitions: [partitions.mappingVersions(of.tenantId, of.connectionId)],
        query: { prefix: sortKeys.versionPrefix(of.actorType), descending: true },
        page,
        read,
      }),
    get: async (of, numbers) =>
      (await table.getMany(numbers.map((number) => keys.mappingVersion(of, number)))).map(read),
  };
}
