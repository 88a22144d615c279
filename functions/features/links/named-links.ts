/**
 * Links as they are asked about, found in two calls as deployed: their names, where a CRM record is named, and at one moment
 * all that is asked of them. It only reads.
 */
import { invalid } from '../../core/errors.ts';
import type { CrmType } from '../../core/model/actor-type.ts';
import { type Failure, linkFailureId } from '../../core/model/failure.ts';
import type { Link, LinkHead } from '../../core/model/link.ts';
import type { LinkName } from '../../ports/links.ts';
import type { Application } from '../application.ts';

/** One, or those of a CRM record; of both together the one that is in both. */
export interface LinksNamed {
  readonly linkId?: string | undefined;
  readonly crmType?: CrmType | undefined;
  readonly crmKey?: string | undefined;
}

/** What is read with the links: nothing, their failures, or those and the links with their agreed values. */
export type BesideLinks = 'nothing' | 'failures' | 'conflicts';

/** By link id. */
export interface NamedLinks {
  readonly links: readonly LinkHead[];
  readonly failures: ReadonlyMap<string, Failure>;
  readonly whole: ReadonlyMap<string, Link>;
}

/** Every link that a CRM record has or had, over all connections, newest first; nothing where none is named. */
export async function namesOf(
  app: Pick<Application, 'links' | 'crmTables'>,
  tenantId: string,
  { linkId, crmType, crmKey }: LinksNamed,
): Promise<readonly LinkName[] | undefined> {
  if (crmKey === undefined) return linkId === undefined ? undefined : [{ linkId }];
  if (crmType === undefined) throw invalid([{ path: 'query.crmType', message: 'Needed with crmKey' }]);
  const table = await app.crmTables.of(tenantId, crmType);
  const names = table === undefined ? [] : await app.links.namesOfCrmRecord(tenantId, table, crmKey);
  return linkId === undefined ? names : names.filter((name) => name.linkId === linkId);
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** Those that there are, in the order of their names. */
export async function readNamed(
  app: Pick<Application, 'links' | 'failures'>,
  tenantId: string,
  names: readonly LinkName[],
  beside: BesideLinks = 'nothing',
): Promise<NamedLinks> {
  const linkIds = names.map(({ linkId }) => linkId);
  const [heads, whole, failures] = await Promise.all([
    app.links.getHeads(tenantId, linkIds),
    beside === 'conflicts' ? app.links.getMany(tenantId, linkIds) : [],
    beside === 'nothing' ? [] : app.failures.getMany(tenantId, linkIds.map(linkFailureId)),
  ]);
  const found = byId(heads);
  const ofLinks = failures.flatMap((failure): [string, Failure][] =>
    failure.linkId === undefined ? [] : [[failure.linkId, failure]],
  );
  return {
    links: linkIds.flatMap((id) => found.get(id) ?? []),
    failures: new Map(ofLinks),
    whole: byId(whole),
  };
}
