import { changesBetween } from '../../core/audit/changes-between.ts';
import { mappingState } from '../../core/audit/set-up-states.ts';
import { SyncError } from '../../core/errors.ts';
import type { ActorTypeRef } from '../../core/model/actor-type.ts';
import type { SetUpChange } from '../../core/model/audit.ts';
import type { MappingVersion } from '../../core/model/mapping-version.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { type MappingView, saveMapping } from './field-mapping.ts';

export interface VersionView extends MappingVersion {
  /** What differs from the version it is compared with: that named, else the one before. */
  readonly changes: readonly SetUpChange[];
  readonly comparedWith?: number | undefined;
}

async function connectionExists(app: Application, { tenantId, connectionId }: ActorTypeRef): Promise<void> {
  found(await app.connections.get(tenantId, connectionId), 'connection', connectionId);
}

/** Newest first. */
export async function listMappingVersions(
  app: Application,
  of: ActorTypeRef,
  page: PageRequest,
): Promise<Page<MappingVersion>> {
  await connectionExists(app, of);
  return app.mappingVersions.list(of, page);
}

/** One version, and what differs from another one. */
export async function readMappingVersion(
  app: Application,
  of: ActorTypeRef,
  number: number,
  compareWith = number - 1,
): Promise<VersionView> {
  const [versions] = await Promise.all([app.mappingVersions.get(of, [number, compareWith]), connectionExists(app, of)]);
  const version = found(
    versions.find((one) => one.number === number),
    'mapping version',
    String(number),
  );
  const other = versions.find((one) => one.number === compareWith);
  if (!other && compareWith > 0) {
    throw new SyncError('not-found', `There is no mapping version ${compareWith} to compare with.`);
  }
  const changes = changesBetween(other && mappingState(other), mappingState(version));
  return { ...version, changes, comparedWith: other?.number };
}

/** Saves the mapping of an earlier version anew, checked like any that is saved; it becomes the newest version. */
export async function restoreMappingVersion(
  app: Application,
  caller: Caller,
  of: ActorTypeRef,
  number: number,
): Promise<MappingView> {
  const { active, fields, filter } = await readMappingVersion(app, of, number);
  const { connectionId, actorType } = of;
  const ref = { caller, connectionId, actorType, ifMatch: 'any', restores: number } as const;
  return saveMapping(app, ref, { active, fields, filter });
}
