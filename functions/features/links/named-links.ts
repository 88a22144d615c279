/**
 * Links as they are asked about, found in two calls as deployed: their ids, where a CRM record is named, and at one moment
 * all that is asked of them. It only reads.
 */
import { invalid } from '../../core/errors.ts';
import type { CrmType } from '../../core/model/actor-type.ts';
import { type Failure, linkFailureId } from '../../core/model/failure.ts';
import type { Link, LinkHead } from '../../core/model/link.ts';
import type { LinkRef } from '../../ports/links.ts';
import type { Application } from '../application.ts';

/** One, or those of a CRM record; of both together the one that is in both. */
export interface LinksAsked {
  readonly linkId?: string | undefined;
  readonly crmType?: CrmType | undefined;
  readonly crmKey?: string | undefined;
}

/** What is read with the links: nothing, their failures, or those and the links with their agreed values. */
export type BesideLinks = 'nothing' | 'failures' | 'conflicts';

export interface NamedLinks {
  readonly links: readonly LinkHead[];
  /** By link id, as `whole` is. */
  readonly failures: ReadonlyMap<string, Failure>;
  readonly whole: ReadonlyMap<string, Link>;
}

/** Every link that a CRM record has or had, over all connections, newest first; nothing where none is named. */
export async function refsOf(
  app: Pick<Application, 'links' | 'crmTables'>,
  tenantId: string,
  { linkId, crmType, crmKey }: LinksAsked,
): Promise<readonly LinkRef[] | undefined> {
  if (crmKey === undefined) return linkId === undefined ? undefined : [{ linkId }];
  if (crmType === undefined) throw invalid([{ path: 'query.crmType', message: 'Needed with crmKey' }]);
  const table = await app.crmTables.of(tenantId, crmType);
  const refs = table === undefined ? [] : await app.links.refsOfCrmRecord(tenantId, table, crmKey);
  return linkId === undefined ? refs : refs.filter((ref) => ref.linkId === linkId);
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** Those that there are, in the order of `refs`. */
export async function readNamed(
  app: Pick<Application, 'links' | 'failures'>,
  tenantId: string,
  refs: readonly LinkRef[],
  beside: BesideLinks = 'nothing',
): Promise<NamedLinks> {
  const linkIds = refs.map(({ linkId }) => linkId);
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
