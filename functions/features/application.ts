import type { ApiKeys } from '../ports/api-keys.ts';
import type { Audit } from '../ports/audit.ts';
import type { CrmDirectories } from '../ports/crm-directory.ts';
import type { MappingVersions } from '../ports/mapping-versions.ts';
import type { RecordSight } from '../ports/record-sight.ts';
import type { Vault } from '../ports/vault.ts';
import type { Engine } from '../sync/engine.ts';
import type { ItemTexts } from './systems/item-text-of.ts';
import type { CrmTables } from './tenants/kept-crm-tables.ts';

/** What the use cases of the HTTP API work with. */
export interface Application extends Engine {
  readonly apiKeys: ApiKeys;
  readonly audit: Audit;
  readonly mappingVersions: MappingVersions;
  readonly directories: CrmDirectories;
  readonly vault: Vault;
  readonly recordSight: RecordSight;
  readonly itemTexts: ItemTexts;
  readonly crmTables: CrmTables;
}
