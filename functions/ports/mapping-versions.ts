import type { ActorTypeRef } from '../core/model/actor-type.ts';
import type { MappingVersion } from '../core/model/mapping-version.ts';
import type { Page, PageRequest } from './page.ts';

/** Mappings as they were saved, each written with its change (`Connections.replaceActorType`) and never again. */
export interface MappingVersions {
  /** Newest first. */
  list(of: ActorTypeRef, page: PageRequest): Promise<Page<MappingVersion>>;
  /** Those of the numbers that there are, in one call; order is not kept. */
  get(of: ActorTypeRef, numbers: readonly number[]): Promise<MappingVersion[]>;
}
